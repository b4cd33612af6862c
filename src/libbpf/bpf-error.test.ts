import { describe, expect, it } from 'vitest';
import { BpfError, check, errorFromErrno } from './bpf-error.ts';

describe('a BPF error', () => {
  it('is one line: what was tried, what is wrong, the errno', () => {
    const error = errorFromErrno(-16, 'attaching XDP to eth0');
    expect(error.message).toBe('attaching XDP to eth0: resource busy or locked (EBUSY)');
    expect(error).toMatchObject({ code: 'busy', errno: 16, errnoName: 'EBUSY', verifierLog: '' });
  });

  it('prefers a better text to that of the errno', () => {
    expect(errorFromErrno(-95, 'attaching', { detail: 'no native XDP' }).message).toBe(
      'attaching: no native XDP (EOPNOTSUPP)',
    );
  });

  it('needs no errno', () => {
    expect(new BpfError('closed', 'map flows was closed before').message).toBe('map flows was closed before');
  });

  it.each([
    [1, 'permission'],
    [13, 'permission'],
    [2, 'not_found'],
    [7, 'full'],
    [28, 'full'],
    [12, 'no_memory'],
    [524, 'unsupported'],
    [4001, 'bad_object'],
    [5, 'failed'],
  ] as const)('turns errno %i into the code %s', (errno, code) => {
    expect(errorFromErrno(errno, 'x').code).toBe(code);
  });

  it('comes of negative results only', () => {
    expect(check(0, 'x')).toBe(0);
    expect(check(7, 'x')).toBe(7);
    expect(() => check(-2, 'opening')).toThrow('opening: no such file or directory (ENOENT)');
  });
});
