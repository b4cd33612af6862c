import { describe, it } from 'vitest';
import { expectProblems } from './testing/marked.ts';
import { type RefusedText, target } from './testing/texts.ts';

const AT_TARGET = 'proxies[0].defaultTarget';
const AN_ADDRESS = 'expected an IPv4 or IPv6 address';

const CASES: readonly RefusedText[] = [
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
];

describe('a configuration is refused for', () => {
  it.each(CASES)('%s', (_what, text, ...messages) => {
    expectProblems(text, 'yaml', messages);
  });
});
