import { availableParallelism } from 'node:os';
import { expect, it } from 'vitest';
import { readFates, wasKilled, writeFate } from './fates.ts';
import { type Fate, kill, killAll } from './kill.ts';
import { createKillers } from './killers.ts';
import { HARMLESS, type Mutant, readMutants } from './mutant.ts';

// The whole list, by `npm run test:mutants [-- --resume] [--only id,id]`; see run and vitest.config.ts.
const ONLY = process.env.SLUICE_MUTANTS?.split(',');
const RESUMES = process.env.SLUICE_MUTANTS_RESUME === '1';
const HOURS_MS = 8 * 3_600_000;
const WIDTH = Math.min(4, availableParallelism());

it(
  'every mutant is killed',
  async () => {
    const known = readFates();
    const all = chosen();
    const mutants = all.filter((mutant) => !(RESUMES && wasKilled(mutant, known)));
    console.log(
      `${mutants.length} mutants, ${WIDTH} at a time; ${all.length - mutants.length} killed before`,
    );
    const fates = await killAll(mutants, WIDTH, known, (fate, done) => {
      writeFate(fate);
      console.log(line(fate, done, mutants.length));
    });
    const survivors = fates.filter(({ killedBy }) => !killedBy).map(({ mutant }) => mutant.id);
    console.log(`${fates.length - survivors.length} killed, ${survivors.length} survived`);
    expect(survivors, 'survivors: a vector is missing (test/vectors), or a property of the oracle').toEqual(
      [],
    );
  },
  HOURS_MS,
);

// Everybody tries it, which takes as long as dozens of others.
it.skipIf(ONLY !== undefined)(
  'a mutant that changes nothing survives',
  async () => expect((await kill(HARMLESS, createKillers())).killedBy).toBeUndefined(),
  HOURS_MS,
);

function chosen(): readonly Mutant[] {
  const all = readMutants();
  const only = ONLY ?? all.map(({ id }) => id);
  const unknown = only.filter((id) => !all.some((mutant) => mutant.id === id));
  if (unknown.length > 0) throw new Error(`no mutant ${unknown.join(', ')} in test/mutants/mutants.yaml`);
  return all.filter(({ id }) => only.includes(id));
}

function line({ mutant, killedBy, seconds }: Fate, done: number, of: number): string {
  const place = `${String(done).padStart(3)}/${of}  ${mutant.file.padEnd(14)} ${mutant.id.padEnd(36)}`;
  const fate = killedBy ? `${killedBy.killer}: ${killedBy.how}` : `SURVIVED: ${mutant.effect}`;
  return `${place} ${seconds.toFixed(0).padStart(4)} s  ${fate}`;
}
