import { expect, it } from 'vitest';
import { socketAddress } from './socket-address.ts';

const hex = (...where: Parameters<typeof socketAddress>) => {
  const { domain, bytes } = socketAddress(...where);
  return `${domain} ${Buffer.from(bytes).toString('hex')}`;
};

it.runIf(process.arch === 'x64' || process.arch === 'arm64')(
  'writes addresses as the kernel reads them',
  () => {
    expect(hex('10.0.0.1', 8080)).toBe(`2 0200${'1f90'}${'0a000001'}${'00'.repeat(8)}`);
    const v6 = '20010db8000000000000000000000001';
    expect(hex('2001:db8::1', 443)).toBe(`10 0a00${'01bb'}${'00000000'}${v6}${'00000000'}`);
    const local = 'fe800000000000000000000000000001';
    expect(hex('fe80::1%7', 1)).toBe(`10 0a00${'0001'}${'00000000'}${local}${'07000000'}`);
    expect(hex('fe80::1%lo', 1)).toBe(`10 0a00${'0001'}${'00000000'}${local}${'01000000'}`);
  },
);

it('refuses what is no address', () => {
  expect(() => socketAddress('localhost', 80)).toThrow();
});
