import { mkdir, mkdtemp, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { fileStamp } from './file.ts';
import { type WatchFileOptions, watchFile } from './watch.ts';

let folder: string;
let stop: AbortController;
let watching: Promise<void>;
let changes: number;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sluice-watch-'));
  stop = new AbortController();
  watching = Promise.resolve();
  changes = 0;
});
afterEach(async () => {
  stop.abort();
  await watching;
  await rm(folder, { recursive: true });
});

/** Nothing is found by polling unless a test says so. */
const NEVER_MS = 1_000_000;

async function follow(path: string, options: Partial<WatchFileOptions> = {}): Promise<void> {
  const onChange = async () => {
    changes += 1;
  };
  const known = (await fileStamp(path)) ?? undefined;
  const watch = { signal: stop.signal, known, settleMs: 100, pollMs: NEVER_MS, onChange, ...options };
  watching = watchFile(path, watch);
}

const told = (count: number) => expect.poll(() => changes, { timeout: 10_000 }).toBe(count);

it('tells of a write in place, of a file that is moved over it, and of one that is gone', async () => {
  const path = join(folder, 'a.yaml');
  await writeFile(path, 'one');
  await follow(path);
  await writeFile(path, 'two');
  await told(1);
  await writeFile(`${path}.new`, 'three');
  await rename(`${path}.new`, path);
  await told(2);
  await rm(path);
  await told(3);
  await writeFile(path, 'four');
  await told(4);
});

it('tells of a write in pieces once, when it has ended', async () => {
  const path = join(folder, 'a.yaml');
  await writeFile(path, '');
  await follow(path, { settleMs: 400 });
  for (let piece = 0; piece < 20; piece++) {
    await writeFile(path, 'piece\n', { flag: 'a' });
    await sleep(20);
  }
  expect(changes).toBe(0);
  await told(1);
});

it('tells of a swap of the folder behind a symbolic link, and of writes behind it', async () => {
  const generation = async (name: string) => {
    await mkdir(join(folder, name));
    await writeFile(join(folder, name, 'a.yaml'), name);
    await symlink(name, join(folder, '..data_tmp'));
    await rename(join(folder, '..data_tmp'), join(folder, '..data'));
  };
  await generation('..one');
  await symlink('..data/a.yaml', join(folder, 'a.yaml'));
  await follow(join(folder, 'a.yaml'));
  await generation('..two');
  await told(1);
  await rm(join(folder, '..one'), { recursive: true });
  await writeFile(join(folder, '..two', 'a.yaml'), 'in place');
  await told(2);
});

it('tells of what was written between reading the file and watching it', async () => {
  const path = join(folder, 'a.yaml');
  await writeFile(path, 'one');
  const known = (await fileStamp(path)) ?? '';
  await writeFile(path, 'two, and longer');
  await follow(path, { known });
  await told(1);
});

it('is not woken by other files of the folder', async () => {
  const path = join(folder, 'a.yaml');
  await writeFile(path, 'one');
  await follow(path);
  await writeFile(join(folder, 'b.yaml'), 'other');
  await sleep(300);
  expect(changes).toBe(0);
});

it('finds by looking what nobody tells, e.g. when the folder is another one', async () => {
  const inner = join(folder, 'inner');
  await mkdir(inner);
  await writeFile(join(inner, 'a.yaml'), 'one');
  await follow(join(inner, 'a.yaml'), { pollMs: 50 });
  await rename(inner, join(folder, 'moved'));
  await mkdir(inner);
  await writeFile(join(inner, 'a.yaml'), 'two');
  await expect.poll(() => changes, { timeout: 10_000 }).toBeGreaterThanOrEqual(1);
  const before = changes;
  await writeFile(join(inner, 'a.yaml'), 'three');
  await expect.poll(() => changes, { timeout: 10_000 }).toBeGreaterThan(before);
});
