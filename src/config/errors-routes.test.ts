import { describe, it } from 'vitest';
import { expectProblems } from './testing/marked.ts';
import { listen, more, proxy, type RefusedText, source } from './testing/texts.ts';

const AT_LISTEN = 'proxies[0].listen';
const AT_TARGET = 'proxies[0].defaultTarget';
const AT_SOURCE = 'proxies[0].sourceRoutes[0].source';

const CASES: readonly RefusedText[] = [
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
];

describe('a configuration is refused for', () => {
  it.each(CASES)('%s', (_what, text, ...messages) => {
    expectProblems(text, 'yaml', messages);
  });
});
