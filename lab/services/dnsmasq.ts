import type { Host } from '../host/index.ts';
import { bindsUdp, type Service, serviceWhen } from './ready.ts';

/** The name that every dnsmasq target answers for: TXT gives the target's name, A and AAAA its addresses. */
export const WHO = 'who.lab';

/** Options of a dnsmasq target. */
export interface DnsmasqOptions {
  /** What it answers as its name; default the host's name. */
  readonly name?: string;
  /** Default 53. */
  readonly port?: number;
  /** Addresses to listen on; default every address of the host. */
  readonly addresses?: readonly string[];
}

/** Starts a DNS server (UDP and TCP) that knows one name, {@link WHO}, and answers with its own. */
export function startDnsmasq(host: Host, options: DnsmasqOptions = {}): Promise<Service> {
  const { name = host.name, port = 53, addresses = [...host.addresses4, ...host.addresses6] } = options;
  const process = host.spawn([
    'dnsmasq',
    '--keep-in-foreground',
    '--conf-file=/dev/null',
    '--pid-file=',
    '--user=root',
    '--log-facility=-',
    '--no-resolv',
    '--no-hosts',
    '--bind-interfaces',
    ...addresses.map((address) => `--listen-address=${address}`),
    `--port=${port}`,
    `--txt-record=${WHO},${name}`,
    `--host-record=${WHO},${host.v4},${host.v6}`,
  ]);
  return serviceWhen((each) => bindsUdp(each, port), name, port, process);
}
