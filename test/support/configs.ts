import type { StatusReport } from '../../src/report/index.ts';
import type { ConfigFile } from './balancer.ts';

/** What a test wants of a plain one-proxy configuration. */
export interface WebOptions {
  readonly interfaces?: readonly string[];
  readonly port?: number;
  readonly protocol?: 'tcp' | 'udp';
  readonly mode?: 'nat' | 'snat';
  /** Addresses of the targets. */
  readonly targets: readonly string[];
  readonly targetPort?: number;
  /** Weights of the targets; equal shares without. */
  readonly weights?: readonly number[];
  readonly attach?: 'auto' | 'native' | 'generic' | 'tc';
  readonly settings?: ConfigFile;
  readonly sourceRoutes?: readonly ConfigFile[];
}

/** A configuration with one proxy called `web`. */
export function webConfig(options: WebOptions): ConfigFile {
  const { interfaces = ['front0'], port = 80, targetPort = 80, weights } = options;
  return {
    proxies: [
      {
        name: 'web',
        listen: { interfaces, port, protocol: options.protocol ?? 'tcp' },
        ...(options.mode === undefined ? {} : { mode: options.mode }),
        defaultTarget: options.targets.map((ip, index) => ({
          ip,
          port: targetPort,
          ...(weights === undefined ? {} : { weight: weights[index] }),
        })),
        ...(options.sourceRoutes === undefined ? {} : { sourceRoutes: options.sourceRoutes }),
      },
    ],
    settings: { attach: options.attach ?? 'auto', ...options.settings },
  };
}

/** Flows ever opened per target of a proxy, by address and port. */
export function flowsByTarget(status: StatusReport, proxy = 'web'): Readonly<Record<string, number>> {
  const targets = status.proxies.find(({ name }) => name === proxy)?.targets ?? [];
  return Object.fromEntries(targets.map(({ target, flows }) => [target, flows]));
}
