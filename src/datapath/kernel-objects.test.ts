import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { MAP_NAMES, OF_USER_SPACE } from './kernel-objects.ts';

/** BPF_OBJ_NAME_LEN, less the final zero byte. */
const MAX_NAME = 15;

const folder = new URL('../../bpf/', import.meta.url);
const sources = readdirSync(folder)
  .filter((file) => /\.[ch]$/.test(file))
  .map((file) => readFileSync(new URL(file, folder), 'utf8'))
  .join('\n');
const declared = [...sources.matchAll(/^\} (\w+) SEC\("\.maps"\);/gm)].map(([, name = '']) => name);

describe('the maps of the data path', () => {
  it('are those that the C declares', () => {
    expect(Object.values<string>(MAP_NAMES).toSorted()).toEqual(declared.toSorted());
  });

  it('have names that the kernel keeps whole', () => {
    expect(declared.filter((name) => name.length > MAX_NAME)).toEqual([]);
  });

  it('are known to be of user space alone where no program names them', () => {
    const unused = declared.filter((name) => !new RegExp(`&${name}\\b`).test(sources));
    expect(unused.toSorted()).toEqual(OF_USER_SPACE.toSorted());
  });
});
