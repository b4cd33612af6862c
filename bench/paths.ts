import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { SluiceError } from '../src/errors/index.ts';

/** This file runs from `bench/` or, built, from `dist/bench/`. */
const ROOT = fileURLToPath(new URL(import.meta.url.endsWith('.ts') ? '..' : '../..', import.meta.url));

/** The command that starts the balancer. */
export function sluiceCommand(): string {
  return `${ROOT}bin/sluice`;
}

/** A compiled kernel program of the bench. @throws SluiceError `not_found` when it was never built. */
export function benchObject(name: 'cost' | 'generate' | 'sink'): string {
  return built(`build/bench/${name}.bpf.o`);
}

/**
 * Command line of a Node program of the bench, also when this code itself runs from its TypeScript source (tests).
 * @param path below `bench/`, without suffix
 * @throws SluiceError `not_found` when it was never built
 */
export function benchProgram(path: string, args: object): readonly string[] {
  return [process.execPath, built(`dist/bench/${path}.js`), JSON.stringify(args)];
}

function built(path: string): string {
  if (existsSync(`${ROOT}${path}`)) return `${ROOT}${path}`;
  throw new SluiceError('not_found', `bench: ${path} is missing`, { fix: 'run scripts/build' });
}
