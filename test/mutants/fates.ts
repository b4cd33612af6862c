import { createHash } from 'node:crypto';
import { appendFileSync, existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import type { Fate } from './kill.ts';
import { BPF_FOLDER, type Mutant, mutate } from './mutant.ts';

const recordSchema = z.object({
  id: z.string(),
  /** Of the data path with the fault in it. */
  fingerprint: z.string(),
  killer: z.string().optional(),
});

/** What an earlier run has said of a mutant. */
export type FateRecord = z.infer<typeof recordSchema>;

/** Where runs write down what became of each mutant, a line of JSON each. */
export const FATES = fileURLToPath(new URL('../../build/mutants/fates.jsonl', import.meta.url));

/** What the last run that came to a mutant has said of it, by its id. @throws ZodError, SyntaxError when the file was spoilt */
export function readFates(path: string = FATES): ReadonlyMap<string, FateRecord> {
  if (!existsSync(path)) return new Map();
  const lines = readFileSync(path, 'utf8').split('\n');
  // A run that was killed may have left half a line.
  const records = lines.slice(0, -1).map((line) => recordSchema.parse(JSON.parse(line)));
  return new Map(records.map((record) => [record.id, record]));
}

/** Adds what became of a mutant. */
export function writeFate({ mutant, killedBy }: Fate, path: string = FATES): void {
  const killer = killedBy ? { killer: killedBy.killer } : {};
  mkdirSync(dirname(path), { recursive: true });
  appendFileSync(path, `${JSON.stringify({ id: mutant.id, fingerprint: fingerprint(mutant), ...killer })}\n`);
}

/** Whether this very data path, with this fault in it, has been found faulty before. */
export function wasKilled(mutant: Mutant, fates: ReadonlyMap<string, FateRecord>): boolean {
  const record = fates.get(mutant.id);
  return record?.killer !== undefined && record.fingerprint === fingerprint(mutant);
}

function fingerprint(mutant: Mutant): string {
  const hash = createHash('sha256');
  for (const file of readdirSync(BPF_FOLDER).toSorted()) {
    const text = readFileSync(join(BPF_FOLDER, file), 'utf8');
    hash.update(`${file}\0${file === mutant.file ? mutate(mutant, text) : text}\0`);
  }
  return hash.digest('hex');
}
