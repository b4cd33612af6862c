import { describe, expect, it } from 'vitest';
import { casesOf } from './cases.ts';
import { parseVectors } from './load.ts';

/** A file that is right, up to what a test makes of it. */
const RIGHT = `about: one vector
state:
  targets: [10.2.0.2:8080]
  pools: [[0]]
  listeners: [tcp 10.1.0.1:80 pool 0]
  flows:
    - tcp 192.0.2.7:40000 > 10.1.0.1:80 => 10.2.0.2:8080
vectors:
  - name: a packet
    hook: tc_ingress
    packet: { tcp: 192.0.2.7:40000 > 10.1.0.1:81 }
    verdict: pass
    reason: passed_no_listener
`;

function load(from: string, to: string): () => unknown {
  expect(RIGHT).toContain(from);
  return () => casesOf(parseVectors('some.yaml', RIGHT.replace(from, to)));
}

describe('a file of vectors', () => {
  it('is read as cases', () => {
    expect(casesOf(parseVectors('some.yaml', RIGHT))).toMatchObject([
      { file: 'some.yaml', place: 'some.yaml:9', case: { name: 'a packet', state: { flows: [{}, {}] } } },
    ]);
  });

  it.each([
    ['is not YAML', '- name: a packet', '- name: "a packet', /^some\.yaml:\d+:\d+: Missing closing "quote/],
    [
      'has an unknown field',
      'verdict: pass',
      'verdikt: pass',
      /some\.yaml:9:\d+: vectors\.0: Unrecognized key: "verdikt"/,
    ],
    [
      'lacks a field',
      '    reason: passed_no_listener\n',
      '',
      /some\.yaml:9:\d+: vectors\.0\.reason: Invalid input/,
    ],
    [
      'has an unknown hook',
      'tc_ingress',
      'tc_inside',
      /some\.yaml:10:11: vectors\.0\.hook: expected xdp_ingress/,
    ],
    [
      'has an endpoint without a port',
      '[10.2.0.2:8080]',
      '[10.2.0.2]',
      /some\.yaml:3:13: state\.targets\.0: '10\.2\.0\.2' is no endpoint/,
    ],
    [
      'has a flow that is none',
      '=> 10.2.0.2:8080',
      '-> 10.2.0.2:8080',
      /some\.yaml:7:7: state\.flows\.0\.flow: .* is no flow/,
    ],
    [
      'has an unknown word',
      'pool 0]',
      'pool 0 slow]',
      /some\.yaml:5:15: state\.listeners\.0: 'slow' is none of pool, proxy/,
    ],
    [
      'has an unknown verdict',
      'verdict: pass',
      'verdict: bounce',
      /some\.yaml:12:14: vectors\.0\.verdict: 'bounce' is no verdict/,
    ],
    [
      'has an unknown interface',
      'verdict: pass',
      'verdict: redirect to eth7',
      /some\.yaml:12:14: .* no interface 'eth7'/,
    ],
    [
      'sets a field that the packet lacks',
      'verdict: pass',
      'verdict: pass\n    out: { set: { udp.checksum: 0 } }',
      /^some\.yaml:9: 'a packet': the frame has no field udp\.checksum/,
    ],
    [
      'has a value that does not fit',
      ':81 }',
      ':81, ttl: 64, set: { ip.ttl: 256 } }',
      /^some\.yaml:9: 'a packet': ip\.ttl has 8 bits/,
    ],
  ])('that %s is refused with the place and the field', (_, from, to, message) => {
    expect(load(from, to)).toThrow(message);
  });
});
