import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readPlainYaml } from './plain-yaml.ts';
import { readYaml } from './yaml.ts';

const EXAMPLES = fileURLToPath(new URL('../../../examples', import.meta.url));
const RUNS = Number(process.env.PLAIN_YAML_RUNS ?? 2000);

const key = fc.constantFrom('name', 'port', 'a', 'b_1', 'eth0.100', 'x-y', 'true', 'null');
const word = fc.constantFrom(
  ...[
    'web',
    '10.0.0.1',
    '10.0.0.0/8',
    'fd00::1',
    '2001:db8::/32',
    'a.example',
    '80',
    '0',
    '4294967296',
    'true',
  ],
  ...[
    'False',
    'null',
    'NULL',
    'Null',
    'nUll',
    'True',
    'TRUE',
    'tRue',
    'FALSE',
    'yes',
    'no',
    'on',
    '12:30:45',
    '1.2.3',
    '5s',
    '_x',
    '/run/a.sock',
    '"q # x"',
    "'y: z'",
    '""',
  ],
  ...["'*.example.com'", '"ü"', 'e5', '0b1', '1_000', 'a-b', 'c+d'],
);
const space = fc.constantFrom('', ' ', '  ');
const comment = fc.constantFrom('', '', '', ' # why', '  #: {', ' # ü "');
const blank = fc.constantFrom('', '', '', '\n', '# a comment: [\n', '        # deep\n', '  \n');

/** A value within a line. */
const { inline } = fc.letrec<{ inline: string }>((tie) => ({
  inline: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    word,
    fc
      .tuple(space, fc.array(fc.tuple(key, tie('inline'), space), { maxLength: 3 }))
      .map(([gap, all]) => `{${gap}${all.map(([k, v, after]) => `${k}: ${v}${after}`).join(`,${gap}`)}}`),
    fc
      .tuple(space, fc.array(tie('inline'), { maxLength: 3 }))
      .map(([gap, all]) => `[${gap}${all.join(`${gap},${gap}`)}${gap}]`),
  ),
}));

type Block =
  | { readonly kind: 'inline'; readonly text: string; readonly comment: string }
  | {
      readonly kind: 'map' | 'list';
      readonly items: readonly Item[];
      readonly more: number;
      readonly comment: string;
    };
type Item = readonly [key: string, value: Block, before: string];

const { block } = fc.letrec<{ block: Block; map: Block }>((tie) => {
  const items = fc.array(fc.tuple(key, tie('block'), blank), { minLength: 1, maxLength: 4 });
  const of = (kind: 'map' | 'list') =>
    fc.record({ kind: fc.constant(kind), items, more: fc.nat({ max: 3 }), comment });
  const line = fc.record({ kind: fc.constant('inline' as const), text: inline, comment });
  return { map: of('map'), block: fc.oneof({ depthSize: 'small' }, line, of('map'), of('list')) };
});

/** A value as text, after its key or dash; lists may stand right below their key. */
function write(value: Block, indent: number): string {
  if (value.kind === 'inline') return ` ${value.text}${value.comment}\n`;
  const column = value.kind === 'map' ? indent + 1 + value.more : indent + value.more;
  return `${value.comment}\n${writeItems(value, column)}`;
}

function writeItems({ kind, items }: Exclude<Block, { kind: 'inline' }>, column: number): string {
  const pad = ' '.repeat(column);
  return items
    .map(([name, value, before]) => {
      if (kind === 'map') return `${before}${pad}${name}:${write(value, column)}`;
      if (value.kind === 'inline') return `${before}${pad}-${write(value, column)}`;
      const inside: Block = { kind: 'map', items: value.items, more: 0, comment: '' };
      return `${before}${pad}- ${writeItems(inside, column + 2)
        .replace(/^(?: *#.*\n| *\n)*/, '')
        .trimStart()}`;
    })
    .join('');
}

const text = block.map((value) => {
  const root: Block =
    value.kind === 'inline' ? { kind: 'map', items: [['a', value, '']], more: 0, comment: '' } : value;
  return writeItems(root, 0);
});

