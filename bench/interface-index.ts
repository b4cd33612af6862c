import { z } from 'zod';
import type { Host } from '../lab/index.ts';

const links = z.tuple([z.object({ ifindex: z.number() })]);

/** Index of an interface in the namespace of a host. @throws SluiceError `kernel` when there is none */
export async function interfaceIndex(host: Host, device: string): Promise<number> {
  return links.parse(JSON.parse(await host.run(['ip', '-j', 'link', 'show', 'dev', device])))[0].ifindex;
}
