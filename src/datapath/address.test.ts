import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseAddress, parsePrefix } from '../config/index.ts';
import { decodeAddress, decodePrefix, encodeAddress, encodePrefix } from './address.ts';

const anyAddress = fc.oneof(fc.ipV4(), fc.ipV6());

/** The text form that a configuration holds; null for what it refuses. */
function canonical(text: string): string | null {
  const address = parseAddress(text);
  return 'problem' in address ? null : address.text;
}

describe('an address', () => {
  it.each([
    ['192.0.2.1', '00000000000000000000ffffc0000201'],
    ['0.0.0.0', '00000000000000000000ffff00000000'],
    ['2001:db8::1', '20010db8000000000000000000000001'],
    ['::', '00000000000000000000000000000000'],
    ['::1', '00000000000000000000000000000001'],
    ['FD00:2:0:0::1', 'fd000002000000000000000000000001'],
  ])('%s is %s in the tables', (text, hex) => {
    expect(encodeAddress(text).toString('hex')).toBe(hex);
    expect(decodeAddress(Buffer.from(hex, 'hex'))).toBe(canonical(text));
  });

  it('comes back as the configuration writes it', () => {
    fc.assert(
      fc.property(anyAddress, (text) => {
        const wanted = canonical(text);
        fc.pre(wanted !== null);
        expect(decodeAddress(encodeAddress(text))).toBe(wanted);
      }),
    );
  });

  it('never has the bytes of another', () => {
    fc.assert(
      fc.property(anyAddress, anyAddress, (a, b) => {
        fc.pre(canonical(a) !== null && canonical(b) !== null);
        expect(encodeAddress(a).equals(encodeAddress(b))).toBe(canonical(a) === canonical(b));
      }),
    );
  });
});

describe('a prefix', () => {
  it.each([
    ['0.0.0.0/0', 96],
    ['10.0.0.0/8', 104],
    ['192.0.2.1/32', 128],
    ['::/0', 0],
    ['2001:db8::/32', 32],
    ['::/96', 96],
    ['2001:db8::1/128', 128],
  ])('%s counts %i bits', (cidr, bits) => {
    const encoded = encodePrefix(cidr);
    expect(encoded.bits).toBe(bits);
    expect(decodePrefix(encoded.bytes, encoded.bits)).toBe(cidr);
  });

  it('comes back as the configuration writes it, whatever its length', () => {
    const anyPrefix = fc.oneof(
      fc.tuple(fc.ipV4(), fc.integer({ min: 0, max: 32 })),
      fc.tuple(fc.ipV6(), fc.integer({ min: 0, max: 128 })),
    );
    fc.assert(
      fc.property(anyPrefix, ([address, length]) => {
        const prefix = parsePrefix(`${address}/${length}`);
        fc.pre(!('problem' in prefix));
        const { bytes, bits } = encodePrefix(prefix.text);
        expect(decodePrefix(bytes, bits)).toBe(prefix.text);
      }),
    );
  });
});
