import {
  type Host,
  type NginxService,
  startHaproxyReceiver,
  startNginx,
  startTcpEcho,
} from '../../lab/index.ts';
import type { ConfigFile } from './balancer.ts';
import { FAMILIES } from './proxies.ts';
import type { Scene } from './scene.ts';
import { makeAuthority, makeCertificate } from './tls.ts';

const ECHO_PORT = 2526;
/** Where clients find what; targets have the same ports. */
export const PORTS = { web: 80, tls: 443, banner: 25, closed: 9 } as const;

/** What {@link startReceivers} starts. */
export interface Receivers {
  readonly nginx: NginxService;
}

/**
 * Starts receivers of the PROXY protocol: nginx on target1; on target2 HAProxy that ends TLS, and HAProxy before a server
 * that speaks first. On target3 an nginx that knows no header.
 */
export async function startReceivers({ lab }: Scene): Promise<Receivers> {
  const [first, second, third] = [lab.target(0), lab.target(1), lab.target(2)];
  const authority = await makeAuthority(lab.balancer, 'authority');
  const tls = await makeCertificate(lab.balancer, authority, ['a.example', 'b.example']);
  const [nginx] = await Promise.all([
    startNginx(first, { port: PORTS.web, proxyProtocol: true }),
    startHaproxyReceiver(second, { port: PORTS.tls, tls }),
    startHaproxyReceiver(second, { port: PORTS.banner, joinTo: ECHO_PORT }),
    startTcpEcho(second, { port: ECHO_PORT, addresses: ['127.0.0.1'] }),
    startNginx(third, { port: PORTS.web }),
  ]);
  return { nginx };
}

/**
 * Proxies to those, for both families: `web` to target1 with a header, and to target3 without, in turn; `tls` by name;
 * `banner`; and `closed`, where nobody listens.
 */
export function headerProxies({ lab }: Scene, mode: 'nat' | 'snat' = 'nat'): readonly ConfigFile[] {
  return FAMILIES.flatMap((family) => {
    const [t1, t2, t3] = lab.targets.map((target) => target[family]);
    const address = lab.balancer[family];
    const proxy = (name: keyof typeof PORTS, rest: ConfigFile): ConfigFile => ({
      name: `${name}-${family}`,
      listen: { interfaces: ['front0'], port: PORTS[name], protocol: 'tcp', address },
      mode,
      ...rest,
    });
    const at = (ip: string | undefined, port: number, rest: ConfigFile = {}) => ({ ip, port, ...rest });
    const check = (type: string) => ({ healthCheck: { type, path: '/', verify: false, passive: false } });
    return [
      proxy('web', {
        algorithm: 'round-robin',
        ...check('http'),
        defaultTarget: [at(t1, PORTS.web, { proxyProtocol: 'v2' }), at(t3, PORTS.web)],
      }),
      proxy('tls', {
        proxyProtocol: 'v2',
        ...check('https'),
        defaultTarget: at(t2, PORTS.tls),
        sniRoutes: [{ sniHostname: 'a.example', target: at(t2, PORTS.tls) }],
      }),
      proxy('banner', { proxyProtocol: 'v2', ...check('tcp'), defaultTarget: at(t2, PORTS.banner) }),
      proxy('closed', { proxyProtocol: 'v2', ...check('tcp'), defaultTarget: at(t1, PORTS.closed) }),
    ];
  });
}

/**
 * Loses the next segment to a port of a host that is so long, as an IP packet, and has no TCP options; until
 * {@link loseNoMore}. Segments of health checks, which have options, may be as long.
 */
export function loseFirst(host: Host, port: number, lengths: readonly number[]): Promise<string> {
  const chain = 'add chain inet l in { type filter hook input priority 0; }';
  const which = `tcp dport ${port} tcp doff 5 meta length { ${lengths.join(', ')} }`;
  const rule = `add rule inet l in ${which} numgen inc mod 1000 0 drop`;
  return host.run(['nft', ['add table inet l', chain, rule].join('; ')]);
}

/** Takes {@link loseFirst} back. */
export function loseNoMore(host: Host): Promise<string> {
  return host.run(['nft', 'delete table inet l']);
}
