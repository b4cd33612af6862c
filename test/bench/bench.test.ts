import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { availableContenders, PACKET_FORWARDERS } from '../../bench/contenders/contender.ts';
import { COST_CASES } from '../../bench/cost/samples.ts';
import type { BenchReport } from '../../bench/report/model.ts';
import { TRIALS } from '../../bench/trials.ts';
import { assertNoLeaks, type KernelSnapshot, OwnedProcess, snapshotKernel, until } from '../../lab/index.ts';

const BENCH = [process.execPath, fileURLToPath(new URL('../../dist/bench/main.js', import.meta.url))];
/** Enough of them to look at one part. */
const SOME = ['--contenders', 'plain', 'nftables', 'sluice-native'];
const GRACE_MS = 10_000;
/** Long enough for the measuring programs to be at work. */
const INTO_THE_PART_MS = 1_500;

let before: KernelSnapshot;
beforeEach(async () => {
  before = await snapshotKernel();
});
afterEach(() => assertNoLeaks(before));

/** Runs the bench to its end, which must be a good one. */
async function bench(...argv: string[]): Promise<OwnedProcess> {
  await using process = new OwnedProcess([...BENCH, ...argv], { graceMs: GRACE_MS });
  expect(await process.exited, process.output).toBe(0);
  return process;
}

describe('the bench', () => {
  it('measures every contender in every part, and says how far it is', async () => {
    const { stdout, stderr } = await bench('--quick', '-o', 'json');
    const report: BenchReport = JSON.parse(stdout);
    const available = await availableContenders();
    const figures = TRIALS.flatMap((trial) => trial.figures);
    expect(report.measurements.map(({ id }) => id)).toEqual(figures.map(({ id }) => id));
    for (const { id, results } of report.measurements) {
      const expected = available.filter(
        (name) => !id.startsWith('packets') || PACKET_FORWARDERS.includes(name),
      );
      expect(results.map(({ contender }) => contender)).toEqual(expected);
      for (const { samples, median, ratioTo } of results) {
        expect(samples).toHaveLength(report.plan.rounds);
        expect(median).toBeGreaterThan(0);
        expect(Object.keys(ratioTo)).toHaveLength(expected.length - 1);
      }
    }
    expect(report.cost.map((each) => [each.flows, each.case])).toEqual(
      [1, report.plan.cost.manyFlows].flatMap((flows) => COST_CASES.map((name) => [flows, name])),
    );
    // A rate that no core reaches is a broken measurement. A cost is a small difference of large times: in so few rounds it
    // may be anything, so its figures are left to the full bench.
    expect(Math.max(...rates(report))).toBeLessThan(50e6);
    for (const { median, case: name } of report.cost) expect(median, name).toSatisfy(Number.isFinite);
    expect(report.aims.length).toBeGreaterThan(0);
    expect(stderr).toMatch(/bench: cost of a packet\n.*bench: packets a second/s);
  });

  it('runs one part alone, and prints a table where no terminal is', async () => {
    const { stdout } = await bench('--quick', '--only', 'packets', '--rounds', '1', ...SOME);
    expect(stdout).toMatch(/^Sluice, native XDP( +[\d,]{5,}){3}( +[\d.]+x){2}$/m);
    for (const other of ['requests a second', 'XDP program', '\x1b']) expect(stdout).not.toContain(other);
  });

  it('leaves nothing behind when it is interrupted, in whatever part', async () => {
    const parts = { cost: 'cost of a packet', packets: 'packets a second', requests: 'requests a second' };
    await Promise.all(
      Object.entries(parts).map(async ([part, says]) => {
        await using process = new OwnedProcess([...BENCH, '--only', part, ...SOME], { graceMs: GRACE_MS });
        await until(() => process.stderr.includes(says), process);
        await sleep(INTO_THE_PART_MS);
        process.kill('SIGINT');
        expect(await process.exited, part).toBe(130);
      }),
    );
  });
});

function rates(report: BenchReport): readonly number[] {
  return report.measurements.flatMap(({ unit, results }) =>
    unit === '1/s' ? results.map(({ max }) => max) : [],
  );
}
