/**
 * Measures what flow events and the access log cost: `npm run bench:stats [-- ROUNDS SECONDS events|log]` (as root); `events`
 * is without the access log. Sluice with statistics off and on takes turns, each in a lab of its own, at native XDP and at TC; the
 * first round is thrown away. Then the cost of packets in the programs, off and on in turn.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runTool, systemCliIo } from '../../src/cli/index.ts';
import type { Contender } from '../contenders/contender.ts';
import { measureCost } from '../cost/measure.ts';
import { describeMachine } from '../machine.ts';
import { alternate } from '../rounds.ts';
import { command, type StatsWishes } from './command.ts';
import { STATS_CONTENDERS, startStatsContender, statsSettings } from './contenders.ts';
import { measureStats } from './measure.ts';
import { costRows, formatStatsRows, trafficRows } from './report.ts';

/** Of one turn; packets of many flows are not looked at. */
const COST_PLAN = { rounds: 4, packets: 50_000, manyFlows: 1 };

async function measure(wishes: StatsWishes, signal: AbortSignal): Promise<number> {
  const { rounds, seconds } = wishes;
  const { cpuCount, cpu, kernel, loadBefore } = describeMachine();
  process.stdout.write(
    `${cpuCount} x ${cpu}, Linux ${kernel}; load before: ${loadBefore.toFixed(1)}; ${rounds} rounds of ${seconds} s\n\n`,
  );
  process.stdout.write(formatStatsRows(trafficRows(await traffic(wishes, signal))));
  process.stdout.write(`\n${formatStatsRows(await costs(wishes, signal))}`);
  return 0;
}

function tell(done: number, all: number): void {
  process.stderr.write(`bench: ${done}/${all}\n`);
}

async function traffic({ rounds, seconds, part }: StatsWishes, signal: AbortSignal) {
  const contenders: Contender[] = [];
  try {
    for (const of of STATS_CONTENDERS) contenders.push(await startStatsContender(of, part, signal));
    const measureOne = (contender: Contender) => {
      signal.throwIfAborted();
      return measureStats(contender, seconds, signal);
    };
    const samples = await alternate(contenders, rounds + 1, measureOne, tell);
    return STATS_CONTENDERS.map((of, index) => ({ of, samples: samples[index]?.slice(1) ?? [] }));
  } finally {
    await Promise.all(contenders.map((each) => each[Symbol.asyncDispose]()));
  }
}

async function costs({ rounds, part }: StatsWishes, signal: AbortSignal) {
  const directory = await mkdtemp(join(tmpdir(), 'sluice-bench-'));
  try {
    const measureOne = (isOn: boolean) =>
      measureCost(COST_PLAN, () => {}, signal, statsSettings(isOn, part, directory));
    const [off = [], on = []] = await alternate([false, true], rounds, measureOne, tell);
    return costRows(off.flat(), on.flat());
  } finally {
    await rm(directory, { recursive: true });
  }
}

process.exitCode = await runTool(process.argv.slice(2), systemCliIo(), command(), measure);
