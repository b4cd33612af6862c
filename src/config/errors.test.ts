import { describe, expect, it } from 'vitest';
import { expectProblems, expectWarnings } from './testing/marked.ts';

/** A proxy in YAML; what is given replaces its parts. */
function proxy(parts: { listen?: string; target?: string; more?: string } = {}): string {
  const listen = parts.listen ?? '{ interfaces: eth0, port: 80 }';
  const target = parts.target ?? '{ ip: 10.0.0.1, port: 8080 }';
  return `proxies:\n  - name: web\n    listen: ${listen}\n    defaultTarget: ${target}\n${parts.more ?? ''}`;
}

const listen = (text: string) => proxy({ listen: text });
const target = (text: string) => proxy({ target: text });
const more = (text: string) => proxy({ more: text });
const settings = (text: string) => proxy({ more: `settings: ${text}\n` });
const source = (text: string) =>
  more(`    sourceRoutes: [{ source: ${text}, target: { ip: 10.0.0.2, port: 1 } }]\n`);

const AT_LISTEN = 'proxies[0].listen';
const AT_TARGET = 'proxies[0].defaultTarget';
const AT_SOURCE = 'proxies[0].sourceRoutes[0].source';
const AN_ADDRESS = 'expected an IPv4 or IPv6 address';

