import type { CliOutput } from '../src/cli/index.ts';
import type { Driver } from './drive.ts';
import type { Stage } from './stage/stage.ts';

const EVERY_MS = 10_000;

/** Says on one stream, every ten seconds, how the stages are. */
export class Progress {
  readonly #output: CliOutput;

  constructor(output: CliOutput) {
    this.#output = output;
  }

  /** Tells of a stage until disposed. */
  follow(stage: Stage, driver: Driver): Disposable {
    const begunMs = performance.now();
    const timer = setInterval(() => {
      const seconds = Math.round((performance.now() - begunMs) / 1000);
      this.#output.write(`soak: ${seconds} s, ${stage.name}: ${statusOf(stage, driver)}\n`);
    }, EVERY_MS);
    return { [Symbol.dispose]: () => clearInterval(timer) };
  }
}

function statusOf(stage: Stage, { changes, samples, counters }: Driver): string {
  const { open, broken, switched } = stage.holder.count;
  const churn = (figure: 'finished' | 'failed' | 'wrong') =>
    stage.churns.reduce((sum, { count }) => sum + count[figure], 0);
  const last = samples.at(-1);
  const memory = `${mebibytes(last?.rssBytes)} MiB resident, ${mebibytes(last?.heapBytes)} MiB heap`;
  return [
    `${open} held, ${broken} broken, ${switched} moved`,
    `${churn('finished')} short, ${churn('failed')} failed, ${churn('wrong')} wrong`,
    `${changes.reloads} reloads, ${changes.refusals.length} failed, ${changes.restarts} restarts, ${changes.floods} floods`,
    `${counters.found.length} decreases`,
    `${memory}, ${last?.descriptors ?? 0} descriptors`,
  ].join('; ');
}

function mebibytes(bytes: number | undefined): string {
  return ((bytes ?? 0) / 2 ** 20).toFixed(1);
}
