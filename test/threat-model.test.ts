import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const text = readFileSync(join(ROOT, 'THREAT-MODEL.md'), 'utf8');

/** Rows of the tables of promises: what is promised, the file of its test, words of the test's title. */
const PROMISE = /^\| (?<promise>[^|]+) \| `(?<file>[^`]+)` › "(?<title>[^"]+)" \|$/gm;
const promises = [...text.matchAll(PROMISE)].map(({ groups }) => ({
  promise: groups?.promise ?? '',
  file: groups?.file ?? '',
  title: groups?.title ?? '',
}));

describe('the threat model', () => {
  it('names a test for each promise', () => {
    const rows = text
      .slice(text.indexOf('## Promises'), text.indexOf('## Privileges'))
      .split('\n')
      .filter((line) => line.startsWith('| ') && !line.startsWith('| promise |'));
    expect(promises.length).toBe(rows.length);
    expect(promises.length).toBeGreaterThan(25);
  });

  it.each(promises)('$promise', ({ file, title }) => {
    expect(existsSync(join(ROOT, file)), `${file} is not there`).toBe(true);
    expect(readFileSync(join(ROOT, file), 'utf8')).toContain(title);
  });
});
