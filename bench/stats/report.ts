import { COST_CASES, type CostCase, type CostSamples } from '../cost/samples.ts';
import { median, pairedRatio } from '../statistics.ts';
import type { StatsContender } from './contenders.ts';
import type { StatsSample } from './measure.ts';

/** The samples of a contender, in the order of the rounds. */
export interface StatsSamples {
  readonly of: StatsContender;
  readonly samples: readonly StatsSample[];
}

/** A line of the table: a figure without and with statistics. */
export interface StatsRow {
  readonly title: string;
  readonly off: number;
  readonly on: number;
  /** On to off: the median of the ratios round by round. */
  readonly ratio: number;
}

const FIGURES: readonly (readonly [key: keyof StatsSample, title: string])[] = [
  ['connectionsPerSecond', 'connections a second (wrk)'],
  ['connectionCpuUs', 'CPU time of a connection, us'],
  ['megabitsPerSecond', 'Mbit/s of one connection (iperf3)'],
  ['gigabyteCpuMs', 'CPU time of a gigabyte, ms'],
];
const WAYS = { native: 'native XDP', tc: 'TC' } as const;
const CASES: Partial<Record<CostCase, string>> = {
  established: 'XDP: established packet, ns',
  reply: 'XDP: reply, ns',
  new: 'XDP: new connection, ns',
  tcEstablished: 'TC: established packet, ns',
};

/** Compares on with off, for each way to attach. */
export function trafficRows(all: readonly StatsSamples[]): readonly StatsRow[] {
  return (['native', 'tc'] as const).flatMap((attach) => {
    const of = (isOn: boolean, key: keyof StatsSample) =>
      all
        .filter((each) => each.of.attach === attach && each.of.isOn === isOn)
        .flatMap(({ samples }) => samples.map((sample) => sample[key]));
    return FIGURES.map(([key, title]) => row(`${WAYS[attach]}: ${title}`, of(false, key), of(true, key)));
  });
}

/** Compares what packets cost in the programs, of one flow. */
export function costRows(off: readonly CostSamples[], on: readonly CostSamples[]): readonly StatsRow[] {
  const of = (samples: readonly CostSamples[], name: CostCase) =>
    samples.filter((each) => each.case === name && each.flows === 1).flatMap(({ ns }) => ns);
  return COST_CASES.flatMap((name) => {
    const title = CASES[name];
    return title === undefined ? [] : [row(title, of(off, name), of(on, name))];
  });
}

function row(title: string, off: readonly number[], on: readonly number[]): StatsRow {
  return { title, off: median(off), on: median(on), ratio: pairedRatio(on, off) };
}

const TITLE_WIDTH = 46;
const WIDTH = 10;

/** The table for people. */
export function formatStatsRows(rows: readonly StatsRow[]): string {
  const line = (title: string, cells: readonly string[]) =>
    title.padEnd(TITLE_WIDTH) + cells.map((cell) => cell.padStart(WIDTH)).join('');
  const number = (value: number) => value.toFixed(value < 1000 ? 1 : 0);
  const lines = rows.map(({ title, off, on, ratio }) =>
    line(title, [number(off), number(on), `${ratio.toFixed(2)}x`]),
  );
  return `${[line('', ['OFF', 'ON', 'ON / OFF']), ...lines].join('\n')}\n`;
}
