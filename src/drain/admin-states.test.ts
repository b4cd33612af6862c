import { existsSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { AdminStates } from './admin-states.ts';

const A = { proxy: 'web', target: '10.0.0.1:80' };
const B = { proxy: 'web', target: '10.0.0.2:80' };
let folder: string;
let path: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sluice-states-'));
  path = join(folder, 'default.states.json');
});
afterEach(() => rm(folder, { recursive: true }));

describe('admin states', () => {
  it('are ready for everybody at first', () => {
    expect(AdminStates.load(path).get(A)).toBe('ready');
    expect(existsSync(path)).toBe(false);
  });

  it('are there again after a restart', () => {
    const states = AdminStates.load(path);
    states.set(A, 'drain', 1_000);
    states.set(B, 'maintenance', 1_000);
    const again = AdminStates.load(path);
    expect([again.get(A), again.get(B)]).toEqual(['drain', 'maintenance']);
    expect(again.all()).toEqual([
      { ...A, state: 'drain' },
      { ...B, state: 'maintenance' },
    ]);
    expect(statSync(path).mode & 0o777).toBe(0o600);
  });

  it('leave no file when everybody is ready again', () => {
    const states = AdminStates.load(path);
    states.set(A, 'drain', 1_000);
    states.set(A, 'ready', 1_000);
    expect(readdirSync(folder)).toEqual([]);
  });

  it('are forgotten with targets that leave the configuration', () => {
    const states = AdminStates.load(path);
    states.set(A, 'drain', 1_000);
    states.set(B, 'maintenance', 1_000);
    states.keepOnly(({ target }) => target === B.target, 2_000);
    expect(AdminStates.load(path).all()).toEqual([{ ...B, state: 'maintenance' }]);
  });

  it('are known of the time in which a flow has ended, which is told later', () => {
    const states = AdminStates.load(path);
    const readyAt = (...times: number[]) => times.map((atMs) => states.wasReady(A, atMs));
    states.set(A, 'drain', 1_000);
    expect(readyAt(999, 1_000, 5_000)).toEqual([true, false, false]);
    states.set(A, 'maintenance', 2_000);
    expect(AdminStates.load(path).wasReady(A, 1_500)).toBe(false);
    states.set(A, 'ready', 3_000);
    expect(readyAt(999, 1_000, 2_999, 3_000)).toEqual([true, false, false, true]);
    states.set(A, 'drain', 4_000);
    states.keepOnly(() => false, 5_000);
    expect(readyAt(3_999, 4_000, 5_000)).toEqual([true, false, true]);
    states.set(B, 'drain', 5_000 + 3_600_001);
    expect(readyAt(4_000)).toEqual([true]);
    expect(states.wasReady(B, 0)).toBe(true);
  });

  it('of a file that does not say since when were so for ever', () => {
    writeFileSync(path, JSON.stringify([{ ...A, state: 'drain' }]));
    expect(AdminStates.load(path).wasReady(A, 1)).toBe(false);
  });

  it.each(['', '[', '[{}]', '{"web":1}', '[{"proxy":"a","target":"b","state":"ready"}]'])(
    'in a file that says %j are not guessed',
    (text) => {
      writeFileSync(path, text);
      expect(() => AdminStates.load(path)).toThrow(
        expect.objectContaining({ code: 'file_unreadable', fix: expect.stringContaining('remove the file') }),
      );
    },
  );

  it('stay as they are when they cannot be written', async () => {
    const states = AdminStates.load(join(folder, 'gone', 'x.json'));
    expect(() => states.set(A, 'drain', 1_000)).toThrow(expect.objectContaining({ code: 'kernel' }));
    expect(states.get(A)).toBe('ready');
  });
});
