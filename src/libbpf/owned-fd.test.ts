import { fstatSync, openSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { OwnedFd } from './owned-fd.ts';

function open(): number {
  return openSync('/dev/null', 'r');
}

describe('an owned descriptor', () => {
  it('is closed once, however often it is asked', () => {
    const raw = open();
    const fd = new OwnedFd(raw, 'the null device');
    fd.close();
    const reused = open();
    fd.close();
    expect(reused).toBe(raw);
    expect(fstatSync(reused).isCharacterDevice()).toBe(true);
    new OwnedFd(reused, 'the null device').close();
    expect(() => fd.value).toThrow('the null device was closed before');
  });

  it('stays open while a call on another thread holds it', async () => {
    const raw = open();
    const fd = new OwnedFd(raw, 'the null device');
    let finish = (_result: string): void => {};
    const held = fd.hold(
      () =>
        new Promise<string>((resolve) => {
          finish = resolve;
        }),
    );
    fd.close();
    expect(fstatSync(raw).isCharacterDevice()).toBe(true);
    finish('done');
    expect(await held).toBe('done');
    expect(() => fstatSync(raw)).toThrow('EBADF');
  });
});
