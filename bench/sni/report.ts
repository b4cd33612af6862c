import { type Column, formatTable, type Style } from '../../src/cli/index.ts';
import { median, pairedRatio } from '../statistics.ts';
import type { NameContenderName } from './contenders.ts';
import type { NameSample } from './measure.ts';

/** The samples of a contender, in the order of the rounds. */
export interface NameSamples {
  readonly name: NameContenderName;
  readonly samples: readonly NameSample[];
}

/** What a contender gave: medians. */
export interface NameRow extends NameSample {
  readonly name: NameContenderName;
  /** To no balancer. */
  readonly handshakesRatio: number;
  readonly throughputRatio: number;
  /** What the balancer adds to no balancer, median of the differences round by round; for none 0. */
  readonly addedUs: number;
  readonly addedMsPerGigabyte: number;
}

type Figure = Exclude<keyof NameSample, 'seesClient'>;

/** Compares contenders with the first, which has no balancer. */
export function rowsOf(all: readonly NameSamples[]): readonly NameRow[] {
  const [plain] = all;
  if (!plain) return [];
  return all.map(({ name, samples }) => {
    const of = (key: Figure, who = samples) => who.map((each) => each[key]);
    const ratio = (key: Figure) => pairedRatio(of(key), of(key, plain.samples));
    const added = (key: Figure) =>
      median(of(key).map((value, round) => value - (of(key, plain.samples)[round] ?? Number.NaN)));
    return {
      name,
      handshakesPerSecond: median(of('handshakesPerSecond')),
      handshakesRatio: ratio('handshakesPerSecond'),
      p50Ms: median(of('p50Ms')),
      p99Ms: median(of('p99Ms')),
      connectionsPerSecond: median(of('connectionsPerSecond')),
      connectionCpuUs: median(of('connectionCpuUs')),
      addedUs: added('connectionCpuUs'),
      connectionProgramsUs: median(of('connectionProgramsUs')),
      connectionOwnUs: median(of('connectionOwnUs')),
      megabytesPerSecond: median(of('megabytesPerSecond')),
      throughputRatio: ratio('megabytesPerSecond'),
      gigabyteCpuMs: median(of('gigabyteCpuMs')),
      addedMsPerGigabyte: added('gigabyteCpuMs'),
      gigabyteProgramsMs: median(of('gigabyteProgramsMs')),
      gigabyteOwnMs: median(of('gigabyteOwnMs')),
      seesClient: samples.every(({ seesClient }) => seesClient),
    };
  });
}

const TITLES: Readonly<Record<NameContenderName, string>> = {
  plain: 'no balancer',
  haproxy: 'HAProxy, req.ssl_sni',
  nginx: 'nginx, ssl_preread',
  'sluice-nat': 'Sluice, TC, no names',
  'sluice-tc': 'Sluice, TC',
  'sluice-native': 'Sluice, native XDP',
};
const NOTHING = '-';
const CONNECTION_TITLES = ['HELLOS/S', 'CPU US EACH', 'ADDED US', 'HELLOS / CPU S'] as const;
const FILE_TITLES = ['MB/S', '/ NONE', 'CPU MS A GB', 'ADDED MS'] as const;
const OWN_TITLES = ['IN PROGRAMS', 'OWN'] as const;

/** The tables for people: handshakes, connections with nothing but a ClientHello, and a file. */
export function formatRows(rows: readonly NameRow[], style: Style): string {
  const table = (titles: readonly string[], cells: (row: NameRow) => readonly string[]) =>
    formatTable(
      [{ title: '' }, ...titles.map((title): Column => ({ title, align: 'right' }))],
      rows.map((row) => [TITLES[row.name], ...cells(row)]),
      style,
    );
  return [
    table(['HANDSHAKES/S', '/ NONE', 'P50 MS', 'P99 MS', "CLIENT'S ADDRESS"], (row) => [
      row.handshakesPerSecond.toFixed(0),
      `${row.handshakesRatio.toFixed(2)}x`,
      row.p50Ms.toFixed(3),
      row.p99Ms.toFixed(3),
      row.seesClient ? 'kept' : 'lost',
    ]),
    table([...CONNECTION_TITLES, ...OWN_TITLES.map((title) => `${title} US`), 'HELLOS / OWN S'], (row) => [
      row.connectionsPerSecond.toFixed(0),
      row.connectionCpuUs.toFixed(1),
      added(row, row.addedUs),
      perCpuSecond(row, row.addedUs),
      inPrograms(row, row.connectionProgramsUs),
      added(row, row.connectionOwnUs),
      perCpuSecond(row, row.connectionOwnUs),
    ]),
    table([...FILE_TITLES, ...OWN_TITLES.map((title) => `${title} MS`)], (row) => [
      row.megabytesPerSecond.toFixed(0),
      `${row.throughputRatio.toFixed(2)}x`,
      row.gigabyteCpuMs.toFixed(0),
      added(row, row.addedMsPerGigabyte),
      inPrograms(row, row.gigabyteProgramsMs),
      added(row, row.gigabyteOwnMs),
    ]),
  ].join('\n');
}

function added({ name }: NameRow, value: number): string {
  return name === 'plain' ? NOTHING : value.toFixed(1);
}

function inPrograms({ name }: NameRow, value: number): string {
  return name.startsWith('sluice') ? value.toFixed(1) : NOTHING;
}

/** ClientHellos for each second of CPU when one takes so much; what is less than nothing is noise. */
function perCpuSecond({ name }: NameRow, us: number): string {
  if (name === 'plain') return NOTHING;
  return us > 0 ? (1e6 / us).toFixed(0) : 'noise';
}
