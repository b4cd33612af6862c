import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { SluiceError } from '../errors/index.ts';

/** From `dist/cli`, from `dist/src/datapath`, and from `src/datapath` when the sources run as they are. */
const PLACES = ['../bpf/sluice.bpf.o', '../../bpf/sluice.bpf.o', '../../dist/bpf/sluice.bpf.o'];

/** Finds the compiled programs. @throws SluiceError `internal` when they were never built. */
export function objectPath(): string {
  const path = PLACES.map((place) => fileURLToPath(new URL(place, import.meta.url))).find(existsSync);
  if (path !== undefined) return path;
  throw new SluiceError('internal', 'the kernel programs (sluice.bpf.o) are not built', {
    fix: 'npm run setup',
  });
}

/** Options that are fixed when the programs are loaded. */
export interface LoadOptions {
  /** Source ports of snat mode: the first, and how many. */
  readonly snatPorts: { readonly first: number; readonly count: number };
}

/** SHA-256 of what determines the programs: the object and its load options. */
export function objectDigest(path: string, { snatPorts }: LoadOptions): Buffer {
  const options = `${snatPorts.first} ${snatPorts.count}`;
  return createHash('sha256').update(readFileSync(path)).update(options).digest();
}
