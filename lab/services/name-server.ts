import { randomBytes } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Host } from '../host/index.ts';
import { bindsUdp, type Service, serviceWhen } from './ready.ts';

/** The domain that the name server is the only one to know. */
export const NAME_DOMAIN = 'svc.lab';

/** Options of a name server. */
export interface NameServerOptions {
  /** Addresses by name; every name ends with `.svc.lab`. */
  readonly names: Readonly<Record<string, readonly string[]>>;
  /** `name,target,port,priority,weight` of SRV records. */
  readonly services?: readonly string[];
  /** Life of every record, seconds; default 0. */
  readonly ttlSec?: number;
  /** Default 53. */
  readonly port?: number;
}

/** A DNS server whose names can be changed while it runs. */
export interface NameServer {
  readonly service: Service;
  /** Replaces all names; in force within a moment. */
  setNames(names: NameServerOptions['names']): Promise<void>;
}

/** Starts a dnsmasq that answers for {@link NAME_DOMAIN}, on every address of the host. */
export async function startNameServer(host: Host, options: NameServerOptions): Promise<NameServer> {
  const { port = 53, ttlSec = 0, services = [] } = options;
  const file = join(host.owner.directory, `names-${randomBytes(4).toString('hex')}`);
  await writeFile(file, hostsText(options.names));
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
    `--addn-hosts=${file}`,
    `--local=/${NAME_DOMAIN}/`,
    `--local-ttl=${ttlSec}`,
    ...services.map((service) => `--srv-host=${service}`),
    ...[...host.addresses4, ...host.addresses6].map((address) => `--listen-address=${address}`),
    `--port=${port}`,
  ]);
  const service = await serviceWhen((each) => bindsUdp(each, port), `names of ${host.name}`, port, process);
  return {
    service,
    setNames: async (names) => {
      await writeFile(file, hostsText(names));
      process.kill('SIGHUP');
    },
  };
}

function hostsText(names: NameServerOptions['names']): string {
  const lines = Object.entries(names).flatMap(([name, addresses]) =>
    addresses.map((address) => `${address} ${name}\n`),
  );
  return lines.join('');
}
