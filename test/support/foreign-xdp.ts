import { join } from 'node:path';
import type { Host } from '../../lab/index.ts';
import { compileBpf } from '../libbpf/compile.ts';

/** Puts somebody else's XDP program on an interface of a host, until it is disposed of. */
export async function attachForeignXdp(
  host: Host,
  device: string,
  mode: 'xdpgeneric' | 'xdpdrv',
): Promise<AsyncDisposable> {
  using object = compileBpf(join(import.meta.dirname, 'foreign-xdp.bpf.c'));
  await host.run(['ip', 'link', 'set', 'dev', device, mode, 'obj', object.path, 'sec', 'xdp']);
  return {
    [Symbol.asyncDispose]: async () => {
      await host.run(['ip', 'link', 'set', 'dev', device, mode, 'off']);
    },
  };
}
