import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { type Host, PIN_DIRECTORY, run, uniqueInstance } from '../../lab/index.ts';
import { compileBpf } from '../libbpf/compile.ts';

/**
 * Puts somebody else's XDP program on an interface of a host, until it is disposed of. It is pinned where instances of this
 * process are: other test files, which look whether they have left programs, then know whose it is.
 */
export async function attachForeignXdp(
  host: Host,
  device: string,
  mode: 'xdpgeneric' | 'xdpdrv',
): Promise<AsyncDisposable> {
  const folder = join(PIN_DIRECTORY, uniqueInstance('test'));
  const pin = join(folder, 'foreign');
  const remove = () => rmSync(folder, { recursive: true, force: true });
  using object = compileBpf(join(import.meta.dirname, 'foreign-xdp.bpf.c'));
  mkdirSync(folder, { recursive: true });
  try {
    await run(['bpftool', 'prog', 'load', object.path, pin]);
    await host.run(['ip', 'link', 'set', 'dev', device, mode, 'pinned', pin]);
  } catch (error) {
    remove();
    throw error;
  }
  return {
    [Symbol.asyncDispose]: async () => {
      await host.run(['ip', 'link', 'set', 'dev', device, mode, 'off']);
      remove();
    },
  };
}
