import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FateRecord } from './fates.ts';
import { createKillers, type Killer } from './killers.ts';
import { type Mutant, writeMutant } from './mutant.ts';

/** What became of a mutant. */
export interface Fate {
  readonly mutant: Mutant;
  /** Who has killed it, and how; undefined: it survived. */
  readonly killedBy?: { readonly killer: string; readonly how: string };
  readonly seconds: number;
}

/**
 * Lets every killer try a mutant until one succeeds.
 * @param first who killed it the last time, and tries before all others
 * @throws Error if it does not apply or compile
 */
export async function kill(mutant: Mutant, killers: readonly Killer[], first?: string): Promise<Fate> {
  const begun = performance.now();
  const folder = await mkdtemp(join(tmpdir(), 'sluice-mutant-'));
  const fate = (killedBy?: Fate['killedBy']): Fate => ({
    mutant,
    seconds: (performance.now() - begun) / 1000,
    ...(killedBy ? { killedBy } : {}),
  });
  try {
    writeMutant(mutant, join(folder, 'bpf'));
    const able = killers.filter(({ files }) => files?.includes(mutant.file) ?? true);
    for (const killer of able.toSorted((a, b) => Number(b.name === first) - Number(a.name === first))) {
      const how = await killer.attempt(folder);
      if (how !== undefined) return fate({ killer: killer.name, how });
    }
    return fate();
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Lets all mutants be killed, `width` at a time; tells of each as soon as its fate is known. */
export async function killAll(
  mutants: readonly Mutant[],
  width: number,
  fates: ReadonlyMap<string, FateRecord>,
  onFate: (fate: Fate, done: number) => void,
): Promise<readonly Fate[]> {
  const killers = createKillers();
  const done: Fate[] = [];
  const waiting = mutants.values();
  const worker = async (): Promise<void> => {
    for (const mutant of waiting) {
      const fate = await kill(mutant, killers, fates.get(mutant.id)?.killer);
      done.push(fate);
      onFate(fate, done.length);
    }
  };
  await Promise.all(Array.from({ length: width }, worker));
  return done;
}
