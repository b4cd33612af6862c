import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const page = readFileSync(join(ROOT, 'docs/testing.md'), 'utf8');
const named = [...page.matchAll(/`(test\/[\w/.-]+)`/g)].map(([, path = '']) => path);

describe('docs/testing.md', () => {
  it('names files and folders that are there', () => {
    expect(named.filter((path) => !existsSync(join(ROOT, path)))).toEqual([]);
    expect(named.length).toBeGreaterThan(15);
  });

  it('names every test of a fault', () => {
    const faults = readdirSync(join(ROOT, 'test/faults')).filter((name) => name.endsWith('.test.ts'));
    expect(faults.filter((name) => !named.includes(`test/faults/${name}`))).toEqual([]);
  });
});
