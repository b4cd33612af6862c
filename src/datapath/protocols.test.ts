import { expect, it } from 'vitest';
import { protocolName, protocolNumber } from './protocols.ts';

it('names TCP and UDP by their IANA numbers, and refuses all others', () => {
  expect([protocolNumber('tcp'), protocolNumber('udp')]).toEqual([6, 17]);
  expect([protocolName(6), protocolName(17)]).toEqual(['tcp', 'udp']);
  expect(() => protocolName(1)).toThrow(expect.objectContaining({ code: 'internal' }));
});
