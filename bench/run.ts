import { SluiceError } from '../src/errors/index.ts';
import { availableContenders, type ContenderName } from './contenders/contender.ts';
import { Stage } from './contenders/stage.ts';
import { startWebContender } from './contenders/web.ts';
import { measureCost } from './cost/measure.ts';
import { describeMachine } from './machine.ts';
import type { Plan } from './plan.ts';
import type { Progress } from './progress.ts';
import { judge } from './report/aims.ts';
import type { BenchReport, CostResult, Measurement } from './report/model.ts';
import { costResults, measurementOf } from './report/results.ts';
import { alternate } from './rounds.ts';
import { TRIALS, type Trial } from './trials.ts';

/**
 * Runs what the plan says, in labs of its own, and leaves nothing behind.
 * @throws SluiceError when something does not start; Error when traffic fails; the signal's reason when aborted
 */
export async function runBench(plan: Plan, progress: Progress, signal: AbortSignal): Promise<BenchReport> {
  const started = new Date();
  const machine = describeMachine();
  const cost = await costOf(plan, progress, signal);
  const measurements = await compare(plan, progress, signal);
  progress.finish();
  return {
    startedAt: started.toISOString(),
    seconds: Math.round((Date.now() - started.getTime()) / 1000),
    machine,
    plan,
    measurements,
    cost,
    aims: judge(measurements, cost),
  };
}

async function costOf(plan: Plan, progress: Progress, signal: AbortSignal): Promise<readonly CostResult[]> {
  if (!plan.parts.includes('cost')) return [];
  progress.step('cost of a packet', 0, 2 * plan.cost.rounds);
  const step = (done: number, all: number) => progress.step('cost of a packet', done, all);
  return costResults(await measureCost(plan.cost, step, signal));
}

async function compare(plan: Plan, progress: Progress, signal: AbortSignal): Promise<readonly Measurement[]> {
  const trials = TRIALS.filter(({ part }) => plan.parts.includes(part));
  if (trials.length === 0) return [];
  const names = (await availableContenders())
    .filter((name) => plan.contenders.includes(name))
    .filter((name) => trials.some(({ contenders }) => contenders.includes(name)));
  if (names.length === 0) throw nobody(plan);
  const starting = (done: number, all: number) => progress.step('starting the contenders', done, all);
  const start = (name: ContenderName) => startWebContender(name, signal);
  await using stage = await Stage.open(names, start, starting);
  const measurements: Measurement[] = [];
  for (const trial of trials) measurements.push(...(await runTrial(trial, stage, plan, progress, signal)));
  return measurements;
}

function nobody({ contenders, parts }: Plan): SluiceError {
  return new SluiceError(
    'unsupported',
    `bench: ${contenders.join(', ')} cannot be measured here in ${parts.join(', ')}`,
    { fix: 'name others, or none; IPVS needs a kernel that has it, and ipvsadm; proxies forward no packets' },
  );
}

async function runTrial(
  trial: Trial,
  stage: Stage<ContenderName>,
  plan: Plan,
  progress: Progress,
  signal: AbortSignal,
): Promise<readonly Measurement[]> {
  const contenders = stage.contenders.filter(({ name }) => trial.contenders.includes(name));
  const label = trial.figures[0]?.title ?? trial.part;
  const rounds = (count: number, name: string) =>
    alternate(
      contenders,
      count,
      (contender) => {
        signal.throwIfAborted();
        return trial.measure(contender, plan, signal);
      },
      (done, all) => progress.step(name, done, all),
    );
  await rounds(plan.warmUpRounds, `warm-up for ${label}`);
  const samples = await rounds(plan.rounds, label);
  return trial.figures.map((figure, column) =>
    measurementOf(
      figure,
      contenders.map(({ name }, row) => ({
        contender: name,
        samples: (samples[row] ?? []).map((sample) => sample[column] ?? Number.NaN),
      })),
    ),
  );
}
