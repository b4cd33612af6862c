import { describe, expect, it } from 'vitest';
import { SluiceError } from '../errors/index.ts';
import { BpfError } from '../libbpf/index.ts';
import { translateErrors } from './errors.ts';

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

it('leaves every other error alone, and what goes well', () => {
  const error = new TypeError('a fault of ours');
  expect(translated(error)).toBe(error);
  expect(translateErrors('adding', () => 1 + 1)).toBe(2);
});
