import type { SrvRecord } from 'node:dns';
import { type DnsAnswer, shareOut, type WeightedEndpoint } from './answer.ts';

/** A record with an address. */
export interface AddressRecord {
  readonly address: string;
  /** Seconds. */
  readonly ttl: number;
}

/** The questions that are asked of a DNS server; `dns.promises.Resolver` answers them. */
export interface RecordSource {
  resolve4(name: string, options: { ttl: true }): Promise<readonly AddressRecord[]>;
  resolve6(name: string, options: { ttl: true }): Promise<readonly AddressRecord[]>;
  resolveSrv(name: string): Promise<readonly SrvRecord[]>;
}

/** Answers of a server that say "there is none", not "I do not know". */
const NONE = new Set(['ENODATA', 'ENOTFOUND']);

/** True for a name of SRV records: `_http._tcp.example.com` (RFC 2782). */
export function isServiceName(name: string): boolean {
  return /^_[^.]+\._(tcp|udp)\./i.test(name);
}

/**
 * Asks for A and AAAA records.
 * @throws Error of the server, unless it has at least one of them
 */
export async function queryAddresses(source: RecordSource, name: string): Promise<DnsAnswer> {
  const records = await addressRecords(source, name);
  return {
    endpoints: shareOut(records.map(({ address }) => ({ address, weight: 1 }))),
    ttlSec: shortest(records),
  };
}

/**
 * Asks for SRV records, and for the addresses of those of the lowest priority that have any (RFC 2782).
 * @throws Error of the server, or when no record leads to an address
 */
export async function queryService(source: RecordSource, name: string): Promise<DnsAnswer> {
  const services = [...(await source.resolveSrv(name))].sort((a, b) => a.priority - b.priority);
  let failure: unknown;
  for (const priority of new Set(services.map((each) => each.priority))) {
    const group = services.filter((each) => each.priority === priority);
    const found = await Promise.allSettled(group.map((each) => serviceEndpoints(source, each)));
    const answered = found.flatMap((each) => (each.status === 'fulfilled' ? [each.value] : []));
    failure ??= found.find((each) => each.status === 'rejected')?.reason;
    if (answered.length === 0) continue;
    return {
      endpoints: shareOut(answered.flatMap(({ endpoints }) => endpoints)),
      ttlSec: Math.min(...answered.map(({ ttlSec }) => ttlSec)),
    };
  }
  throw failure ?? new Error(`no SRV record of ${name} names a host`);
}

async function serviceEndpoints(
  source: RecordSource,
  service: SrvRecord,
): Promise<{ readonly endpoints: readonly WeightedEndpoint[]; readonly ttlSec: number }> {
  const records = await addressRecords(source, service.name);
  const weight = service.weight / records.length;
  return {
    endpoints: records.map(({ address }) => ({ address, port: service.port, weight })),
    ttlSec: shortest(records),
  };
}

/** Both families at once. A server that fails for one of them fails for the name: half an answer would move traffic. */
async function addressRecords(source: RecordSource, name: string): Promise<readonly AddressRecord[]> {
  const [v4, v6] = await Promise.allSettled([
    source.resolve4(name, { ttl: true }),
    source.resolve6(name, { ttl: true }),
  ]);
  const records = [v4, v6].flatMap((answer) => (answer.status === 'fulfilled' ? answer.value : []));
  const failures = [v4, v6].flatMap((answer) => (answer.status === 'rejected' ? [answer.reason] : []));
  const fault = failures.find((failure) => !saysNone(failure));
  if (fault !== undefined) throw fault;
  if (records.length === 0) throw failures[0] ?? new Error(`no A or AAAA record of ${name}`);
  return records;
}

function shortest(records: readonly AddressRecord[]): number {
  return Math.min(...records.map(({ ttl }) => ttl));
}

/** True when a server has said that there is no such name or record. */
export function saysNone(failure: unknown): boolean {
  return failure instanceof Error && 'code' in failure && NONE.has(String(failure.code));
}
