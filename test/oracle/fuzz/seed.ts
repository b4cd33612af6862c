/** Where the random numbers of a run begin. */

/** The seed that every run has, so that what it found once stays found. */
export const FIXED_SEED = 300_000;

/** The seed of `FUZZ_SEED`, or one that nobody knows before. @throws RangeError if FUZZ_SEED is no integer */
export function freshSeed(env: NodeJS.ProcessEnv): number {
  const { FUZZ_SEED: text } = env;
  if (text === undefined) return Math.floor(Math.random() * 2 ** 31);
  const seed = Number(text);
  if (!Number.isInteger(seed)) throw new RangeError(`FUZZ_SEED is '${text}': write an integer`);
  return seed;
}
