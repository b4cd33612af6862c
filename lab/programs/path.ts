import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { SluiceError } from '../../src/errors/index.ts';

/** The small Node programs that run inside a lab's hosts. */
export type ProgramName = 'fetch-many' | 'socket-agent' | 'tcp-echo' | 'udp-echo' | 'traffic' | 'udp-many';

/**
 * Command line of a built program, also when this code itself runs from its TypeScript source (tests).
 * @throws SluiceError `not_found` when the TypeScript has not been built.
 */
export function programCommand(name: ProgramName, args: readonly string[] = []): readonly string[] {
  const here = import.meta.url;
  const built = here.endsWith('.ts') ? `../../dist/lab/programs/${name}.js` : `./${name}.js`;
  const path = fileURLToPath(new URL(built, here));
  if (!existsSync(path)) {
    throw new SluiceError('not_found', `lab: ${path} is missing`, { fix: 'run scripts/build ts' });
  }
  return [process.execPath, path, ...args];
}
