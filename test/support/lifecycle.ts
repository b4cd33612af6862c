import { type Lab, startNginx, startTcpEcho, startUdpEcho } from '../../lab/index.ts';
import type { ConfigFile } from './balancer.ts';
import { ECHO_PORT } from './held.ts';

/** What changes from one configuration of a lifecycle test to the next. */
export interface LifecycleOptions {
  /** Addresses of the targets of both proxies. */
  readonly targets: readonly string[];
  readonly weights?: readonly number[];
  /** Clients with targets of their own, by prefix. */
  readonly sourceRoutes?: Readonly<Record<string, readonly string[]>>;
  readonly interfaces?: readonly string[];
  readonly settings?: ConfigFile;
}

/** nginx on port 80, and echo servers for TCP and UDP, on every target of a lab. */
export async function startLifecycleServices(lab: Lab): Promise<void> {
  await Promise.all(
    lab.targets.flatMap((target) => [startNginx(target), startTcpEcho(target), startUdpEcho(target)]),
  );
}

/** Two proxies with the same targets: `web` for new connections, `echo` (TCP and UDP) for ones that last. */
export function lifecycleConfig(options: LifecycleOptions): ConfigFile {
  const { interfaces = ['front0'], targets, weights, sourceRoutes = {}, settings = {} } = options;
  const proxies = [
    { name: 'web', port: 80, protocol: 'tcp' },
    { name: 'echo', port: ECHO_PORT, protocol: undefined },
  ].map(({ name, port, protocol }) => ({
    name,
    listen: { interfaces, port, protocol },
    defaultTarget: targets.map((ip, index) => ({ ip, port, weight: weights?.[index] })),
    sourceRoutes: Object.entries(sourceRoutes).map(([source, ips]) => ({
      source,
      targets: ips.map((ip) => ({ ip, port })),
    })),
  }));
  return { proxies, settings };
}
