import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Cache } from './cache.ts';

describe('the cache of fetched parts', () => {
  let folder: string;
  let cache: Cache;
  const said: string[] = [];
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'sluice-cache-'));
    cache = new Cache(folder, (text) => said.push(text));
  });
  afterEach(() => rmSync(folder, { recursive: true }));
  const make = (text: string) => (path: string) => writeFile(path, text);

  it('makes a thing once', async () => {
    const first = await cache.get('kernel', ['a'], make('one'));
    expect(await cache.get('kernel', ['a'], make('two'))).toBe(first);
    expect(readFileSync(first, 'utf8')).toBe('one');
    expect(said).toEqual(['preparing kernel']);
  });

  it('makes it anew from other ingredients, and keeps only that and what has another name', async () => {
    await cache.get('kernel', ['a', 'b'], make('one'));
    const other = await cache.get('kernel-arm64', ['a'], make('three'));
    const second = await cache.get('kernel', ['ab'], make('two'));
    expect(readFileSync(second, 'utf8')).toBe('two');
    expect(
      readdirSync(folder)
        .map((name) => join(folder, name))
        .sort(),
    ).toEqual([other, second].sort());
  });

  it('has nothing of what could not be made whole', async () => {
    const fail = async (path: string) => {
      await writeFile(path, 'half');
      throw new Error('no');
    };
    await expect(cache.get('kernel', [], fail)).rejects.toThrow('no');
    expect(readFileSync(await cache.get('kernel', [], make('whole')), 'utf8')).toBe('whole');
  });
});
