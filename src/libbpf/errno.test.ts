import { constants } from 'node:os';
import { describe, expect, it } from 'vitest';
import { describeErrno, ERRNO } from './errno.ts';

describe('an errno', () => {
  it('has a name and a text, whether it comes from the C library, the kernel or libbpf', () => {
    expect(describeErrno(2)).toEqual({ name: 'ENOENT', text: 'no such file or directory' });
    expect(describeErrno(524).name).toBe('ENOTSUPP');
    expect(describeErrno(4001).text).toBe('not a BPF object file');
    expect(describeErrno(9999)).toEqual({ name: 'E9999', text: 'error 9999' });
  });

  it('has the number that this system gives it', () => {
    const { EPERM, ENOENT, E2BIG, ENOMEM, EACCES, EBUSY, EEXIST, ENODEV, EINVAL, ENOSPC, ENOSYS, ENOLINK } =
      constants.errno;
    expect(ERRNO).toMatchObject({
      EPERM,
      ENOENT,
      E2BIG,
      ENOMEM,
      EACCES,
      EBUSY,
      EEXIST,
      ENODEV,
      EINVAL,
      ENOSPC,
    });
    expect(ERRNO).toMatchObject({ ENOSYS, ENOLINK, EOPNOTSUPP: constants.errno.EOPNOTSUPP });
  });
});
