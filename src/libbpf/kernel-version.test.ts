import { describe, expect, it } from 'vitest';
import { compareKernels, kernelHas, unsupportedFeature } from './kernel-version.ts';

describe('the version of the kernel', () => {
  it('is compared by its first two numbers, as numbers', () => {
    expect(compareKernels('6.1.0-18-amd64', '6.6')).toBeLessThan(0);
    expect(compareKernels('6.12.3', '6.6')).toBeGreaterThan(0);
    expect(compareKernels('6.6.99-foo', '6.6')).toBe(0);
    expect(compareKernels('5.19', '6.0')).toBeLessThan(0);
  });

  it('tells which features there are', () => {
    expect(kernelHas('tcx', '6.5.13')).toBe(false);
    expect(kernelHas('tcx', '6.6.0')).toBe(true);
    expect(kernelHas('mapBatch', '5.15.0-generic')).toBe(true);
  });

  it('makes an answer of a missing one that names the first kernel with it', () => {
    const error = unsupportedFeature('tcx', 'attaching TCX', 22);
    expect(error).toMatchObject({ code: 'unsupported', needsKernel: '6.6', errnoName: 'EINVAL' });
    expect(error.message).toMatch(/^attaching TCX: needs kernel >= 6\.6, this is \d/);
  });
});
