/** What the demo shows: which pools there are, who uses them, and who should get how much. Plain data. */

/** One target of a pool. */
export interface DemoTarget {
  /** Host name, which is also what the target calls itself in its answers. */
  readonly name: string;
  /** `ip:port`, as status reports name it. */
  readonly address: string;
  /** Configured share, percent. */
  readonly weight: number;
}

/** One pool with the client that uses it. */
export interface DemoPool {
  /** Heading: what it is. */
  readonly title: string;
  readonly protocol: 'http' | 'udp';
  /** Proxy in the configuration. */
  readonly proxy: 'web' | 'echo';
  /** Number of the client host, counting from 0. */
  readonly client: number;
  readonly port: number;
  readonly workers: number;
  readonly holdMs: number;
  readonly targets: readonly DemoTarget[];
}

/** What the plan needs to know of the lab. */
export interface DemoAddresses {
  readonly vip: string;
  /** First address of each target. */
  readonly targets: readonly string[];
  /** The prefix that the source route matches. */
  readonly routedSource: string;
}

export const WEB_PORT = 80;
export const ECHO_PORT = 7;
export const TARGET_PORT = 8080;
const WEIGHTS = [50, 30, 20] as const;

/** The three pools: weighted, by source, and UDP. */
export function planPools(addresses: DemoAddresses): readonly DemoPool[] {
  const target = (index: number, port: number, weight: number): DemoTarget => ({
    name: `target${index + 1}`,
    address: `${addresses.targets[index]}:${port}`,
    weight,
  });
  return [
    {
      title: `HTTP, weights ${WEIGHTS.join('/')}`,
      protocol: 'http',
      proxy: 'web',
      client: 0,
      port: WEB_PORT,
      workers: 24,
      holdMs: 100,
      targets: WEIGHTS.map((weight, index) => target(index, TARGET_PORT, weight)),
    },
    {
      title: `HTTP, source route ${addresses.routedSource}`,
      protocol: 'http',
      proxy: 'web',
      client: 1,
      port: WEB_PORT,
      workers: 4,
      holdMs: 100,
      targets: [target(3, TARGET_PORT, 100)],
    },
    {
      title: 'UDP echo, equal shares',
      protocol: 'udp',
      proxy: 'echo',
      client: 0,
      port: ECHO_PORT,
      workers: 4,
      holdMs: 50,
      targets: [target(0, ECHO_PORT, 50), target(1, ECHO_PORT, 50)],
    },
  ];
}

/** The configuration file of the balancer, YAML. */
export function configFile(pools: readonly DemoPool[], addresses: DemoAddresses): string {
  const [web, routed, echo] = pools.map((pool) => pool.targets.map(targetLine));
  return `proxies:
  - name: web
    listen: { interfaces: [front0], address: ${addresses.vip}, port: ${WEB_PORT}, protocol: tcp }
    defaultTarget:
${(web ?? []).map((line) => `      - ${line}`).join('\n')}
    sourceRoutes:
      - source: ${addresses.routedSource}
        target: ${routed?.[0]}
  - name: echo
    listen: { interfaces: [front0], address: ${addresses.vip}, port: ${ECHO_PORT}, protocol: udp }
    defaultTarget:
${(echo ?? []).map((line) => `      - ${line}`).join('\n')}
settings:
  udpTimeoutSec: 10
`;
}

function targetLine(target: DemoTarget): string {
  const [ip, port] = target.address.split(':');
  const weight = target.weight === 100 ? '' : `, weight: ${target.weight}`;
  return `{ ip: ${ip}, port: ${port}${weight} }`;
}
