import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { InstanceLock, instanceHolder } from './instance-lock.ts';

let folder: string;
let path: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sluice-lock-'));
  path = join(folder, 'blue.lock');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('InstanceLock', () => {
  it('keeps a second daemon off, and says who holds the instance and what to do', () => {
    using _lock = InstanceLock.take('blue', folder);
    expect(instanceHolder('blue', folder)).toBe(process.pid);
    expect(() => InstanceLock.take('blue', folder)).toThrow(
      expect.objectContaining({
        code: 'conflict',
        message: `instance blue is already run by process ${process.pid}`,
        fix: expect.stringContaining('--instance NAME'),
      }),
    );
  });

  it('is free again once it is closed', () => {
    InstanceLock.take('blue', folder).close();
    expect(existsSync(path)).toBe(false);
    expect(instanceHolder('blue', folder)).toBeNull();
    InstanceLock.take('blue', folder).close();
  });

  it('leaves no other file beside it, whatever became of the attempt', () => {
    writeFileSync(path, '999999999 1\n');
    using _lock = InstanceLock.take('blue', folder);
    expect(() => InstanceLock.take('blue', folder)).toThrow('already run');
    expect(readdirSync(folder)).toEqual(['blue.lock']);
  });

  it('is not stopped for ever by a process that died while it removed a dead lock', () => {
    writeFileSync(path, '999999999 1\n');
    writeFileSync(`${path}.broom`, '999999998 1\n');
    using _lock = InstanceLock.take('blue', folder);
    expect(readdirSync(folder)).toEqual(['blue.lock']);
  });

  it('sweeps away what processes left that died while they took it, and nothing of those that live', () => {
    for (const name of [
      'blue.lock.999999998',
      'blue.lock.broom',
      'blue.lock.1',
      'blue.lock.old',
      'green.lock.999999998',
    ])
      writeFileSync(join(folder, name), name === 'blue.lock.broom' ? '999999998 1\n' : '');
    using _lock = InstanceLock.take('blue', folder);
    expect(readdirSync(folder).sort()).toEqual([
      'blue.lock',
      'blue.lock.1',
      'blue.lock.old',
      'green.lock.999999998',
    ]);
  });

  it('is taken, and leaves nothing of its own, when what others left cannot be removed', () => {
    const left = 'blue.lock.4194305'; // above every pid
    mkdirSync(join(folder, left));
    InstanceLock.take('blue', folder).close();
    expect(readdirSync(folder)).toEqual([left]);
  });

  it('holds one instance only, and makes its folder', () => {
    const deeper = join(folder, 'not', 'there');
    using _blue = InstanceLock.take('blue', deeper);
    using _green = InstanceLock.take('green', deeper);
  });

  it.each([
    ['of a process that has ended', '999999999 1'],
    ['of an earlier process with the id of a living one', `${process.pid} 1`],
    ['that is empty', ''],
    ['that is not ours at all', 'hello'],
  ])('takes over a lock %s', (_what, content) => {
    writeFileSync(path, content);
    expect(instanceHolder('blue', folder)).toBeNull();
    using _lock = InstanceLock.take('blue', folder);
    expect(readFileSync(path, 'utf8')).toMatch(new RegExp(`^${process.pid} \\d+\\n$`));
  });

  it('does not take a file it cannot write for a lock', () => {
    mkdirSync(path);
    expect(() => InstanceLock.take('blue', folder)).toThrow();
  });
});
