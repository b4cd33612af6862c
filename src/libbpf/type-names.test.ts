import { describe, expect, it } from 'vitest';
import {
  isPerCpu,
  linkTypeName,
  mapTypeName,
  mapTypeNumber,
  programTypeName,
  programTypeNumber,
} from './type-names.ts';

describe('the names of kernel types', () => {
  it('stand where linux/bpf.h numbers them', () => {
    expect([1, 9, 11, 27].map(mapTypeName)).toEqual(['hash', 'lru_hash', 'lpm_trie', 'ringbuf']);
    expect([3, 6, 31].map(programTypeName)).toEqual(['sched_cls', 'xdp', 'syscall']);
    expect([6, 11].map(linkTypeName)).toEqual(['xdp', 'tcx']);
    expect(mapTypeNumber('ringbuf')).toBe(27);
    expect(programTypeNumber('syscall')).toBe(31);
  });

  it('fall back to the number for a type of the future, and refuse a name nobody knows', () => {
    expect(mapTypeName(999)).toBe('type_999');
    expect(() => programTypeNumber('nonsense')).toThrow('there is no program type nonsense');
  });

  it('tell which maps have a value for each CPU', () => {
    expect(['percpu_array', 'lru_percpu_hash', 'array'].map(isPerCpu)).toEqual([true, true, false]);
  });
});
