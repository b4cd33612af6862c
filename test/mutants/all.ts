import { availableParallelism } from 'node:os';
import { expect, it } from 'vitest';
import { type Fate, kill, killAll } from './kill.ts';
import { createKillers } from './killers.ts';
import { HARMLESS, type Mutant, readMutants } from './mutant.ts';

// The whole list, by `npm run test:mutants [-- --only id,id]`; see run and vitest.config.ts.
const HOURS_MS = 3_600_000;
const WIDTH = Math.min(4, availableParallelism());

it(
  'a mutant that changes nothing survives',
  async () => expect((await kill(HARMLESS, createKillers())).killedBy).toBeUndefined(),
  HOURS_MS,
);

it(
  'every mutant is killed',
  async () => {
    const mutants = chosen();
    console.log(`${mutants.length} mutants, ${WIDTH} at a time`);
    const fates = await killAll(mutants, WIDTH, (fate, done) =>
      console.log(line(fate, done, mutants.length)),
    );
    const survivors = fates.filter(({ killedBy }) => !killedBy).map(({ mutant }) => mutant.id);
    console.log(`${fates.length - survivors.length} killed, ${survivors.length} survived`);
    expect(survivors, 'survivors: a vector is missing (test/vectors), or a property of the oracle').toEqual(
      [],
    );
  },
  HOURS_MS,
);

function chosen(): readonly Mutant[] {
  const all = readMutants();
  const only = process.env.SLUICE_MUTANTS?.split(',') ?? all.map(({ id }) => id);
  const unknown = only.filter((id) => !all.some((mutant) => mutant.id === id));
  if (unknown.length > 0) throw new Error(`no mutant ${unknown.join(', ')} in test/mutants/mutants.yaml`);
  return all.filter(({ id }) => only.includes(id));
}

function line({ mutant, killedBy, seconds }: Fate, done: number, of: number): string {
  const place = `${String(done).padStart(3)}/${of}  ${mutant.file.padEnd(14)} ${mutant.id.padEnd(36)}`;
  const fate = killedBy ? `${killedBy.killer}: ${killedBy.how}` : `SURVIVED: ${mutant.effect}`;
  return `${place} ${seconds.toFixed(0).padStart(4)} s  ${fate}`;
}
