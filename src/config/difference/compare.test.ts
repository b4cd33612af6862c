import { describe, expect, it } from 'vitest';
import { parseConfig } from '../load.ts';
import { configDifferences } from './compare.ts';
import { describeDifference } from './difference.ts';

const read = (text: string) => parseConfig(text, { format: 'yaml', file: null }).config;
const OLD = `
proxies:
  - name: web
    listen: { interfaces: [eth0], port: 80, protocol: tcp }
    defaultTarget: [{ ip: 10.0.0.1, port: 80, weight: 50 }, { ip: 10.0.0.2, port: 80, weight: 50 }]
    sourceRoutes: [{ source: 10.1.0.0/16, target: { ip: 10.0.0.3, port: 80 } }]
  - name: old
    listen: { interfaces: [eth0], port: 81 }
    defaultTarget: { ip: 10.0.0.1, port: 81 }
settings: { udpTimeoutSec: 60 }
`;
const NEW = `
proxies:
  - name: web
    listen: { interfaces: [eth0, eth1], port: 80, protocol: tcp }
    mode: snat
    defaultTarget: [{ ip: 10.0.0.1, port: 80, weight: 70 }, { ip: 10.0.0.4, port: 80, weight: 30 }]
    sourceRoutes: [{ source: 10.2.0.0/16, target: { ip: 10.0.0.3, port: 80 } }]
    sniRoutes: [{ sniHostname: api.example, target: { ip: 10.0.0.3, port: 443 } }]
  - name: new
    listen: { interfaces: [eth0], port: 82 }
    defaultTarget: { host: b.example, port: 82, healthCheck: { type: http } }
settings: { udpTimeoutSec: 30, metrics: { port: 9100 }, attach: { eth0: tc } }
`;

const SIGNS = { add: '+', remove: '-', change: '~' };
const words = (from: string, to: string) =>
  configDifferences(read(from), read(to)).map((each) => `${SIGNS[each.op]} ${describeDifference(each)}`);

describe('the differences of two configurations', () => {
  it('are told in words', () => {
    expect(words(OLD, NEW)).toEqual([
      '- proxy old: eth0 port 81 to 10.0.0.1:81',
      '~ proxy web, listen.interfaces: ["eth0"] -> ["eth0","eth1"]',
      '~ proxy web, mode: nat -> snat',
      '- proxy web, route 10.1.0.0/16: 10.0.0.3:80',
      '- proxy web, target 10.0.0.2:80: weight 50',
      '~ proxy web, target 10.0.0.1:80: weight 50 -> 70',
      '+ proxy web, target 10.0.0.4:80: weight 30',
      '+ proxy web, route 10.2.0.0/16: 10.0.0.3:80',
      '+ proxy web, route api.example: 10.0.0.3:443',
      '+ proxy new: eth0 port 82 to b.example:82',
      '~ settings.udpTimeoutSec: 60 -> 30',
      '~ settings.attach: auto -> {"eth0":"tc"}',
      '~ settings.metrics.port: 9090 -> 9100',
    ]);
  });

  it('are also in the fields of targets', () => {
    const proxied = NEW.replace('type: http', 'type: http, path: /up');
    expect(words(NEW, proxied)).toEqual([
      '~ proxy new, target b.example:82, healthCheck.path: /health -> /up',
    ]);
  });

  it('are none between a configuration and itself, and the order alone is one', () => {
    expect(words(OLD, OLD)).toEqual([]);
    const [web = '', old = ''] = OLD.slice(OLD.indexOf('  - name: web'), OLD.indexOf('settings')).split(
      /(?= {2}- name: old)/,
    );
    expect(words(OLD, `proxies:\n${old}${web}settings: { udpTimeoutSec: 60 }`)).toEqual([
      '~ the order of proxies, routes or targets',
    ]);
  });
});
