import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readJson } from './json.ts';
import { toPlain } from './plain.ts';

function accepts(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

describe('readJson', () => {
  it('reads every JSON value as JSON.parse does', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 5 }), fc.constantFrom(undefined, 1, '\t'), (value, indent) => {
        const { root, problems } = readJson(JSON.stringify(value, null, indent));
        expect(problems).toEqual([]);
        const plain = root && toPlain(root, () => expect.unreachable('a key twice')).value;
        expect(JSON.stringify(plain)).toBe(JSON.stringify(value));
      }),
    );
  });

  it('accepts and refuses the same texts as JSON.parse', () => {
    const pieces = fc.constantFrom(
      ...'[]{},:"\\ \n01-+.eEtrufalsn',
      'true',
      'null',
      '"a"',
      '"a":',
      '1',
      '\u0000',
      '"\\u0041"',
    );
    fc.assert(
      fc.property(fc.array(pieces, { maxLength: 12 }), (all) => {
        const text = all.join('');
        expect(readJson(text).root !== undefined).toBe(accepts(text));
      }),
      { numRuns: 5000 },
    );
  });

  it.each([
    ['{"a": 1,}', 8, 'found "}", expected a value; JSON allows no comma at the end'],
    ['{"a": 010}', 6, 'found 010, but JSON numbers have no leading zero'],
    ["{'a': 1}", 1, 'found "\'", expected a key in double quotes'],
    ['[1 2]', 3, 'found "2", expected "," or "]"'],
    ['[1] x', 4, 'found "x", expected the end of the text'],
    ['// note\n1', 0, 'found "/", expected a value; JSON has no comments'],
    ['{"a": "b', 6, 'a string that has no end, or a wrong escape in it'],
    ['[', 1, 'found the end of the text, expected a value'],
    ['{"a" 1}', 5, 'found "1", expected ":"'],
    ['[yes]', 1, 'found yes, expected a value'],
    ['['.repeat(100_000), 65, 'nested more than 64 levels deep'],
  ])('says where %s is wrong', (text, offset, message) => {
    expect(readJson(text)).toEqual({ root: undefined, problems: [{ offset, message }] });
  });
});
