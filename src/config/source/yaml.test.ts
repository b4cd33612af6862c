import { describe, expect, it } from 'vitest';
import { parseConfig } from '../load.ts';
import { expectProblems, expectWarnings, refusalOf } from '../testing/marked.ts';

const VALID = `proxies:
  - name: web
    listen: { interfaces: eth0, port: 80 }
    defaultTarget: { ip: 10.0.0.1, port: 8080 }
`;

describe('YAML files', () => {
  it.each([
    [
      'a leading zero',
      VALID.replace('8080', '»080'),
      'found 080, which some readers take for octal; expected a number without leading zero',
    ],
    ['a second document', `${VALID}»---\n`, 'a second document begins; a file has one'],
    ['a tag', VALID.replace('web', '»!x web'), 'Unresolved tag: !x'],
    [
      'an alias without anchor',
      VALID.replace('web', '»*a'),
      'the alias *a names nothing that is complete before it',
    ],
    [
      'a list as key',
      VALID.replace('name: web', 'name: web\n    ? »[a]\n    : 1'),
      'found a key that is not a word',
    ],
    [
      'a merge key',
      `${VALID}settings:\n  »<<: {}\n`,
      /^settings\["<<"\]: unknown key \(YAML 1\.2 has no merge keys\), expected one of/,
    ],
    [
      'a key twice',
      VALID.replace('port: 80 }', 'port: 80, »port: 81 }'),
      'the key "port" is here twice; first: f.yaml:3:33',
    ],
  ])('refuse %s', (_what, text, message) => {
    expectProblems(text, 'yaml', [typeof message === 'string' ? message : expect.stringMatching(message)]);
  });

  it('refuse an alias inside of what it names', () => {
    expectProblems(`${VALID}settings: &s { attach: »*s }\n`, 'yaml', [
      'the alias *s names nothing that is complete before it',
    ]);
  });

  it('share what an alias names', () => {
    const { config } = expectWarnings(
      `proxies:
  - name: a
    listen: { interfaces: eth0, port: 80 }
    defaultTarget: &pool [{ ip: 10.0.0.1, port: 8080 }, { ip: 10.0.0.2, port: 8080 }]
  - name: b
    listen: { interfaces: eth0, port: 81 }
    defaultTarget: *pool
`,
      'yaml',
      [],
    );
    expect(config.proxies[1]?.defaultTargets).toEqual(config.proxies[0]?.defaultTargets);
  });

  it('stop at aliases that multiply without end', () => {
    const level = (i: number) => `l${i + 1}: &l${i + 1} [${Array(10).fill(`*l${i}`).join(', ')}]\n`;
    const text = `l0: &l0 »[1]\n${Array.from({ length: 9 }, (_, i) => level(i)).join('')}`;
    expectProblems(text, 'yaml', ['more than 2000000 values']);
  });

  it('stop at nesting that is too deep', () => {
    const text = `${'['.repeat(65)}»[${']'.repeat(66)}`;
    expectProblems(text, 'yaml', ['nested more than 64 levels deep']);
  });

  it.each([
    ['brackets', '['],
    ['lists', '- '],
  ])('survive nesting of %s without end', (_what, opening) => {
    expect(refusalOf(() => parseConfig(opening.repeat(50_000), { format: 'yaml', file: null })).code).toBe(
      'config_invalid',
    );
  });

  it('say that an empty file is empty', () => {
    expectProblems('»# nothing\n', 'yaml', ['there is nothing in it, expected a map with "proxies"']);
  });

  it('take `on` for a text, as YAML 1.2 does', () => {
    expectProblems(`${VALID}settings: { statsEnabled: »on }\n`, 'yaml', [
      'settings.statsEnabled: found "on", expected true or false',
    ]);
  });
});
