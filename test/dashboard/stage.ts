import type { Lab } from '../../lab/index.ts';
import type { ConfigFile } from '../support/balancer.ts';

/** Port of the HTTP targets. */
export const HTTP_PORT = 8080;
/** Name of the source route's prefix: that of the second client. */
export const ROUTED = '10.1.2.0/24';

/** What a dashboard has to show: weights, a source route, names, UDP, health checks, circuit breakers. */
export function stageConfig(
  lab: Lab,
  more: readonly ConfigFile[] = [],
  settings: ConfigFile = {},
): ConfigFile {
  const at = (index: number, port: number, more: object = {}) => ({
    ip: lab.target(index).v4,
    port,
    ...more,
  });
  const listen = (port: number, protocol: string) => ({
    interfaces: ['front0'],
    address: lab.vip4,
    port,
    protocol,
  });
  const web = [50, 30, 20].map((weight, index) => at(index, HTTP_PORT, { weight }));
  return {
    proxies: [
      {
        name: 'web',
        listen: listen(80, 'tcp'),
        healthCheck: { type: 'http', path: '/', intervalMs: 1000, timeoutMs: 500 },
        circuitBreaker: { enabled: true },
        defaultTarget: web,
        sourceRoutes: [{ source: ROUTED, target: at(3, HTTP_PORT) }],
      },
      {
        name: 'shop',
        listen: listen(443, 'tcp'),
        healthCheck: { type: 'none', passive: false },
        defaultTarget: at(3, 443),
        sniRoutes: [
          { sniHostname: 'api.example', target: at(1, 443) },
          { sniHostname: '*.static.example', target: at(2, 443) },
        ],
      },
      {
        name: 'echo',
        listen: listen(7, 'both'),
        healthCheck: { type: 'none' },
        defaultTarget: [at(0, 7), at(1, 7)],
      },
      ...more,
    ],
    settings: {
      healthCheckEnabled: true,
      udpTimeoutSec: 10,
      drainCheckIntervalMs: 200,
      healthCheckDefaults: { intervalMs: 1000, timeoutMs: 500 },
      ...settings,
    },
  };
}
