import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SourceSyntaxError } from '../source/cursor.ts';
import { ednString } from '../testing/render.ts';
import { type EdnValue, readEdn } from './index.ts';

/** A value without its positions, short enough to compare: keywords as `:name`, symbols as `'name`. */
function bare(value: EdnValue | undefined): unknown {
  if (value === undefined) return undefined;
  switch (value.kind) {
    case 'nil':
      return null;
    case 'keyword':
      return `:${value.name}`;
    case 'symbol':
      return `'${value.name}`;
    case 'map':
      return { map: value.entries.map((entry) => [bare(entry.key), bare(entry.value)]) };
    case 'list':
    case 'vector':
    case 'set':
      return { [value.kind]: value.items.map(bare) };
    default:
      return value.value;
  }
}

describe('readEdn', () => {
  it.each([
    ['8080', 8080],
    ['+5', 5],
    ['-3', -3],
    ['0', 0],
    ['1.5e3', 1500],
    ['2.', 2],
    ['7N', 7],
    ['1.5M', 1.5],
    ['0x1F', 31],
    ['-0x1F', -31],
    ['true', true],
    ['false', false],
    ['nil', null],
    [':tcp', ':tcp'],
    [':default-target', ':default-target'],
    [':a.b/c', ':a.b/c'],
    ['eth0', "'eth0"],
    ['-', "'-"],
    ['/', "'/"],
    ['"a\\"b\\\\c\\n\\t\\u0041"', 'a"b\\c\n\tA'],
    ['"two\nlines"', 'two\nlines'],
    ['\\a', 'a'],
    ['\\newline', '\n'],
    ['\\u0041', 'A'],
    ['\\(', '('],
    ['[1 2]', { vector: [1, 2] }],
    ['(1,2)', { list: [1, 2] }],
    ['#{1 2}', { set: [1, 2] }],
    [
      '{:a 1, :b [2]}',
      {
        map: [
          [':a', 1],
          [':b', { vector: [2] }],
        ],
      },
    ],
    ['; note\n[1 ; two\n 2]; end', { vector: [1, 2] }],
    ['[1 #_2 3]', { vector: [1, 3] }],
    ['[1 #_ #_ 2 3 4]', { vector: [1, 4] }],
    ['[1 #_2 #_3 4]', { vector: [1, 4] }],
    ['"\\b\\f\\r"', '\b\f\r'],
    ['\\backspace', '\b'],
    ['[1 #_{:a #_"b" [c]}]', { vector: [1] }],
    ['{:a #_1 2 #_:b}', { map: [[':a', 2]] }],
    ['#_ nothing', undefined],
    [' ,; blank\n', undefined],
  ])('reads %s', (text, expected) => {
    expect(bare(readEdn(text))).toEqual(expected);
  });

  it.each([
    ['{:a 1', 0, 'found no "}" that closes this bracket'],
    ['[1 (2 3]', 7, 'found "]", expected ")"'],
    ['[1]]', 3, 'found "]" after the end of the value; a bracket may close too early'],
    ['{:a}', 1, 'found a key without a value: a map has an even number of forms'],
    ['["abc', 1, 'found a string that has no end'],
    ['"a\\qb"', 2, 'found \\q, expected one of'],
    ['#inst "2024-01-01"', 0, 'found a tagged literal (#), which a configuration does not use'],
    ['##Inf', 0, 'found a tagged literal'],
    ['080', 0, 'found 080, which EDN takes for octal; expected a number without leading zero'],
    ['1/2', 0, 'found 1/2, a ratio, expected a whole number'],
    ['10.0.0.1', 0, 'found 10.0.0.1, which is not a number; a text needs double quotes'],
    ["'a", 0, "found 'a, which is neither a keyword nor a symbol"],
    ['::a', 0, 'found ::a, which is neither'],
    [':', 0, 'found :, which is neither'],
    ['^:a {}', 0, 'found "^", expected a value'],
    ['[1 #_]', 5, 'found "]", expected a value'],
    ['[1 #_', 3, 'found nothing that #_ discards'],
    ['\\nope', 0, 'found \\nope, expected a character'],
    ['['.repeat(100), 65, 'nested more than 64 levels deep'],
    ['#_'.repeat(100_000), 130, 'nested more than 64 levels deep'],
  ])('refuses %s', (text, offset, message) => {
    const error = thrownBy(() => readEdn(text));
    expect(error).toBeInstanceOf(SourceSyntaxError);
    expect(error).toMatchObject({ offset, message: expect.stringContaining(message) });
  });

  it('reads back every value that was written', () => {
    fc.assert(
      fc.property(written, ({ text, value }) => {
        expect(bare(readEdn(text))).toEqual(value);
      }),
    );
  });

  it('throws nothing but its own error, whatever the text', () => {
    const pieces = fc.constantFrom(
      ...'[](){}#_"\\:;,\'^/ \n0189-+.eaNM',
      '#_',
      '#{',
      ':a',
      '"x"',
      'nil',
      '\\u0041',
    );
    const texts = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.array(pieces, { maxLength: 60 }).map((all) => all.join('')),
    );
    fc.assert(
      fc.property(texts, (text) => {
        const error = thrownBy(() => readEdn(text));
        expect(error === undefined || error instanceof SourceSyntaxError).toBe(true);
        if (error instanceof SourceSyntaxError) expect(error.offset).toBeLessThanOrEqual(text.length);
      }),
      { numRuns: 2000 },
    );
  });
});

