import { describe, expect, it } from 'vitest';
import { changeConfig } from './changes/apply.ts';
import { formatConfig } from './document/text.ts';
import { parseConfig } from './load.ts';
import type { Config } from './model.ts';
import { expectProblems } from './testing/marked.ts';

/** A proxy with a route of each kind; settings go where they belong. */
function yaml({ proxy = '', target = '', source = '', inner = '', protocol = 'tcp' } = {}): string {
  return `proxies:
  - name: web
    listen: { interfaces: eth0, port: 80, protocol: ${protocol} }
${proxy}    defaultTarget: { ip: 10.0.0.1, port: 80${target} }
    sourceRoutes: [{ source: 10.0.0.0/8, ${source}target: { ip: 10.0.0.2, port: 1${inner} } }]
    sniRoutes: [{ sniHostname: a.example, target: { ip: 10.0.0.3, port: 1 } }]
`;
}

const read = (text: string) => parseConfig(text, { format: 'yaml', file: null }).config;

/** What the targets of the default pool, the source route and the SNI route get. */
function headers({ proxies: [proxy] }: Config): readonly unknown[] {
  const pools = [proxy?.defaultTargets, proxy?.sourceRoutes[0]?.targets, proxy?.sniRoutes[0]?.targets];
  return pools.map((targets) => targets?.at(-1)?.proxyProtocol ?? 'none');
}

const CASES = [
  { parts: {}, got: ['none', 'none', 'none'] },
  { parts: { target: ', proxyProtocol: v2' }, got: ['v2', 'none', 'none'] },
  { parts: { proxy: '    proxyProtocol: v2\n' }, got: ['v2', 'v2', 'v2'] },
  { parts: { source: 'proxyProtocol: v2, ' }, got: ['none', 'v2', 'none'] },
  {
    parts: {
      proxy: '    proxyProtocol: v2\n',
      source: 'proxyProtocol: none, ',
      target: ', proxyProtocol: none',
    },
    got: ['none', 'none', 'v2'],
  },
  { parts: { source: 'proxyProtocol: none, ', inner: ', proxyProtocol: v2' }, got: ['none', 'v2', 'none'] },
];

describe('the PROXY protocol', () => {
  it.each(CASES)('is $got with $parts', ({ parts, got }) => {
    expect(headers(read(yaml(parts)))).toEqual(got);
  });

  it.each(CASES)('stays so when the configuration is written and read again: $parts', ({ parts }) => {
    const config = read(yaml(parts));
    expect(read(formatConfig(config, 'yaml'))).toEqual(config);
  });

  it('is given to targets and routes that come later', () => {
    const config = read(yaml({ proxy: '    proxyProtocol: v2\n', source: 'proxyProtocol: none, ' }));
    const grown = [
      { kind: 'addTarget', proxy: 'web', pool: undefined, target: { ip: '10.0.0.7', port: 80 } },
      { kind: 'addTarget', proxy: 'web', pool: '10.0.0.0/8', target: { ip: '10.0.0.8', port: 80 } },
      {
        kind: 'addSniRoute',
        proxy: 'web',
        route: { sniHostname: 'b.example', target: { ip: '10.0.0.9', port: 80 } },
      },
    ] as const;
    const after = grown.reduce<Config>((before, change) => changeConfig(before, change).config, config);
    expect(headers(after)).toEqual(['v2', 'none', 'v2']);
    expect(after.proxies[0]?.sniRoutes[1]?.targets[0]?.proxyProtocol).toBe('v2');
  });

  it.each([
    { protocol: 'udp', found: 'only UDP' },
    { protocol: 'both', found: 'UDP too' },
  ])('is refused where `listen` accepts $protocol', ({ protocol, found }) => {
    expectProblems(
      `proxies:
  - name: dns
    listen: { interfaces: eth0, port: 53, protocol: ${protocol} }
    defaultTarget: »{ ip: 10.0.0.1, port: 53, proxyProtocol: v2 }
`,
      'yaml',
      [
        `proxies[0].defaultTarget: the target 10.0.0.1:53 has \`proxyProtocol\`, which is for TCP, but \`listen\` accepts ${found}; write \`protocol: tcp\` there, and another proxy for UDP`,
      ],
    );
  });

  it('is one thing for a target, in whatever pool it is, and of no other version', () => {
    expectProblems(
      `proxies:
  - name: web
    listen: { interfaces: eth0, port: 80, protocol: tcp }
    defaultTarget: { ip: 10.0.0.1, port: 80, proxyProtocol: v2 }
    sourceRoutes: [{ source: 10.0.0.0/8, target: »{ ip: 10.0.0.1, port: 80 } }]
    sniRoutes: [{ sniHostname: a.example, target: { ip: 10.0.0.3, port: 1, proxyProtocol: »v1 } }]
`,
      'yaml',
      [
        'proxies[0].sourceRoutes[0].target: the target 10.0.0.1:80 has another `proxyProtocol` here than in f.yaml:4:20',
        'proxies[0].sniRoutes[0].target.proxyProtocol: found "v1", expected "none" or "v2"; did you mean "v2"?',
      ],
    );
  });
});
