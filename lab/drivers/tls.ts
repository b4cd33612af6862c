import { readFile } from 'node:fs/promises';
import type { Host } from '../host/index.ts';
import { programCommand } from '../programs/path.ts';
import type { TlsGetArguments, TlsGetResult } from '../programs/tls-get.ts';
import type { TlsManyArguments, TlsManyResult } from '../programs/tls-many.ts';

export type { TlsGetResult } from '../programs/tls-get.ts';
export type { TlsManyResult, TlsWay } from '../programs/tls-many.ts';

/** How long {@link tlsGet} and {@link tlsMany} may take, beside what it takes for each connection on a busy machine. */
const ALL_TIMEOUT_MS = 60_000;
const PER_CONNECTION_MS = 60;

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
  const answer = await host.ask(programCommand('tls-get'), JSON.stringify(args), {
    timeoutMs: ALL_TIMEOUT_MS,
  });
  return JSON.parse(answer) as TlsGetResult;
}

/** Options of {@link tlsMany}. */
export interface TlsManyOptions extends Pick<TlsManyArguments, 'ways' | 'count'> {
  /** PEM file of the authority that must have signed the certificates. */
  readonly authorityFile: string;
  /** For each connection; default 30 s. */
  readonly timeoutMs?: number;
}

/**
 * Opens TLS connections with one request each, one after another, the ways in turn, each with a handshake of its own.
 * @returns what came of each way; connections that fail are told, not thrown
 */
export async function tlsMany(host: Host, options: TlsManyOptions): Promise<readonly TlsManyResult[]> {
  const { authorityFile, timeoutMs = 30_000, ways, count } = options;
  const args: TlsManyArguments = { authority: await readFile(authorityFile, 'utf8'), timeoutMs, ways, count };
  const command = programCommand('tls-many', [JSON.stringify(args)]);
  return JSON.parse(
    await host.run(command, { timeoutMs: ALL_TIMEOUT_MS + ways.length * count * PER_CONNECTION_MS }),
  ) as readonly TlsManyResult[];
}
