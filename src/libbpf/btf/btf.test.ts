import { describe, expect, it } from 'vitest';
import { readBtf, resolveId, typeById, typedefNames, variablesOf } from './btf.ts';

const STRINGS = ['', 'int', '__u16', '__be16', 'port', '.rodata', 'point', 'x', 'color', 'RED', 'BLUE'];

function nameOffset(name: string): number {
  return STRINGS.slice(0, STRINGS.indexOf(name)).reduce((sum, text) => sum + text.length + 1, 0);
}

/** A type record: name, kind, count of what follows, size or type id, and the words that follow. */
function record(name: string, kind: number, count: number, sizeOrType: number, ...words: number[]): Buffer {
  const all = [nameOffset(name), ((kind << 24) | count) >>> 0, sizeOrType, ...words];
  const bytes = Buffer.alloc(all.length * 4);
  all.forEach((word, index) => void bytes.writeUInt32LE(word, index * 4));
  return bytes;
}

function blob(...records: Buffer[]): Buffer {
  const types = Buffer.concat(records);
  const strings = Buffer.from(STRINGS.map((text) => `${text}\0`).join(''));
  const header = Buffer.alloc(24);
  header.writeUInt16LE(0xeb9f, 0);
  header.writeUInt8(1, 2);
  header.writeUInt32LE(24, 4);
  header.writeUInt32LE(types.length, 12);
  header.writeUInt32LE(types.length, 16);
  header.writeUInt32LE(strings.length, 20);
  return Buffer.concat([header, types, strings]);
}

describe('type information', () => {
  const btf = readBtf(
    blob(
      record('int', 1, 0, 2, 16), // 1: two bytes, unsigned
      record('__u16', 8, 0, 1), // 2: typedef
      record('__be16', 8, 0, 2), // 3: typedef
      record('', 9, 0, 3), // 4: volatile
      record('port', 14, 0, 4, 1), // 5: variable
      record('.rodata', 15, 1, 2, 5, 8, 2), // 6: data section, port at 8
      record('point', 4, 1, 2, nameOffset('x'), 3, 0), // 7: struct
      record('color', 6, 2, 4, nameOffset('RED'), 0, nameOffset('BLUE'), 5), // 8: enum
    ),
  );

  it('is followed through typedefs and qualifiers', () => {
    expect(resolveId(btf, 4)).toBe(1);
    expect(typeById(btf, 1)).toEqual({ kind: 'int', name: 'int', size: 2, encoding: 'unsigned' });
    expect(typedefNames(btf, 4)).toEqual(['__be16', '__u16']);
    expect(typedefNames(btf, 7)).toEqual([]);
  });

  it('says where the variables of a section are', () => {
    expect(variablesOf(btf, '.rodata')).toEqual([{ name: 'port', type: 4, offset: 8, size: 2 }]);
    expect(variablesOf(btf, '.bss')).toEqual([]);
  });

  it('has structs with their members and enums with their values', () => {
    expect(typeById(btf, 7)).toMatchObject({
      kind: 'struct',
      members: [{ name: 'x', type: 3, bitOffset: 0 }],
    });
    expect(typeById(btf, 8)).toMatchObject({
      values: [
        { name: 'RED', value: 0n },
        { name: 'BLUE', value: 5n },
      ],
    });
  });

  it('is refused when it is something else, of the other byte order, or newer than this reader', () => {
    expect(() => readBtf(Buffer.alloc(4))).toThrow('missing or of the other byte order');
    expect(() => readBtf(Buffer.from(blob()).swap16())).toThrow('other byte order');
    expect(() => readBtf(blob(record('int', 31, 0, 0)))).toThrow('unknown kind 31');
  });
});
