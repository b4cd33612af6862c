import { describe, expect, it } from 'vitest';
import { SluiceError } from '../errors/index.ts';
import { BpfError, type BpfErrorCode } from '../libbpf/index.ts';
import { translateErrors, translateErrorsOf } from './errors.ts';

function translated(error: unknown): unknown {
  try {
    translateErrors('loading the data path', () => {
      throw error;
    });
  } catch (thrown) {
    return thrown;
  }
  throw new Error('nothing was thrown');
}

describe('an error of libbpf', () => {
  it('becomes one of Sluice that says what was being done, and keeps its cause', () => {
    const cause = new BpfError('busy', 'attaching XDP');
    const error = translated(cause);
    expect(error).toBeInstanceOf(SluiceError);
    expect(error).toMatchObject({
      code: 'conflict',
      message: `loading the data path: ${cause.message}`,
      cause,
    });
  });

  it('names the first kernel that can do it', () => {
    const error = translated(new BpfError('unsupported', 'attaching TCX', { needsKernel: '6.6' }));
    expect(error).toMatchObject({ code: 'unsupported' });
    expect(error).toHaveProperty('message', expect.stringMatching(/; needs Linux 6\.6 or newer$/));
  });

  it('says which rights are missing', () => {
    expect(translated(new BpfError('permission', 'loading'))).toMatchObject({
      code: 'permission',
      fix: expect.stringContaining('CAP_BPF'),
    });
  });
});

const EVERY_CODE: Readonly<Record<BpfErrorCode, true>> = {
  permission: true,
  not_found: true,
  exists: true,
  busy: true,
  invalid: true,
  full: true,
  no_memory: true,
  rejected: true,
  unsupported: true,
  mismatch: true,
  closed: true,
  bad_object: true,
  failed: true,
};

it.each(Object.keys(EVERY_CODE) as BpfErrorCode[])('an error of libbpf, %s, comes with a fix', (code) => {
  expect(translated(new BpfError(code, 'working'))).toHaveProperty('fix', expect.stringMatching(/\w/));
});

describe('an error of the files of pins', () => {
  const failed = (code: string) =>
    Object.assign(new Error(`${code}: mkdir '/sys/fs/bpf/sluice'`), { code, syscall: 'mkdir' });

  it.each([
    ['EROFS', 'permission'],
    ['EACCES', 'permission'],
    ['ENOSPC', 'kernel'],
  ])('%s is one of %s', (code, expected) => {
    const cause = failed(code);
    const message = `loading the data path: ${cause.message}`;
    expect(translated(cause)).toMatchObject({ code: expected, message, cause });
    expect(translated(cause)).toHaveProperty('fix', expect.stringMatching(/\w/));
  });
});

it('work that takes its time is no exception', async () => {
  const late = () => Promise.reject(new BpfError('no_memory', 'walking'));
  await expect(translateErrorsOf('reading', late)).rejects.toMatchObject({
    code: 'kernel',
    message: 'reading: walking',
  });
});

it('leaves every other error alone, and what goes well', () => {
  const error = new TypeError('a fault of ours');
  expect(translated(error)).toBe(error);
  expect(translateErrors('adding', () => 1 + 1)).toBe(2);
});