const CASES: readonly (readonly [what: string, text: string, ...messages: string[]])[] = [
  ['a text instead of a map', '»hello\n', 'found "hello", expected a map with `proxies` and `settings`'],
  ['a list instead of a map', '»- a\n', 'found a list, expected a map with `proxies` and `settings`'],
  ['no proxies', '»settings: {}\n', 'proxies: is missing, expected a list of one or more proxies'],
  [
    'an empty list of proxies',
    'proxies: »[]\n',
    'proxies: found an empty list, expected a list of one or more proxies',
  ],
  [
    'a proxy that is none',
    'proxies: [»3]\n',
    'proxies[0]: found 3, expected a map with `name`, `listen` and `defaultTarget`',
  ],
  ['an unknown section', `${proxy()}»setings: {}\n`, 'setings: unknown key; did you mean `settings`?'],
  [
    'a word in kebab-case',
    more('    »source-routes: []\n'),
    'proxies[0].source-routes: unknown key; did you mean `sourceRoutes`?',
  ],
  [
    'an unknown key far from all others',
    listen('{ interfaces: eth0, port: 80, »colour: red }'),
    'proxies[0].listen.colour: unknown key, expected one of `interfaces`, `address`, `port`, `protocol`',
  ],
  [
    'a dangerous key',
    listen('{ interfaces: eth0, port: 80, »__proto__: {} }'),
    'proxies[0].listen.__proto__: unknown key, expected one of `interfaces`, `address`, `port`, `protocol`',
  ],

  [
    'a limit without a rate',
    settings('{ rateLimits: { perSource: »{ burst: 5 } } }'),
    'settings.rateLimits.perSource.requestsPerSec: is missing, expected an integer from 0 to 1000000',
  ],
  [
    'a rate, a burst and prefixes out of range',
    settings(
      '{ rateLimits: { perSource: { requestsPerSec: »1000001, burst: »0 }, ipv4PrefixLength: »7, ipv6PrefixLength: »129 } }',
    ),
    'settings.rateLimits.perSource.requestsPerSec: found 1000001, expected an integer from 0 to 1000000',
    'settings.rateLimits.perSource.burst: found 0, expected an integer from 1 to 2000000',
    'settings.rateLimits.ipv4PrefixLength: found 7, expected an integer from 8 to 32',
    'settings.rateLimits.ipv6PrefixLength: found 129, expected an integer from 16 to 128',
  ],
  [
    'a size of the table in a proxy',
    more('    rateLimits: { »maxSources: 5000 }\n'),
    'proxies[0].rateLimits.maxSources: unknown key, expected one of `perSource`, `perBackend`, `ipv4PrefixLength`, `ipv6PrefixLength`',
  ],
  [
    'a target with two limits',
    proxy({
      target: '{ ip: 10.0.0.1, port: 1, rateLimit: { requestsPerSec: 5 } }',
      more: '    sourceRoutes: [{ source: 10.0.0.0/8, target: »{ ip: 10.0.0.1, port: 1 } }]\n',
    }),
    'proxies[0].sourceRoutes[0].target: the target 10.0.0.1:1 has another `rateLimit` here than in f.yaml:4:20',
  ],
  [
    'a name that is a number',
    proxy().replace('web', '»80'),
    'proxies[0].name: found 80, expected a name of 1 to 128 printable characters',
  ],
  [
    'an empty name',
    proxy().replace('web', '»""'),
    'proxies[0].name: found "", expected a name of 1 to 128 printable characters',
  ],
  [
    'a missing name',
    proxy().replace('name: web', '»mode: nat'),
    'proxies[0].name: is missing, expected a name of 1 to 128 printable characters',
  ],
  [
    'an unknown mode',
    more('    mode: »snatt\n'),
    'proxies[0].mode: found "snatt", expected "nat" or "snat"; did you mean "snat"?',
  ],

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

  [
    'a missing target',
    'proxies:\n  - »name: web\n    listen: { interfaces: eth0, port: 80 }\n',
    `${AT_TARGET}: is missing, expected a target or a list of targets`,
  ],
  [
    'a target that is a text',
    target('»10.0.0.1:80'),
    `${AT_TARGET}: found "10.0.0.1:80", expected a target or a list of targets`,
  ],
  [
    'an empty list of targets',
    target('»[]'),
    `${AT_TARGET}: found an empty list, expected a list of targets`,
  ],
  [
    'a target without address',
    target('»{ port: 80 }'),
    `${AT_TARGET}: has neither \`ip\` nor \`host\`, expected one of them`,
  ],
  [
    'a target with two addresses',
    target('»{ ip: 10.0.0.1, host: a.example, port: 80 }'),
    `${AT_TARGET}: has both \`ip\` and \`host\`, expected one of them`,
  ],
  [
    'an octal-looking address',
    target('{ ip: »010.0.0.1, port: 80 }'),
    `${AT_TARGET}.ip: found "010.0.0.1", ${AN_ADDRESS}; a leading zero may mean octal; write 10.0.0.1`,
  ],
  [
    'a shortened address',
    target('{ ip: »"10.1", port: 80 }'),
    `${AT_TARGET}.ip: found "10.1", ${AN_ADDRESS}; an IPv4 address is four numbers; shortened forms are not accepted`,
  ],
  [
    'a shortened address that YAML reads as a number',
    target('{ ip: »10.1, port: 80 }'),
    `${AT_TARGET}.ip: found 10.1, ${AN_ADDRESS}`,
  ],
  [
    'a number above 255 in an address',
    target('{ ip: »10.0.0.256, port: 80 }'),
    `${AT_TARGET}.ip: found "10.0.0.256", ${AN_ADDRESS}; each of the four numbers is from 0 to 255`,
  ],
  [
    'an IPv4 address inside IPv6',
    target('{ ip: »"::ffff:10.0.0.1", port: 80 }'),
    `${AT_TARGET}.ip: found "::ffff:10.0.0.1", ${AN_ADDRESS}; write the IPv4 address itself: 10.0.0.1`,
  ],
  [
    'a zone id',
    target('{ ip: »fe80::1%eth0, port: 80 }'),
    `${AT_TARGET}.ip: found "fe80::1%eth0", ${AN_ADDRESS}; a zone id (%) is not allowed`,
  ],
  [
    'a link-local target',
    target('{ ip: »fe80::1, port: 80 }'),
    `${AT_TARGET}.ip: found "fe80::1", ${AN_ADDRESS}; a link-local address cannot be routed to`,
  ],
  [
    'a multicast target',
    target('{ ip: »224.0.0.1, port: 80 }'),
    `${AT_TARGET}.ip: found "224.0.0.1", ${AN_ADDRESS}; 224.0.0.1 is a multicast address, not the address of one host`,
  ],
  [
    'a target with its port in the address',
    target('{ ip: »"10.0.0.1:80", port: 80 }'),
    `${AT_TARGET}.ip: found "10.0.0.1:80", ${AN_ADDRESS}; the port is a field of its own`,
  ],
  [
    'a DNS name as address',
    target('{ ip: »a.example, port: 80 }'),
    `${AT_TARGET}.ip: found "a.example", ${AN_ADDRESS}; a DNS name belongs in \`host\``,
  ],
  [
    'an address as DNS name',
    target('{ host: »10.0.0.1, port: 80 }'),
    `${AT_TARGET}.host: found "10.0.0.1", expected a DNS name; an address belongs in \`ip\``,
  ],
  [
    'a DNS name that is none',
    target('{ host: »a..b, port: 80 }'),
    `${AT_TARGET}.host: found "a..b", expected a DNS name; letters, digits and hyphens, in labels of 63 at most`,
  ],
  [
    'a health check of unknown type',
    target('{ ip: 10.0.0.1, port: 80, healthCheck: { type: »htp } }'),
    `${AT_TARGET}.healthCheck.type: found "htp", expected "tcp", "http", "https", "udp" or "none"; did you mean "http"?`,
  ],
  [
    'an unknown key of a health check',
    target('{ ip: 10.0.0.1, port: 80, healthCheck: { »interval: 1 } }'),
    `${AT_TARGET}.healthCheck.interval: unknown key; did you mean \`intervalMs\`?`,
  ],
  [
    'a status code that is none',
    target('{ ip: 10.0.0.1, port: 80, healthCheck: { expectedCodes: [200, »20] } }'),
    `${AT_TARGET}.healthCheck.expectedCodes[1]: found 20, expected an integer from 100 to 599`,
  ],
  [
    'a payload that is no hexadecimal',
    target('{ ip: 10.0.0.1, port: 80, healthCheck: { type: udp, send: »"hex:0a0" } }'),
    `${AT_TARGET}.healthCheck.send: found "hex:0a0", expected a text, or "hex:" and hexadecimal bytes; two hexadecimal digits for each byte`,
  ],
  [
    'a file of authorities that depends on the working directory',
    target('{ ip: 10.0.0.1, port: 80, healthCheck: { type: https, caFile: »ca.pem } }'),
    `${AT_TARGET}.healthCheck.caFile: found "ca.pem", expected an absolute path; it begins with "/"`,
  ],

  [
    'weights that do not sum to 100',
    target('»[{ ip: 10.0.0.1, port: 1, weight: 50 }, { ip: 10.0.0.2, port: 1, weight: 49 }]'),
    `${AT_TARGET}: the weights sum to 99 (50 + 49), expected exactly 100`,
  ],
  [
    'a missing weight',
    target('[{ ip: 10.0.0.1, port: 1, weight: 50 }, »{ ip: 10.0.0.2, port: 1 }]'),
    `${AT_TARGET}[1]: has no \`weight\`, but 1 of the 2 targets of this pool have one; expected all (with the sum 100) or none (equal shares)`,
  ],
  [
    'a weight of 0',
    target('[{ ip: 10.0.0.1, port: 1, weight: 100 }, { ip: 10.0.0.2, port: 1, weight: »0 }]'),
    `${AT_TARGET}[1].weight: found 0, expected an integer from 1 to 100`,
  ],
  [
    'a target twice',
    target('[{ ip: 10.0.0.1, port: 1 }, »{ ip: 10.0.0.1, port: 1 }]'),
    `${AT_TARGET}[1]: the target 10.0.0.1:1 is in this pool already: f.yaml:4:21`,
  ],
  [
    'a pool of two families',
    target('[{ ip: 10.0.0.1, port: 1 }, »{ ip: "2001:db8::1", port: 1 }]'),
    `${AT_TARGET}[1]: is an IPv6 target in a pool of IPv4 targets, expected one family per pool`,
  ],

  [
    'a source that is a name',
    source('»client.example'),
    `${AT_SOURCE}: found "client.example", expected an IPv4 or IPv6 address or CIDR; it is neither`,
  ],
  [
    'a prefix length above 32',
    source('»10.0.0.0/33'),
    `${AT_SOURCE}: found "10.0.0.0/33", expected an IPv4 or IPv6 address or CIDR; the prefix length of IPv4 is a number from 0 to 32`,
  ],
  [
    'a prefix length with a leading zero',
    source('»10.0.0.0/08'),
    `${AT_SOURCE}: found "10.0.0.0/08", expected an IPv4 or IPv6 address or CIDR; the prefix length of IPv4 is a number from 0 to 32`,
  ],
  [
    'an octal-looking source',
    source('»10.010.0.0/16'),
    `${AT_SOURCE}: found "10.010.0.0/16", expected an IPv4 or IPv6 address or CIDR; a leading zero may mean octal; write 10.10.0.0`,
  ],
  [
    'an IPv4 source with an IPv6 target',
    more('    sourceRoutes: [{ source: 10.0.0.0/8, target: »{ ip: "2001:db8::1", port: 1 } }]\n'),
    'proxies[0].sourceRoutes[0].target: has IPv6 targets, but its `source` 10.0.0.0/8 is IPv4; families are not translated',
  ],
  [
    'a route without targets',
    more('    sourceRoutes: [»{ source: 10.0.0.0/8 }]\n'),
    'proxies[0].sourceRoutes[0]: has neither `target` nor `targets`, expected one of them',
  ],
  [
    'a route with both kinds of targets',
    more(
      '    sourceRoutes: [»{ source: 10.0.0.0/8, target: { ip: 10.0.0.1, port: 1 }, targets: [{ ip: 10.0.0.1, port: 1 }] }]\n',
    ),
    'proxies[0].sourceRoutes[0]: has both `target` and `targets`, expected one of them',
  ],
  [
    'routes that are no list',
    more('    sourceRoutes: »{}\n'),
    'proxies[0].sourceRoutes: found a map, expected a list of source routes',
  ],
  [
    'the same source twice',
    more(
      '    sourceRoutes:\n      - { source: 10.0.0.7, target: { ip: 10.0.0.2, port: 1 } }\n      - { source: »10.0.0.7/32, target: { ip: 10.0.0.3, port: 1 } }\n',
    ),
    'proxies[0].sourceRoutes[1].source: 10.0.0.7/32 has a route already: f.yaml:6:19',
  ],
  [
    'the same host name twice',
    more(
      '    sniRoutes:\n      - { sniHostname: a.example, target: { ip: 10.0.0.2, port: 1 } }\n      - { sniHostname: »A.example, target: { ip: 10.0.0.3, port: 1 } }\n',
    ),
    'proxies[0].sniRoutes[1].sniHostname: a.example has a route already: f.yaml:6:24',
  ],
  [
    'a wildcard within a host name',
    more('    sniRoutes: [{ sniHostname: »"a.*.example", target: { ip: 10.0.0.2, port: 1 } }]\n'),
    'proxies[0].sniRoutes[0].sniHostname: found "a.*.example", expected a host name, or `*.` and a host name; a `*` stands for the whole first label, and nowhere else',
  ],
  [
    'a wildcard for every name',
    more('    sniRoutes: [{ sniHostname: »"*", target: { ip: 10.0.0.2, port: 1 } }]\n'),
    'proxies[0].sniRoutes[0].sniHostname: found "*", expected a host name, or `*.` and a host name; letters, digits and hyphens, in labels of 63 at most',
  ],
  [
    'SNI routes over UDP',
    proxy({
      listen: '{ interfaces: eth0, port: 443, protocol: udp }',
      more: '    sniRoutes: »[{ sniHostname: a.example, target: { ip: 10.0.0.2, port: 1 } }]\n',
    }),
    'proxies[0].sniRoutes: SNI routes need TCP, but `listen` accepts only UDP',
  ],
  [
    'an IPv4 listener with IPv6 targets',
    proxy({ listen: '{ address: 10.0.0.9, port: 80 }', target: '»{ ip: "2001:db8::1", port: 1 }' }),
    `${AT_TARGET}: has IPv6 targets, but \`listen\` has only IPv4 addresses; families are not translated`,
  ],
  [
    'an IPv4 listener with an IPv6 route',
    proxy({
      listen: '{ address: 10.0.0.9, port: 80 }',
      more: '    sourceRoutes: [{ source: "2001:db8::/32", target: »{ ip: "2001:db8::1", port: 1 } }]\n',
    }),
    'proxies[0].sourceRoutes[0].target: has IPv6 targets, but `listen` has only IPv4 addresses; families are not translated',
  ],
  [
    'a listener of both families with IPv4 targets',
    listen('{ address: »[10.0.0.9, "2001:db8::9"], port: 80 }'),
    `${AT_LISTEN}.address: has IPv6 addresses, but no target of this proxy is IPv6; write one proxy per family`,
  ],

  [
    'a timeout of 0',
    settings('{ connectionTimeoutSec: »0 }'),
    'settings.connectionTimeoutSec: found 0, expected an integer from 1 to 31536000',
  ],
  [
    'a size below the range',
    settings('{ maxConnections: »-1 }'),
    'settings.maxConnections: found -1, expected an integer from 1 to 50000000',
  ],
  [
    'a flag in quotes',
    settings('{ statsEnabled: »"true" }'),
    'settings.statsEnabled: found "true", expected true or false',
  ],
  [
    'an unknown attach mode',
    settings('{ attach: »nativ }'),
    'settings.attach: found "nativ", expected "auto", "native", "generic", "tc" or a map from interface to one of these; did you mean "native"?',
  ],
  [
    'an unknown attach mode of an interface',
    settings('{ attach: { eth0: tc, my-if: »tcx } }'),
    'settings.attach.my-if: found "tcx", expected "auto", "native", "generic" or "tc"; did you mean "tc"?',
  ],
  [
    'an attach mode of no interface',
    settings('{ attach: { »"a/b": tc } }'),
    'settings.attach["a/b"]: expected the name of an interface; without spaces, "/" or ":"',
  ],
  [
    'reply interfaces that are one name',
    settings('{ replyInterfaces: »eth1 }'),
    'settings.replyInterfaces: found "eth1", expected "auto", "none" or a list of interface names',
  ],
  [
    'a path of metrics without slash',
    settings('{ metrics: { path: »metrics } }'),
    'settings.metrics.path: found "metrics", expected a path that begins with "/"',
  ],
  ['settings that are empty', `${proxy()}settings: »~\n`, 'settings: found null, expected a map of settings'],
];

