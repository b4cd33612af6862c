import { describe, it } from 'vitest';
import { expectProblems, expectWarnings } from './testing/marked.ts';
import { listen, type RefusedText } from './testing/texts.ts';

const AT_LISTEN = 'proxies[0].listen';
const AN_ADDRESS = 'expected an IPv4 or IPv6 address';

const CASES: readonly RefusedText[] = [
  [
    'neither interfaces nor address',
    listen('»{ port: 80 }'),
    `${AT_LISTEN}: names neither \`interfaces\` nor \`address\`, expected at least one of them`,
  ],
  [
    'an empty list of interfaces',
    listen('{ interfaces: »[], port: 80 }'),
    `${AT_LISTEN}.interfaces: found an empty list, expected the name of an interface or a list of names`,
  ],
  [
    'an interface with a space',
    listen('{ interfaces: [eth0, »eth 1], port: 80 }'),
    `${AT_LISTEN}.interfaces[1]: found "eth 1", expected the name of an interface; without spaces, "/" or ":"`,
  ],
  [
    'an interface with a long name',
    listen('{ interfaces: »a234567890123456, port: 80 }'),
    `${AT_LISTEN}.interfaces: found "a234567890123456", expected the name of an interface; at most 15 bytes`,
  ],
  [
    'a missing port',
    listen('»{ interfaces: eth0 }'),
    `${AT_LISTEN}.port: is missing, expected an integer from 1 to 65535`,
  ],
  [
    'a port above the range',
    listen('{ interfaces: eth0, port: »65536 }'),
    `${AT_LISTEN}.port: found 65536, expected an integer from 1 to 65535`,
  ],
  [
    'port 0',
    listen('{ interfaces: eth0, port: »0 }'),
    `${AT_LISTEN}.port: found 0, expected an integer from 1 to 65535`,
  ],
  [
    'a port in quotes',
    listen('{ interfaces: eth0, port: »"80" }'),
    `${AT_LISTEN}.port: found "80", expected an integer from 1 to 65535`,
  ],
  [
    'a port with a fraction',
    listen('{ interfaces: eth0, port: »80.5 }'),
    `${AT_LISTEN}.port: found 80.5, expected an integer from 1 to 65535`,
  ],
  [
    'an infinite port',
    listen('{ interfaces: eth0, port: ».inf }'),
    `${AT_LISTEN}.port: found Infinity, expected an integer from 1 to 65535`,
  ],
  [
    'an unknown protocol',
    listen('{ interfaces: eth0, port: 80, protocol: »tpc }'),
    `${AT_LISTEN}.protocol: found "tpc", expected "tcp", "udp", "both" or a list of "tcp" and "udp"; did you mean "tcp"?`,
  ],
  [
    'an unknown protocol in a list',
    listen('{ interfaces: eth0, port: 80, protocol: [tcp, »both] }'),
    `${AT_LISTEN}.protocol[1]: found "both", expected "tcp" or "udp"`,
  ],
  [
    'every address to listen on',
    listen('{ address: »0.0.0.0, port: 80 }'),
    `${AT_LISTEN}.address: found "0.0.0.0", ${AN_ADDRESS}; to listen on every address, name interfaces instead`,
  ],
  [
    'a CIDR to listen on',
    listen('{ address: [»10.0.0.1/24], port: 80 }'),
    `${AT_LISTEN}.address[0]: found "10.0.0.1/24", ${AN_ADDRESS}; a prefix length is not allowed here`,
  ],
];

describe('a configuration is refused for', () => {
  it.each(CASES)('%s', (_what, text, ...messages) => {
    expectProblems(text, 'yaml', messages);
  });
});

describe('two listeners are refused', () => {
  const two = (first: string, second: string) =>
    [first, second]
      .map(
        (text, i) => `  - name: p${i}\n    listen: ${text}\n    defaultTarget: { ip: 10.0.0.1, port: 80 }\n`,
      )
      .join('')
      .replace(/^/, 'proxies:\n');

  it.each([
    [
      'on the same interface',
      '{ interfaces: [eth0, eth1], port: 80 }',
      '»{ interfaces: [eth1], port: 80 }',
      'interface eth1, port 80, tcp',
    ],
    [
      'on the same address',
      '{ address: 10.0.0.9, port: 80 }',
      '»{ address: [10.0.0.8, 10.0.0.9], interfaces: eth3, port: 80 }',
      'address 10.0.0.9, port 80, tcp',
    ],
    [
      'on the same address written differently',
      '{ address: "2001:db8:0::9", port: 80 }',
      '»{ address: "2001:DB8::9", port: 80 }',
      'address 2001:db8::9, port 80, tcp',
    ],
    [
      'on an interface and an address of it',
      '{ interfaces: eth0, port: 80 }',
      '»{ interfaces: eth0, address: 10.0.0.9, port: 80 }',
      'interface eth0, port 80, tcp',
    ],
    [
      'on an address of an interface and all of it',
      '{ interfaces: eth0, address: 10.0.0.9, port: 80 }',
      '»{ interfaces: eth0, port: 80 }',
      'interface eth0, port 80, tcp',
    ],
    [
      'for a protocol that both have',
      '{ interfaces: eth0, port: 80, protocol: udp }',
      '»{ interfaces: eth0, port: 80 }',
      'interface eth0, port 80, udp',
    ],
  ])('%s', (_what, first, second, shared) => {
    const text = two(first, second);
    const families = /db8/.test(text) ? text.replaceAll('ip: 10.0.0.1', 'ip: "2001:db8::1"') : text;
    expectProblems(families, 'yaml', [`proxies[1].listen: ${shared} is taken by "p0": f.yaml:3:13`]);
  });

  it.each([
    ['on different ports', '{ interfaces: eth0, port: 80 }', '{ interfaces: eth0, port: 81 }'],
    [
      'for different protocols',
      '{ interfaces: eth0, port: 53, protocol: udp }',
      '{ interfaces: eth0, port: 53, protocol: tcp }',
    ],
    ['on different interfaces', '{ interfaces: eth0, port: 80 }', '{ interfaces: eth1, port: 80 }'],
    [
      'on two addresses of an interface',
      '{ interfaces: eth0, address: 10.0.0.8, port: 80 }',
      '{ interfaces: eth0, address: 10.0.0.9, port: 80 }',
    ],
  ])('but not %s', (_what, first, second) => {
    expectWarnings(two(first, second), 'yaml', []);
  });
});
