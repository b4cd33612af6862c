import { lookup, Resolver } from 'node:dns/promises';
import { readFile } from 'node:fs/promises';
import { type DnsAnswer, type LookUp, shareOut } from './answer.ts';
import { addressesInHosts } from './hosts-file.ts';
import { isServiceName, queryAddresses, queryService, saysNone } from './records.ts';

const HOSTS_FILE = '/etc/hosts';
/** One try at one server, and how many there are: a dead first server must not use up the time of a refresh. */
const TRY_TIMEOUT_MS = 2_000;
const TRIES = 2;

/**
 * Looks names up as this host does: hosts file, then its DNS servers (with TTLs, and SRV records for names like
 * `_http._tcp.example.com`), then, for names that these do not know, the name service with its search domains. Given
 * servers are asked alone. /etc/resolv.conf is read anew each time.
 */
export const systemLookUp: LookUp = async (name, servers) => {
  const written = servers.length > 0 ? [] : addressesInHosts(await readHosts(), name);
  if (written.length > 0) return withoutTtl(written);
  const resolver = new Resolver({ timeout: TRY_TIMEOUT_MS, tries: TRIES });
  if (servers.length > 0) resolver.setServers(servers);
  if (isServiceName(name)) return queryService(resolver, name);
  return queryAddresses(resolver, name).catch((failure) => {
    if (servers.length > 0 || !saysNone(failure)) throw failure;
    return askNameService(name, failure);
  });
};

function readHosts(): Promise<string> {
  return readFile(HOSTS_FILE, 'utf8').catch(() => '');
}

/** The search domains of /etc/resolv.conf, mDNS and the like: what getaddrinfo(3) knows more. */
async function askNameService(name: string, failure: unknown): Promise<DnsAnswer> {
  const found = await lookup(name, { all: true }).catch(() => []);
  if (found.length === 0) throw failure;
  return withoutTtl(found.map(({ address }) => address));
}

function withoutTtl(addresses: readonly string[]): DnsAnswer {
  return { endpoints: shareOut(addresses.map((address) => ({ address, weight: 1 }))), ttlSec: null };
}