function thrownBy(call: () => unknown): unknown {
  try {
    call();
  } catch (error) {
    return error;
  }
  return undefined;
}

interface Written {
  readonly text: string;
  readonly value: unknown;
}

const blank = fc.constantFrom(' ', ', ', '\n', ' ; note\n', ' #_ 1 ', ' #_[a {}]');
const word = fc
  .stringMatching(/^[a-z][a-z0-9-]{0,8}$/)
  .filter((name) => !['nil', 'true', 'false'].includes(name));
const atom: fc.Arbitrary<Written> = fc.oneof(
  fc.string({ unit: 'binary' }).map((value) => ({ text: ednString(value), value })),
  fc
    .double({ noNaN: true, noDefaultInfinity: true })
    .filter((value) => !Object.is(value, -0))
    .map((value) => ({ text: String(value), value })),
  fc.maxSafeInteger().map((value) => ({ text: String(value), value })),
  fc.boolean().map((value) => ({ text: String(value), value })),
  fc.constant({ text: 'nil', value: null }),
  word.map((name) => ({ text: `:${name}`, value: `:${name}` })),
  word.map((name) => ({ text: name, value: `'${name}` })),
);

const { written } = fc.letrec<{ written: Written }>((tie) => ({
  written: fc.oneof({ maxDepth: 5 }, atom, collection(tie('written')), mapping(tie('written'))),
}));

function collection(item: fc.Arbitrary<Written>): fc.Arbitrary<Written> {
  const brackets = fc.constantFrom(['vector', '[', ']'], ['list', '(', ')'], ['set', '#{', '}']);
  return fc
    .tuple(brackets, fc.array(item, { maxLength: 4 }), blank)
    .map(([[kind = '', open, close], items, gap]) => ({
      text: `${open}${items.map(({ text }) => text).join(gap)}${gap}${close}`,
      value: { [kind]: items.map(({ value }) => value) },
    }));
}

function mapping(item: fc.Arbitrary<Written>): fc.Arbitrary<Written> {
  return fc.tuple(fc.array(fc.tuple(item, item), { maxLength: 4 }), blank).map(([entries, gap]) => ({
    text: `{${entries.map(([key, value]) => `${key.text}${gap}${value.text}`).join(gap)}}`,
    value: { map: entries.map(([key, value]) => [key.value, value.value]) },
  }));
}
