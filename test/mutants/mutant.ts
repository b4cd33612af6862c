import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';
import { z } from 'zod';

const mutantSchema = z.strictObject({
  id: z.string().regex(/^[a-z0-9-]+$/),
  /** File of bpf/ that it changes. */
  file: z.string(),
  /** Exact text of that file. */
  find: z.string().min(1),
  /** Which one is meant, counted from 1, if the text occurs several times. */
  occurrence: z.int().positive().optional(),
  /** What takes the place of the text. */
  replace: z.string(),
  /** One sentence: what a user would suffer. */
  effect: z.string(),
});

/** A small fault in the data path, as data. */
export type Mutant = z.infer<typeof mutantSchema>;

/** One that changes nothing: who kills it is wrong about all others too. */
export const HARMLESS: Mutant = {
  id: 'harmless',
  file: 'checksum.h',
  find: 'return sum;',
  replace: 'return (sum);',
  effect: 'None.',
};

/** The folder of the kernel programs. */
export const BPF_FOLDER = fileURLToPath(new URL('../../bpf', import.meta.url));

/** The mutants of `mutants.yaml`. @throws ZodError if one of them lacks something */
export function readMutants(): readonly Mutant[] {
  const path = new URL('mutants.yaml', import.meta.url);
  return z.array(mutantSchema).parse(parse(readFileSync(path, 'utf8')));
}

/**
 * The text of the mutant's file with the fault in it.
 * @throws Error if the text that it replaces is not there, or is there several times and none is named
 */
export function mutate(mutant: Mutant, text: string): string {
  const parts = text.split(mutant.find);
  const found = parts.length - 1;
  const which = mutant.occurrence ?? 1;
  if (found < which || (found > 1 && mutant.occurrence === undefined)) {
    throw new Error(
      `mutant ${mutant.id}: "${mutant.find}" occurs ${found} times in bpf/${mutant.file}; ` +
        'write a text that occurs once, or an occurrence, into test/mutants/mutants.yaml',
    );
  }
  return parts.slice(0, which).join(mutant.find) + mutant.replace + parts.slice(which).join(mutant.find);
}

/** Makes `folder` a copy of bpf/ with the fault in it. @throws Error as {@link mutate} */
export function writeMutant(mutant: Mutant, folder: string): void {
  cpSync(BPF_FOLDER, folder, { recursive: true });
  const path = join(folder, mutant.file);
  writeFileSync(path, mutate(mutant, readFileSync(path, 'utf8')));
}
