import { describe, expect, it } from 'vitest';
import { afterFirstRecord, clientHello } from './client-hello.ts';

describe('a ClientHello', () => {
  it('names the host that is asked for', async () => {
    const hello = await clientHello('soak.example');
    expect(hello[0]).toBe(22);
    expect(hello.length).toBe(5 + hello.readUInt16BE(3));
    expect(hello.includes('soak.example')).toBe(true);
  });

  it.each([1, 3, 7, 1000])('is what comes first, in pieces of %i bytes', async (size) => {
    const stream = Buffer.concat([await clientHello('soak.example'), Buffer.from('and then lines')]);
    const rest = afterFirstRecord();
    let text = '';
    for (let at = 0; at < stream.length; at += size) text += rest(stream.subarray(at, at + size)).toString();
    expect(text).toBe('and then lines');
  });
});
