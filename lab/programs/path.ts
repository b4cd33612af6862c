import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { SluiceError } from '../../src/errors/index.ts';

/** The small Node programs that run inside a lab's hosts. */
export type ProgramName =
  | 'fetch-many'
  | 'paced-connect'
  | 'socket-agent'
  | 'tcp-echo'
  | 'tls-get'
  | 'tls-many'
  | 'udp-echo'
  | 'traffic'
  | 'udp-many';

/** From `dist/cli`, from `dist/lab/programs`, and from `lab/programs` when the sources run as they are (tests). */
const PLACES = ['../lab/programs/', './', '../../dist/lab/programs/'];

/**
 * Command line of a built program.
 * @throws SluiceError `not_found` when the TypeScript has not been built.
 */
export function programCommand(name: ProgramName, args: readonly string[] = []): readonly string[] {
  const paths = PLACES.map((place) => fileURLToPath(new URL(`${place}${name}.js`, import.meta.url)));
  const path = paths.find(existsSync);
  if (path === undefined) {
    throw new SluiceError('not_found', `lab: the program ${name} is not built`, {
      fix: 'run scripts/build ts',
    });
  }
  return [process.execPath, path, ...args];
}
