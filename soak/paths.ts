import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { SluiceError } from '../src/errors/index.ts';

/** The small Node programs of the soak that run inside a lab's hosts, or inside the daemon. */
export type SoakProgram = 'churn' | 'heap-probe' | 'holder' | 'server';

/** This file runs from `soak/` or, built, from `dist/soak/`. */
const ROOT = fileURLToPath(new URL(import.meta.url.endsWith('.ts') ? '..' : '../..', import.meta.url));

/** The command that starts the balancer. */
export function sluiceCommand(): string {
  return `${ROOT}bin/sluice`;
}

/** Path of a built program. @throws SluiceError `not_found` when it was never built. */
export function programPath(name: SoakProgram): string {
  const path = `${ROOT}dist/soak/programs/${name}.js`;
  if (existsSync(path)) return path;
  throw new SluiceError('not_found', `soak: ${path} is missing`, { fix: 'run scripts/build' });
}

/** Command line of a built program. @throws SluiceError as {@link programPath} */
export function programCommand(name: SoakProgram, args: object): readonly string[] {
  return [process.execPath, programPath(name), JSON.stringify(args)];
}
