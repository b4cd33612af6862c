/**
 * Measures what flow events and the access log cost: `npm run bench:stats [-- ROUNDS SECONDS events|log]` (as root); `events`
 * is without the access log. Sluice with statistics off and on takes turns, each in a lab of its own, at native XDP and at TC; the
 * first round is thrown away. Then the cost of packets in the programs, off and on in turn.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Contender } from '../contenders/contender.ts';
import { measureCost } from '../cost/measure.ts';
import { describeMachine } from '../machine.ts';
import { alternate } from '../rounds.ts';
import {
  STATS_CONTENDERS,
  STATS_PARTS,
  type StatsPart,
  startStatsContender,
  statsSettings,
} from './contenders.ts';
import { measureStats } from './measure.ts';
import { costRows, formatStatsRows, trafficRows } from './report.ts';

const [rounds = '9', seconds = '2', wanted = 'log'] = process.argv.slice(2);
const part = partOf(wanted);
/** Of one turn; packets of many flows are not looked at. */
const COST_PLAN = { rounds: 4, packets: 50_000, manyFlows: 1 };

const stop = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => stop.abort());
const { cpuCount, cpu, kernel, loadBefore } = describeMachine();
process.stdout.write(
  `${cpuCount} x ${cpu}, Linux ${kernel}; load before: ${loadBefore.toFixed(1)}; ${rounds} rounds of ${seconds} s\n\n`,
);
const told = (done: number, all: number) => process.stderr.write(`bench: ${done}/${all}\n`);
process.stdout.write(formatStatsRows(trafficRows(await traffic())));
process.stdout.write(`\n${formatStatsRows(await costs())}`);

async function traffic() {
  const contenders: Contender[] = [];
  try {
    for (const of of STATS_CONTENDERS) contenders.push(await startStatsContender(of, part, stop.signal));
    const measure = (contender: Contender) => {
      stop.signal.throwIfAborted();
      return measureStats(contender, Number(seconds), stop.signal);
    };
    const samples = await alternate(contenders, Number(rounds) + 1, measure, told);
    return STATS_CONTENDERS.map((of, index) => ({ of, samples: samples[index]?.slice(1) ?? [] }));
  } finally {
    await Promise.all(contenders.map((each) => each[Symbol.asyncDispose]()));
  }
}

async function costs() {
  const directory = await mkdtemp(join(tmpdir(), 'sluice-bench-'));
  try {
    const measure = (isOn: boolean) =>
      measureCost(COST_PLAN, () => {}, stop.signal, statsSettings(isOn, part, directory));
    const [off = [], on = []] = await alternate([false, true], Number(rounds), measure, told);
    return costRows(off.flat(), on.flat());
  } finally {
    await rm(directory, { recursive: true });
  }
}

function partOf(word: string): StatsPart {
  const part = STATS_PARTS.find((each) => each === word);
  if (part === undefined) throw new Error(`"${word}" is not measured; ${STATS_PARTS.join(' and ')} are`);
  return part;
}
