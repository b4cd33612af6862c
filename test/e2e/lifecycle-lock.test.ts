import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';

const LOCK = fileURLToPath(new URL('../../dist/src/control/instance-lock.js', import.meta.url));
const CONTENDERS = 4;
const ROUNDS = 40;
/** The contenders wait for the same moment, which is far enough for all of them to hear of it. */
const LEAD_MS = 5;

/** Takes the lock at a given moment and tells what became of it. */
const PROGRAM = `
const { InstanceLock } = await import(${JSON.stringify(LOCK)});
process.on('message', ({ folder, atMs }) => {
  while (Date.now() < atMs);
  try {
    InstanceLock.take('blue', folder);
    process.send('won');
  } catch (error) {
    process.send(error.code);
  }
});
process.send('up');
`;

let folder: string;
const contenders: ChildProcess[] = [];

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'sluice-lock-'));
  const program = join(folder, 'contender.mjs');
  writeFileSync(program, PROGRAM);
  for (let i = 0; i < CONTENDERS; i++) contenders.push(fork(program));
  await Promise.all(contenders.map((each) => once(each, 'message')));
});

afterAll(() => {
  for (const each of contenders) each.kill('SIGKILL');
  rmSync(folder, { recursive: true });
});

it.each([
  ['nobody has', null],
  ['a dead one has left', '999999999 1\n'],
])(
  'exactly one of four daemons that start at the same moment gets an instance that %s',
  async (_who, left) => {
    for (let round = 0; round < ROUNDS; round++) {
      const where = join(folder, `${left === null ? 'free' : 'left'}-${round}`);
      mkdirSync(where);
      if (left !== null) writeFileSync(join(where, 'blue.lock'), left);
      const answers = contenders.map(async (each) => (await once(each, 'message'))[0]);
      for (const each of contenders) each.send({ folder: where, atMs: Date.now() + LEAD_MS });
      const outcomes = (await Promise.all(answers)).sort();
      expect(outcomes).toEqual(['conflict', 'conflict', 'conflict', 'won']);
      expect(readdirSync(where)).toEqual(['blue.lock']);
    }
  },
);
