import { describe, expect, it } from 'vitest';
import { expectWarnings } from './testing/marked.ts';

const NOT_IN_EFFECT = 'is accepted but not in effect in this version';

describe('what is not in effect yet', () => {
  it('is named once each, where it is first', () => {
    expectWarnings(
      `proxies:
  - name: web
    listen: { interfaces: eth0, port: 443 }
    defaultTarget:
      - { ip: 10.0.0.1, port: 80, weight: 50, healthCheck: { type: tcp } }
      - { host: a.example, port: 80, weight: 50, healthCheck: { type: none } }
    sessionPersistence: true
settings:
  healthCheckEnabled: true
  healthCheckDefaults: {}
  metrics: { enabled: true }
  maxSniRoutes: »1000
`,
      'yaml',
      [`settings.maxSniRoutes: ${NOT_IN_EFFECT}: its value is not looked at`],
    );
  });

  it('is not named when it asks for nothing', () => {
    expectWarnings(
      `proxies:
  - name: web
    listen: { interfaces: eth0, port: 443 }
    defaultTarget: { ip: 10.0.0.1, port: 80 }
    sniRoutes: []
settings: { healthCheckEnabled: false, metrics: { enabled: false }, attach: { host: tc, metrics: tc } }
`,
      'yaml',
      [],
    );
  });
});

describe('what is in effect', () => {
  it('comes without a warning', () => {
    const { warnings } = expectWarnings(
      `proxies:
  - name: web
    listen: { interfaces: [eth0], address: 10.0.0.9, port: 443, protocol: tcp }
    mode: snat
    healthCheck: { type: udp, send: ping }
    defaultTarget: [{ ip: 10.0.0.1, port: 80, weight: 60 }, { ip: 10.0.0.2, port: 80, weight: 40 }]
    sourceRoutes: [{ source: 10.0.0.0/8, target: { ip: 10.0.0.3, port: 80 } }]
settings:
  { connectionTimeoutSec: 1, synTimeoutSec: 1, closingTimeoutSec: 1, udpTimeoutSec: 1, maxConnections: 1,
    attach: { eth0: native }, replyInterfaces: [eth1],
    healthCheckEnabled: true, healthCheckDefaults: { type: https, verify: false },
    rateLimits: { perSource: { requestsPerSec: 3 } } }
`,
      'yaml',
      [],
    );
    expect(warnings).toEqual([]);
  });
});
