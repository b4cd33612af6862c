import { describe, expect, it } from 'vitest';
import { expectProblems, expectWarnings } from './testing/marked.ts';
import { listen, more, proxy, type RefusedText, source, target } from './testing/texts.ts';

const AT_TARGET = 'proxies[0].defaultTarget';
const AT_SOURCE = 'proxies[0].sourceRoutes[0].source';

const CASES: readonly RefusedText[] = [
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
