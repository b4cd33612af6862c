import { isIP } from 'node:net';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseAddress, parsePrefix, parseUnicastAddress } from './address.ts';

describe('parseAddress', () => {
  it.each([
    ['10.0.0.1', { family: 4, text: '10.0.0.1' }],
    ['2001:0DB8:0:0:0:0:0:1', { family: 6, text: '2001:db8::1' }],
    ['2001:db8:0:1:1:1:1:1', { family: 6, text: '2001:db8:0:1:1:1:1:1' }],
    ['::', { family: 6, text: '::' }],
  ])('reads %s', (text, expected) => {
    expect(parseAddress(text)).toEqual(expected);
  });

  it('writes every address so that it reads the same again', () => {
    fc.assert(
      fc.property(fc.oneof(fc.ipV4(), fc.ipV6()), (text) => {
        const address = parseAddress(text);
        if ('problem' in address) expect(address.problem).toContain('write the IPv4 address itself');
        else expect([parseAddress(address.text), isIP(address.text)]).toEqual([address, address.family]);
      }),
    );
  });

  it('answers every text without throwing', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.stringMatching(/^[0-9a-f:./%[\]]{0,40}$/)), (text) => {
        for (const parse of [parseAddress, parseUnicastAddress, parsePrefix])
          expect(parse(text)).toBeTypeOf('object');
      }),
      { numRuns: 1000 },
    );
  });
});

describe('parseUnicastAddress', () => {
  it.each(['0.0.0.0', '224.0.0.1', '239.255.255.255', '255.255.255.255', '::', 'ff02::1'])(
    'refuses %s',
    (text) => {
      expect(parseUnicastAddress(text)).toEqual({
        problem: expect.stringContaining('not the address of one host'),
      });
    },
  );

  it.each(['127.0.0.1', '169.254.169.254', '223.255.255.255', '240.0.0.1', 'fe80::1', 'ff::1'])(
    'takes %s',
    (text) => {
      expect(parseUnicastAddress(text)).toMatchObject({ text });
    },
  );
});

describe('parsePrefix', () => {
  it.each([
    ['10.0.0.7', '10.0.0.7/32', false],
    ['2001:db8::7', '2001:db8::7/128', false],
    ['192.168.1.0/24', '192.168.1.0/24', false],
    ['192.168.1.5/24', '192.168.1.0/24', true],
    ['192.168.255.5/23', '192.168.254.0/23', true],
    ['0.0.0.0/0', '0.0.0.0/0', false],
    ['255.255.255.255/8', '255.0.0.0/8', true],
    ['255.255.255.255/0', '0.0.0.0/0', true],
    ['::/0', '::/0', false],
    ['2001:DB8::1/33', '2001:db8::/33', true],
    ['10.0.0.1/32', '10.0.0.1/32', false],
  ])('reads %s', (given, text, hadHostBits) => {
    expect(parsePrefix(given)).toMatchObject({ text, hadHostBits });
  });

  it.each(['10.0.0.0/', '10.0.0.0/-1', '10.0.0.0/8/8', '10.0.0.0/1e1', '::/129', '/8', '10.0/8'])(
    'refuses %s',
    (text) => {
      expect(parsePrefix(text)).toHaveProperty('problem');
    },
  );
});
