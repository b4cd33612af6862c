import { join } from 'node:path';
import { run } from '../../lab/index.ts';

/**
 * A command prefix under which programs believe to run on another kernel release, so that the ways of older kernels are
 * tested on a newer one. `directory` takes the library that does it.
 */
export async function asOnKernel(release: string, directory: string): Promise<readonly string[]> {
  const library = join(directory, 'uname.so');
  const source = join(import.meta.dirname, 'uname.c');
  await run(['clang', '-shared', '-fPIC', '-Wall', '-Werror', '-o', library, source]);
  return ['env', `LD_PRELOAD=${library}`, `UNAME_RELEASE=${release}`];
}