/** Texts with something put in, taken out or put in the place of something. */
const spoilt = fc
  .tuple(
    text,
    fc.array(
      fc.record({
        at: fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true }),
        taken: fc.nat({ max: 2 }),
        put: fc.oneof(
          fc.constantFrom(
            '',
            ' ',
            '  ',
            '\n',
            '- ',
            ': ',
            ':',
            ',',
            '#',
            ' #',
            '"',
            "'",
            '\\',
            '\t',
            '\r',
            '{',
            '}',
          ),
          fc.constantFrom(
            '[',
            ']',
            '&a ',
            '*a',
            '!x ',
            '|',
            '>',
            '? ',
            '---\n',
            '...\n',
            '%',
            '@',
            '~',
            '<<: ',
            '0',
            '08',
          ),
          fc.constantFrom(
            '0x1f',
            '0o7',
            '1e3',
            '1.5',
            '-1',
            '.5',
            '.inf',
            '\u00a0',
            '\u2028',
            '\ufeff',
            'word',
            '-',
            '-\n',
          ),
          fc.constantFrom(
            '\n  ',
            '\n    x',
            '::',
            '::1',
            'a:',
            '`',
            '=',
            '$',
            '(',
            '+',
            '\u0085',
            '- - ',
            '- a: b\n',
          ),
        ),
      }),
      { minLength: 1, maxLength: 3 },
    ),
  )
  .map(([whole, faults]) =>
    faults.reduce((now, { at, taken, put }) => {
      const index = Math.floor(at * (now.length + 1));
      return now.slice(0, index) + put + now.slice(index + taken);
    }, whole),
  );

/** The configurations that people are shown. */
const examples = readdirSync(EXAMPLES).filter((file) => file.endsWith('.yaml'));

describe('the reader of plain YAML', () => {
  it('reads plain YAML, as the reader of all YAML does', () => {
    fc.assert(
      fc.property(text, (whole) => {
        const root = readPlainYaml(whole);
        expect(root).toBeDefined();
        expect({ root, problems: [] }).toEqual(readYaml(whole));
      }),
      { numRuns: RUNS },
    );
  });

  it('reads nothing else otherwise than the reader of all YAML', () => {
    let read = 0;
    fc.assert(
      fc.property(spoilt, (whole) => {
        const root = readPlainYaml(whole);
        if (root === undefined) return;
        read += 1;
        expect({ root, problems: [] }).toEqual(readYaml(whole));
      }),
      { numRuns: RUNS },
    );
    // Faults that nobody minds are among them, and those that make another text: one in twenty, more or less.
    expect(read).toBeGreaterThan(RUNS / 50);
  });

  it.each([
    ['an anchor', 'a: &x 1\nb: *x\n'],
    ['a leading zero', 'a: 010\n'],
    ['a fraction', 'a: 1.5\n'],
    ['a hexadecimal number', 'a: 0x10\n'],
    ['a key without a value', 'a:\nb: 1\n'],
    ['a text over lines', 'a: one\n  two\n'],
    ['a block of text', 'a: |\n  one\n'],
    ['a quoted text with an escape', 'a: "\\n"\n'],
    ['a map over lines', 'a: { b: 1,\n  c: 2 }\n'],
    ['a comma at the end', 'a: [1, ]\n'],
    ['a tab', 'a:\tb\n'],
    ['lines that end as on Windows', 'a: b\r\n'],
    ['a second document', 'a: b\n---\n'],
    ['nothing', ''],
    ['wrong columns', 'a:\n    b: 1\n  c: 1\n'],
    ['nesting without end', `a: ${'['.repeat(10_000)}`],
  ])('leaves %s to the other', (_what, whole) => {
    expect(readPlainYaml(whole)).toBeUndefined();
  });

  it('reads the examples', () => {
    expect(examples.length).toBeGreaterThan(0);
    for (const file of examples) {
      const whole = readFileSync(`${EXAMPLES}/${file}`, 'utf8');
      expect({ root: readPlainYaml(whole), problems: [] }, file).toEqual(readYaml(whole));
    }
  });
});
