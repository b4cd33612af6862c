import { join } from 'node:path';
import {
  type NginxService,
  startNginx,
  type TlsGetOptions,
  type TlsGetResult,
  tlsGet,
} from '../../lab/index.ts';
import type { ConfigFile } from './balancer.ts';
import { FAMILIES, type Family } from './proxies.ts';
import type { Scene } from './scene.ts';
import { makeAuthority, makeCertificate } from './tls.ts';

const NAMES = ['a.example', 'b.example', 'default.example', '*.wild.example', 'x.y.wild.example'] as const;
/** Where the TLS servers and their balancer listen. */
export const TLS_PORT = 443;

/**
 * A proxy for each family: `a.example` and `x.y.wild.example` on target1, `*.wild.example` on target2, all else on
 * target3; the client's second IPv4 address always on target2.
 */
export function sniProxies({ lab }: Scene, mode: 'nat' | 'snat' = 'nat'): readonly ConfigFile[] {
  const routed = lab.client().interface('eth0').addresses4[1];
  return FAMILIES.map((family) => {
    const [t1, t2, t3] = lab.targets.map((target) => ({ ip: target[family], port: TLS_PORT }));
    return {
      name: `tls-${family}`,
      listen: { interfaces: ['front0'], port: TLS_PORT, protocol: 'tcp', address: lab.balancer[family] },
      mode,
      defaultTarget: t3,
      sourceRoutes: family === 'v4' && routed !== undefined ? [{ source: routed, target: t2 }] : [],
      sniRoutes: [
        { sniHostname: 'A.example', target: t1 },
        { sniHostname: 'x.y.wild.example', target: t1 },
        { sniHostname: '*.wild.example', target: t2 },
      ],
    };
  });
}

/** Starts an HTTPS nginx on every target, with one certificate for all names. */
export async function startTlsTargets({ lab }: Scene): Promise<readonly NginxService[]> {
  const authority = await makeAuthority(lab.balancer, 'authority');
  const tls = await makeCertificate(lab.balancer, authority, [...NAMES]);
  return Promise.all(lab.targets.map((target) => startNginx(target, { port: TLS_PORT, tls })));
}

/** Gets `/` of a name through the balancer, over TLS that is verified. */
export function getByName(
  { lab }: Scene,
  family: Family,
  name: string,
  more: Partial<TlsGetOptions> = {},
): Promise<TlsGetResult> {
  const address = lab.balancer[family];
  return tlsGet(lab.client(), { address, name, authorityFile: authorityFile({ lab }), ...more });
}

/** Runs curl for a name through the balancer. */
export function curlByName(
  { lab }: Scene,
  family: Family,
  name: string,
  path: string,
  more: readonly string[] = [],
  options: { readonly timeoutMs?: number } = {},
) {
  const address = family === 'v4' ? lab.balancer.v4 : `[${lab.balancer.v6}]`;
  const flags = ['-sS', '--max-time', '60', '--cacert', authorityFile({ lab })];
  const to = ['--connect-to', `${name}:${TLS_PORT}:${address}:${TLS_PORT}`, `https://${name}${path}`];
  return lab.client().exec(['curl', ...flags, ...more, ...to], options);
}

/** The authority that has signed the certificates of {@link startTlsTargets}. */
export function authorityFile({ lab }: Pick<Scene, 'lab'>): string {
  return join(lab.directory, 'authority.pem');
}
