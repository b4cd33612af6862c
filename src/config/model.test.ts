import { describe, expect, it } from 'vitest';
import { parseConfig } from './load.ts';

const HEALTH = {
  type: 'tcp',
  path: '/health',
  intervalMs: 10_000,
  timeoutMs: 3000,
  healthyThreshold: 2,
  unhealthyThreshold: 3,
  expectedCodes: [200, 201, 202, 204],
  verify: true,
  passive: true,
  passiveThreshold: 3,
};

const NO_LIMITS = { perSource: null, perBackend: null, ipv4PrefixLength: 32, ipv6PrefixLength: 64 };
const CIRCUIT_BREAKER = {
  enabled: false,
  errorThresholdPct: 50,
  minRequests: 10,
  openDurationMs: 30_000,
  halfOpenRequests: 3,
  windowSizeMs: 60_000,
};

const SETTINGS = {
  statsEnabled: false,
  flowSampling: 1,
  accessLog: { enabled: false, path: 'stdout', format: 'json', maxSizeMb: 100, maxFiles: 5 },
  logLevel: 'info',
  connectionTimeoutSec: 300,
  synTimeoutSec: 30,
  closingTimeoutSec: 10,
  udpTimeoutSec: 60,
  maxConnections: 100_000,
  attach: 'auto',
  replyInterfaces: 'auto',
  healthCheckEnabled: false,
  healthCheckDefaults: HEALTH,
  circuitBreaker: CIRCUIT_BREAKER,
  defaultDrainTimeoutMs: 30_000,
  drainCheckIntervalMs: 1000,
  dnsServers: [],
  rateLimits: { ...NO_LIMITS, maxSources: 100_000 },
  loadBalancing: {
    algorithm: 'weighted-random',
    weighted: true,
    updateIntervalMs: 1000,
    hashTableSize: 16_381,
  },
  metrics: { enabled: false, address: '127.0.0.1', port: 9090, path: '/metrics' },
  adminApi: {
    enabled: false,
    address: '127.0.0.1',
    port: 8081,
    insecure: false,
    allowedHosts: [],
    allowedOrigins: [],
  },
};

const edn = (text: string) => parseConfig(text, { format: 'edn', file: null }).config;

