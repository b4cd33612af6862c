import { readFile } from 'node:fs/promises';
import type { Host } from '../host/index.ts';
import { programCommand } from '../programs/path.ts';
import type { TlsGetArguments, TlsGetResult } from '../programs/tls-get.ts';

export type { TlsGetResult } from '../programs/tls-get.ts';

/** Options of {@link tlsGet}. */
export interface TlsGetOptions extends Partial<Omit<TlsGetArguments, 'address' | 'name' | 'authority'>> {
  readonly address: string;
  /** Name to ask for and to verify; empty: none. */
  readonly name: string;
  /** PEM file of the authority that must have signed the certificate. */
  readonly authorityFile: string;
}

/** Gets `/` over TLS from a host. A connection that fails is told, not thrown. */
export async function tlsGet(host: Host, { authorityFile, ...wishes }: TlsGetOptions): Promise<TlsGetResult> {
  const authority = await readFile(authorityFile, 'utf8');
  const args: TlsGetArguments = { port: 443, timeoutMs: 5_000, authority, ...wishes };
  return JSON.parse(await host.run(programCommand('tls-get', [JSON.stringify(args)]))) as TlsGetResult;
}
