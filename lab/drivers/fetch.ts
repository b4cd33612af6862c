import type { Host } from '../host/index.ts';
import type { FetchManyArguments, FetchManyResult } from '../programs/fetch-many.ts';
import { type ProgramName, programCommand } from '../programs/path.ts';
import type { UdpManyArguments, UdpManyResult } from '../programs/udp-many.ts';

const TIMEOUT_MS = 120_000;

/** Options of {@link fetchMany}. */
export interface FetchOptions extends Partial<Omit<FetchManyArguments, 'url'>> {
  readonly signal?: AbortSignal;
}

/** Options of {@link udpMany}. */
export interface UdpOptions extends Partial<Omit<UdpManyArguments, 'address' | 'port'>> {
  readonly signal?: AbortSignal;
}

/**
 * Opens `count` (default 100) HTTP connections from a host and counts who answered. Failed connections are counted,
 * not thrown.
 */
export async function fetchMany(
  host: Host,
  url: string,
  options: FetchOptions = {},
): Promise<FetchManyResult> {
  const { signal, ...wishes } = options;
  const args: FetchManyArguments = {
    url,
    count: 100,
    concurrency: 32,
    requestsPerConnection: 1,
    timeoutMs: 5_000,
    sourceAddresses: [],
    ...wishes,
  };
  return ask(host, 'fetch-many', args, signal);
}

/**
 * Holds `count` (default 100) UDP conversations with UDP echo servers from a host and counts who answered. Lost and
 * changed datagrams are counted, not thrown.
 */
export async function udpMany(
  host: Host,
  address: string,
  port: number,
  options: UdpOptions = {},
): Promise<UdpManyResult> {
  const { signal, ...wishes } = options;
  const args: UdpManyArguments = {
    address,
    port,
    count: 100,
    messages: 1,
    sizeBytes: 64,
    concurrency: 32,
    timeoutMs: 2_000,
    sourceAddresses: [],
    ...wishes,
  };
  return ask(host, 'udp-many', args, signal);
}

/** `http://address:port/path`, with brackets around IPv6. */
export function httpUrl(address: string, port = 80, path = '/'): string {
  return `http://${address.includes(':') ? `[${address}]` : address}:${port}${path}`;
}

/** The programs are this package's own, so the shape of what they answer is agreed. */
async function ask<T>(
  host: Host,
  program: ProgramName,
  args: object,
  signal: AbortSignal | undefined,
): Promise<T> {
  const options = { timeoutMs: TIMEOUT_MS, signal };
  return JSON.parse(await host.ask(programCommand(program), JSON.stringify(args), options)) as T;
}