describe('a configuration is refused for', () => {
  it.each(CASES)('%s', (_what, text, ...messages) => {
    expectProblems(text, 'yaml', messages);
  });

  it('every problem at once, in the order of the file', () => {
    expectProblems(
      `proxies:
  - name: web
    listen: { interfaces: eth0, port: »0 }
    defaultTarget: »[{ ip: »10.1.1, port: 1, weight: 50 }, { ip: 10.0.0.2, port: »x, weight: 20 }]
    sourceRoutes: [{ source: »10.0.0, target: { ip: 10.0.0.1, port: 1, »wieght: 3 } }]
  - name: »web
    listen: { interfaces: eth0, port: 81 }
    defaultTarget: { ip: 10.0.0.1, port: 80 }
settings: { attach: »xdp }
`,
      'yaml',
      [
        expect.stringContaining('listen.port: found 0'),
        expect.stringContaining('weights sum to 70'),
        expect.stringContaining('[0].ip: found "10.1.1"'),
        expect.stringContaining('[1].port: found "x"'),
        expect.stringContaining('source: found "10.0.0"'),
        expect.stringContaining('target.wieght: unknown key; did you mean `weight`?'),
        expect.stringContaining('proxies[1].name: the name "web" is taken by f.yaml:2:11; names are unique'),
        expect.stringContaining('settings.attach: found "xdp"'),
      ],
    );
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

describe('a configuration is accepted with a warning for', () => {
  it('a CIDR with host bits, which it clears', () => {
    const { config } = expectWarnings(source('»192.168.1.5/24'), 'yaml', [
      `${AT_SOURCE}: 192.168.1.5/24 has bits set behind its prefix length; it is read as 192.168.1.0/24`,
    ]);
    expect(config.proxies[0]?.sourceRoutes[0]?.source).toBe('192.168.1.0/24');
  });

  it('a refresh time of a target that has no name', () => {
    expectWarnings(target('{ ip: 10.0.0.1, port: 80, dnsRefreshSeconds: »5 }'), 'yaml', [
      `${AT_TARGET}.dnsRefreshSeconds: has no effect on a target with \`ip\``,
    ]);
  });
});

const EDN_PROXY =
  '{:name "web" :listen {:interfaces ["eth0"] :port 80} :default-target {:ip "10.0.0.1" :port 80}}';

describe('texts of every format', () => {
  it('are told of in their own words and places', () => {
    expectProblems(
      '{:proxies [{:name "web"\n  :listen {:interfaces ["eth0"] :port »0}\n  »:default-taget {}\n  :default-target »{:port 80}}]}',
      'edn',
      [
        'proxies[0].listen.port: found 0, expected an integer from 1 to 65535',
        'proxies[0].default-taget: unknown key; did you mean `default-target`?',
        'proxies[0].default-target: has neither `ip` nor `host`, expected one of them',
      ].map((message) => expect.stringContaining(message)),
    );
  });

  it('are told of by line and column in JSON', () => {
    expectProblems(
      '{\n  "proxies": [\n    { "name": "web", "listen": { "interfaces": "eth0", "port": »"80" },\n      "defaultTarget": { "ip": "10.0.0.1", "port": 1 }, »"name": "x" }\n  ]\n}',
      'json',
      [
        'proxies[0].listen.port: found "80", expected an integer from 1 to 65535',
        'the key "name" is here twice; first: f.json:3:7',
      ],
    );
  });

  it.each([
    ['edn', '{:proxies [»}', 'found "}", expected "]"'],
    ['json', '{"proxies": [»}', 'found "}", expected a value'],
    ['yaml', 'proxies: "abc»', 'Missing closing "quote'],
    ['edn', '»; nothing', 'there is nothing in it, expected a map with "proxies"'],
    ['json', '»', 'found the end of the text, expected a value'],
    [
      'edn',
      `{:proxies [${EDN_PROXY.replace('"web"', '»web')}]}`,
      'found the symbol web; a text needs double quotes',
    ],
    ['edn', `{:proxies [${EDN_PROXY}] »3 4}`, 'found a key that is neither a keyword nor a string'],
    ['edn', `{:proxies [${EDN_PROXY}] »:proxies []}`, 'the key "proxies" is here twice; first: f.edn:1:2'],
  ] as const)('in %s are told where the text is wrong: %s', (format, text, message) => {
    expectProblems(text, format, [expect.stringContaining(message)]);
  });

  it('cannot send codes to a terminal', () => {
    expectProblems('{"proxies": [], »"a\\u001b[31m\\n": 1}'.replace('[]', '»[]'), 'json', [
      expect.stringContaining('proxies: found an empty list'),
      expect.stringContaining('["a\\u001b[31m\\n"]: unknown key'),
    ]);
    const named = EDN_PROXY.replace('"web"', '»»\u001bx');
    expectProblems(`{:proxies [${named}]}`, 'edn', [
      expect.stringContaining('found the symbol \\u001bx;'),
      expect.stringContaining('found "\\u001bx", expected a name'),
    ]);
  });

  it('may begin with a byte order mark', () => {
    expectWarnings(`\uFEFF{:proxies [${EDN_PROXY}]}`, 'edn', []);
    expectWarnings(`\uFEFF${proxy()}`, 'yaml', []);
    expectProblems('\uFEFF[»}', 'json', ['found "}", expected a value']);
  });
});
