import { describe, it } from 'vitest';
import { expectProblems } from './testing/marked.ts';
import { more, proxy, type RefusedText, settings } from './testing/texts.ts';

const CASES: readonly RefusedText[] = [
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
});
