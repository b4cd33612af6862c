import { median, pairedRatio } from '../statistics.ts';
import type { NameContenderName } from './contenders.ts';
import type { NameSample } from './measure.ts';

/** The samples of a contender, in the order of the rounds. */
export interface NameSamples {
  readonly name: NameContenderName;
  readonly samples: readonly NameSample[];
}

/** A line of the table. */
export interface NameRow {
  readonly name: NameContenderName;
  readonly handshakesPerSecond: number;
  /** To no balancer. */
  readonly handshakesRatio: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly megabytesPerSecond: number;
  readonly throughputRatio: number;
  /** What the balancer adds to no balancer, median of the differences round by round; for none 0. */
  readonly addedUs: number;
  readonly addedMsPerGigabyte: number;
  readonly seesClient: boolean;
}

/** Compares contenders with the first, which has no balancer. */
export function rowsOf(all: readonly NameSamples[]): readonly NameRow[] {
  const [plain] = all;
  if (!plain) return [];
  return all.map(({ name, samples }) => {
    const of = (key: Exclude<keyof NameSample, 'seesClient'>, who = samples) => who.map((each) => each[key]);
    const added = (key: 'handshakeCpuUs' | 'gigabyteCpuMs') =>
      median(of(key).map((value, round) => value - (of(key, plain.samples)[round] ?? Number.NaN)));
    return {
      name,
      handshakesPerSecond: median(of('handshakesPerSecond')),
      handshakesRatio: pairedRatio(of('handshakesPerSecond'), of('handshakesPerSecond', plain.samples)),
      p50Ms: median(of('p50Ms')),
      p99Ms: median(of('p99Ms')),
      megabytesPerSecond: median(of('megabytesPerSecond')),
      throughputRatio: pairedRatio(of('megabytesPerSecond'), of('megabytesPerSecond', plain.samples)),
      addedUs: added('handshakeCpuUs'),
      addedMsPerGigabyte: added('gigabyteCpuMs'),
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
const WIDTHS = [21, 8, 8, 9, 9, 11, 11, 7, 8, 10, 9];
const HEAD = ['', 'HS/S', '/ NONE', 'P50 MS', 'P99 MS', '+ US A HS', 'HS / CPU S', 'MB/S', '/ NONE'];

/** The table for people. */
export function formatRows(rows: readonly NameRow[]): string {
  const cells = rows.map((row) => [
    TITLES[row.name],
    row.handshakesPerSecond.toFixed(0),
    `${row.handshakesRatio.toFixed(2)}x`,
    row.p50Ms.toFixed(3),
    row.p99Ms.toFixed(3),
    row.name === 'plain' ? '-' : row.addedUs.toFixed(0),
    perCpuSecond(row),
    row.megabytesPerSecond.toFixed(0),
    `${row.throughputRatio.toFixed(2)}x`,
    row.name === 'plain' ? '-' : row.addedMsPerGigabyte.toFixed(0),
    row.seesClient ? 'yes' : 'no',
  ]);
  const lines = [[...HEAD, '+ MS A GB', 'CLIENT?'], ...cells].map((line) =>
    line.map((cell, column) => padded(cell, column)).join(' '),
  );
  return `${lines.join('\n')}\n`;
}

/** Handshakes for each second of CPU that the balancer adds; what is less than nothing is noise. */
function perCpuSecond({ name, addedUs }: NameRow): string {
  if (name === 'plain') return '-';
  return addedUs > 0 ? (1e6 / addedUs).toFixed(0) : 'noise';
}

function padded(cell: string, column: number): string {
  const width = WIDTHS[column] ?? 0;
  return column === 0 ? cell.padEnd(width) : cell.padStart(width);
}
