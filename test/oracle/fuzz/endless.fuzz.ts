import { expect, it } from 'vitest';
import type { Engine } from '../../engines/index.ts';
import { KernelEngine } from '../../engines/kernel/index.ts';
import { NativeEngine } from '../../engines/native.ts';
import { freshSeed, fuzz, type Tally } from './index.ts';

/** How often a line tells how far it is, milliseconds. */
const PROGRESS_MS = 5_000;
const MINUTE_MS = 60_000;

/** What `scripts/fuzz` has checked and put into the environment. */
const { FUZZ_PACKETS = 'Infinity', FUZZ_MINUTES, FUZZ_ENGINE = 'native' } = process.env;

it(`made-up cases come out as the oracle says, on the engine ${FUZZ_ENGINE}`, async () => {
  const seed = freshSeed(process.env);
  await using engine = await openEngine(FUZZ_ENGINE);
  console.log(`fuzz: ${engine.name}, seed ${seed}`);
  const result = await fuzz(engine, {
    seed,
    packets: Number(FUZZ_PACKETS),
    onProgress: progressPrinter(),
    ...(FUZZ_MINUTES === undefined ? {} : { signal: AbortSignal.timeout(Number(FUZZ_MINUTES) * MINUTE_MS) }),
  });
  console.log(`fuzz: ${result.packets} packets in ${result.cases} cases, seed ${seed}`);
  console.log(tallyTable(result.tally, result.packets));
  if (result.failure !== undefined) expect.fail(result.failure);
});

async function openEngine(name: string): Promise<Engine> {
  return name === 'kernel' ? KernelEngine.create() : NativeEngine.open();
}

/** Prints packets and rate now and then. */
function progressPrinter(): (packets: number) => void {
  const begun = performance.now();
  let told = begun;
  return (packets) => {
    const now = performance.now();
    if (now - told < PROGRESS_MS) return;
    told = now;
    const seconds = (now - begun) / 1000;
    console.log(`fuzz: ${packets} packets in ${Math.round(seconds)} s, ${Math.round(packets / seconds)}/s`);
  };
}

/** How often packets left with which reason. */
function tallyTable(tally: Tally, packets: number): string {
  return [...tally]
    .sort(([a], [b]) => a.localeCompare(b))
    .map(
      ([reason, count]) =>
        `${count.toString().padStart(9)} ${((100 * count) / packets).toFixed(2).padStart(6)} %  ${reason}`,
    )
    .join('\n');
}
