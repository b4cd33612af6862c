import { describe, expect, it } from 'vitest';
import { parseCaptureFilter } from './words.ts';

describe('the filter of a capture', () => {
  it.each([
    ['', { conditions: [] }],
    ['host 10.0.0.7', { conditions: [{ ends: 'either', network: '10.0.0.7/32' }] }],
    ['src 10.0.0.7', { conditions: [{ ends: 'source', network: '10.0.0.7/32' }] }],
    ['dst host 2001:DB8::1', { conditions: [{ ends: 'destination', network: '2001:db8::1/128' }] }],
    ['src net 10.0.0.0/8', { conditions: [{ ends: 'source', network: '10.0.0.0/8' }] }],
    [
      'net 10.1.2.3/8 and tcp port 443',
      {
        protocol: 'tcp',
        conditions: [
          { ends: 'either', network: '10.0.0.0/8' },
          { ends: 'either', port: 443 },
        ],
      },
    ],
    ['dst port 53 && udp', { protocol: 'udp', conditions: [{ ends: 'destination', port: 53 }] }],
    ['icmp6', { protocol: 'icmp6', family: 6, conditions: [] }],
    ['ip6 tcp', { protocol: 'tcp', family: 6, conditions: [] }],
  ])('reads "%s"', (text, expected) => {
    expect(parseCaptureFilter(text)).toEqual(expected);
  });

  it.each([
    ['host', 'nothing follows "host"'],
    ['src', 'nothing follows "src"'],
    ['host example.org', '"example.org" is no address'],
    ['net 10.0.0.0/33', '"10.0.0.0/33" is no network'],
    ['net ::/0', 'write ip6'],
    ['port 0', '"0" is no port'],
    ['port http', '"http" is no port'],
    ['tcp or udp', 'it has no word "or"'],
    ['not host 10.0.0.1', 'it has no word "not"'],
    ['tcp udp', 'no packet can be of two protocols'],
    ['icmp ip6', 'no packet can be of two protocols'],
    ['port 1 port 2 port 3 port 4 port 5', 'it has 5 addresses and ports, of at most 4'],
  ])('refuses "%s" and says why', (text, why) => {
    expect(() => parseCaptureFilter(text)).toThrow(why);
  });
});
