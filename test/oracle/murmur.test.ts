import { expect, it } from 'vitest';
import { murmur3 } from './murmur.ts';

const hashOf = (hex: string) => murmur3(Buffer.from(hex, 'hex'));

it('is MurmurHash3_x86_32: it gives what its author and others publish', () => {
  expect(murmur3(Buffer.from('test'))).toBe(0xba6bd213);
  expect(murmur3(Buffer.alloc(0))).toBe(0);
  expect(hashOf('ffffffff')).toBe(0x76293b50);
  expect(hashOf('21436587')).toBe(0xf55b516b);
  expect(hashOf('00000000')).toBe(0x2362f9de);
});

it('gives the hash of an address that the documentation tells', () => {
  expect(hashOf('00000000000000000000ffffc0000207')).toBe(906_727_538);
});
