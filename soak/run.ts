import { setMaxListeners } from 'node:events';
import { drain } from './drain.ts';
import { Driver } from './drive.ts';
import { type Check, never } from './judge/check.ts';
import { judgeStage } from './judge/judge.ts';
import type { Plan } from './plan.ts';
import type { Progress } from './progress.ts';
import type { StageRecord } from './record.ts';
import type { SoakReport } from './report.ts';
import { fullSettings } from './settings.ts';
import { readAccessLog } from './stage/access-log.ts';
import { askPatiently } from './stage/ask.ts';
import { kernelFigures } from './stage/kernel-figures.ts';
import { ownLeftovers } from './stage/leftovers.ts';
import { Stage } from './stage/stage.ts';

/**
 * Soaks what the plan says, in labs of its own, and leaves nothing behind.
 * @throws SluiceError when a part does not start or ends by itself; the signal's reason when aborted
 */
export async function runSoak(plan: Plan, progress: Progress, signal: AbortSignal): Promise<SoakReport> {
  const startedAt = new Date();
  const records = await allStages(plan, progress, signal);
  const checks: Check[] = records.flatMap(judgeStage);
  const leftovers = await ownLeftovers();
  checks.push({ stage: 'all', ...never('things left behind', leftovers.length, 'the whole run', leftovers) });
  return {
    startedAt: startedAt.toISOString(),
    seconds: Math.round((Date.now() - startedAt.getTime()) / 1000),
    plan,
    checks,
    passed: checks.every(({ passed }) => passed),
    samples: records.map(({ name, samples }) => ({ stage: name, samples })),
  };
}

/** Runs the stages side by side; when one cannot go on, the others end, too. */
async function allStages(
  plan: Plan,
  progress: Progress,
  signal: AbortSignal,
): Promise<readonly StageRecord[]> {
  const failure = new AbortController();
  const either = AbortSignal.any([signal, failure.signal]);
  // Every command that builds a lab listens to it.
  setMaxListeners(0, either);
  const runs = plan.stages.map(async (name) => {
    try {
      await using stage = await Stage.open(name, plan, either);
      return await soak(stage, plan, progress, either);
    } catch (error) {
      failure.abort(error);
      throw error;
    }
  });
  await Promise.allSettled(runs);
  signal.throwIfAborted();
  failure.signal.throwIfAborted();
  return Promise.all(runs);
}

async function soak(stage: Stage, plan: Plan, progress: Progress, signal: AbortSignal): Promise<StageRecord> {
  const before = await kernelFigures(stage);
  await stage.startClients(plan, signal);
  const driver = new Driver(stage, plan);
  using _followed = progress.follow(stage, driver);
  await driver.run(signal);
  const samples = [...driver.samples];
  await driver.settle(fullSettings(stage.places), signal);
  const drained = await drain(stage, plan, signal);
  await driver.sample();
  return {
    name: stage.name,
    samples,
    changes: driver.changes,
    decreases: driver.counters.found,
    comparisons: driver.counters.comparisons,
    drain: drained,
    kernel: { before, after: await kernelFigures(stage) },
    stats: await askPatiently(() => stage.daemon.admin.stats()),
    holder: stage.holder.count,
    churns: stage.churns.map(({ count }) => count),
    servers: Object.fromEntries(
      stage.lab.targets.map((target, index) => [
        target.name,
        serverRecord(stage, index, [target.v4, target.v6]),
      ]),
    ),
    errors: stage.daemon.errors,
    accessLog: readAccessLog(stage.places.accessLog),
  };
}

function serverRecord(stage: Stage, index: number, addresses: readonly string[]) {
  const server = stage.servers[index];
  if (server === undefined) throw new Error(`the stage ${stage.name} has no server ${index}`);
  return { ...server.count, addresses };
}