describe('the model', () => {
  it('has every default of the smallest file', () => {
    const config = edn(`{:proxies [{:name "web" :listen {:interfaces ["eth0"] :port 80}
                                    :default-target {:ip "10.0.0.1" :port 8080}}]}`);
    expect(config).toEqual({
      proxies: [
        {
          name: 'web',
          listen: { interfaces: ['eth0'], addresses: [], port: 80, protocols: ['tcp', 'udp'] },
          mode: 'nat',
          algorithm: 'weighted-random',
          healthCheck: HEALTH,
          rateLimits: NO_LIMITS,
          circuitBreaker: CIRCUIT_BREAKER,
          defaultTargets: [{ ip: '10.0.0.1', port: 8080, weight: 100 }],
          sourceRoutes: [],
          sniRoutes: [],
        },
      ],
      settings: SETTINGS,
    });
  });

  it('has what a file says, in canonical form', () => {
    const config =
      edn(`{:proxies [{:name "web" :mode :snat :session-persistence true :circuit-breaker {:enabled true :error-threshold-pct 20} :health-check {:interval-ms 2000 :server-name "api.example"}
                 :listen {:address ["2001:DB8:0::9" "2001:db8::9"] :interfaces #{"eth0"} :port 443 :protocol [:tcp :tcp]}
                 :default-target [{:ip "2001:DB8::1" :port 1} {:host "Api.Example" :port 2 :health-check {:type :none}}]
                 :source-routes [{:source "2001:db8::1/32" :algorithm :round-robin :target {:ip "2001:db8::2" :port 3 :weight 60}}]
                 :sni-routes [{:sni-hostname "API.example" :targets ({:ip "2001:db8::3" :port 4 :weight 100})}]}]
      :settings {:attach {:my-if :tc "eth0" "native"} :reply-interfaces ["eth1"] :stats-enabled true
                 :health-check-defaults {:path "/up"} :circuit-breaker {:min-requests 99} :dns-servers ["10.0.0.53" "[fd00::53]:5353"] :metrics {:port 99}}}`);
    expect(config).toEqual({
      proxies: [
        {
          name: 'web',
          listen: { interfaces: ['eth0'], addresses: ['2001:db8::9'], port: 443, protocols: ['tcp'] },
          mode: 'snat',
          algorithm: 'source-hash',
          healthCheck: { ...HEALTH, path: '/up', intervalMs: 2000, serverName: 'api.example' },
          rateLimits: NO_LIMITS,
          circuitBreaker: { ...CIRCUIT_BREAKER, enabled: true, errorThresholdPct: 20, minRequests: 99 },
          defaultTargets: [
            { ip: '2001:db8::1', port: 1, weight: 1 },
            {
              host: 'api.example',
              port: 2,
              weight: 1,
              dnsRefreshSeconds: 30,
              healthCheck: {
                ...HEALTH,
                path: '/up',
                intervalMs: 2000,
                serverName: 'api.example',
                type: 'none',
              },
            },
          ],
          sourceRoutes: [
            {
              source: '2001:db8::/32',
              algorithm: 'round-robin',
              targets: [{ ip: '2001:db8::2', port: 3, weight: 60 }],
            },
          ],
          sniRoutes: [
            {
              sniHostname: 'api.example',
              algorithm: 'source-hash',
              targets: [{ ip: '2001:db8::3', port: 4, weight: 100 }],
            },
          ],
        },
      ],
      settings: {
        ...SETTINGS,
        statsEnabled: true,
        attach: { 'my-if': 'tc', eth0: 'native' },
        replyInterfaces: ['eth1'],
        healthCheckDefaults: { ...HEALTH, path: '/up' },
        circuitBreaker: { ...CIRCUIT_BREAKER, minRequests: 99 },
        dnsServers: ['10.0.0.53', '[fd00::53]:5353'],
        metrics: { enabled: false, address: '127.0.0.1', port: 99, path: '/metrics' },
      },
    });
  });

  it('has limits, of which each scope fills in what the narrower one leaves out', () => {
    const { proxies, settings } = edn(`{:proxies
      [{:name "a" :listen {:interfaces ["e"] :port 1} :default-target {:ip "10.0.0.1" :port 1}}
       {:name "b" :listen {:interfaces ["e"] :port 2} :rate-limits {:per-source {:requests-per-sec 0} :ipv4-prefix-length 24}
        :default-target [{:ip "10.0.0.1" :port 1}
                         {:ip "10.0.0.2" :port 1 :rate-limit {:requests-per-sec 7 :burst 1}}
                         {:ip "10.0.0.3" :port 1 :rate-limit {:requests-per-sec 0}}]}]
      :settings {:rate-limits {:per-source {:requests-per-sec 100} :per-backend {:requests-per-sec 10 :burst 5}}}}`);
    const perBackend = { requestsPerSec: 10, burst: 5 };
    const wide = { ...NO_LIMITS, perSource: { requestsPerSec: 100, burst: 200 }, perBackend };
    expect(settings.rateLimits).toEqual({ ...wide, maxSources: 100_000 });
    expect(proxies.map(({ rateLimits }) => rateLimits)).toEqual([
      wide,
      { ...wide, perSource: null, ipv4PrefixLength: 24 },
    ]);
    const own = proxies[1]?.defaultTargets.map(({ rateLimit }) => rateLimit);
    expect(own).toEqual([undefined, { requestsPerSec: 7, burst: 1 }, null]);
  });

  it('has all of 1,000 proxies with 20 targets', () => {
    const target = (i: number, j: number) => ({ ip: `10.${j}.${i >> 8}.${i & 255}`, port: 8080, weight: 5 });
    const proxies = Array.from({ length: 1000 }, (_, i) => ({
      name: `p${i}`,
      listen: { address: `10.99.${i >> 8}.${i & 255}`, port: 80 },
      defaultTarget: Array.from({ length: 20 }, (_, j) => target(i, j)),
    }));
    const { config } = parseConfig(JSON.stringify({ proxies }), { format: 'json', file: null });
    expect(config.proxies.flatMap((proxy) => proxy.defaultTargets)).toHaveLength(20_000);
  });

  it('has equal shares for 256 targets without weights', () => {
    const targets = Array.from({ length: 256 }, (_, i) => `{:ip "10.0.${i}.1" :port 80}`).join(' ');
    const config = edn(
      `{:proxies [{:name "w" :listen {:interfaces ["e"] :port 1} :default-target [${targets}]}]}`,
    );
    expect(new Set(config.proxies[0]?.defaultTargets.map(({ weight }) => weight))).toEqual(new Set([1]));
  });
});
