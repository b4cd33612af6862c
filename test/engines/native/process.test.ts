import { beforeAll, describe, expect, it } from 'vitest';
import { buildNative } from './build.ts';
import { byteReader } from './byte-reader.ts';
import { byteWriter } from './byte-writer.ts';
import { NativeProcess } from './process.ts';

/** PROTOCOL.md */
const KIND_CASE = 2;

function request(...bytes: readonly number[]): Buffer {
  const writer = byteWriter();
  for (const byte of bytes) writer.u8(byte);
  return writer.framed();
}

describe('the process of the native data path', () => {
  let path: string;
  beforeAll(async () => {
    path = await buildNative();
  });

  it.each([
    ['a kind of request that there is not', request(77), 'there is no request of kind 77'],
    ['a request that ends too early', request(KIND_CASE, 1, 2, 3), 'a request ends too early'],
    ['an empty request', request(), 'a request ends too early'],
    ['a map that there is not', caseWithMap('flowers'), "there is no map 'flowers'"],
  ])('refuses %s, and says why', async (_, bytes, words) => {
    await using process = new NativeProcess(path);
    await expect(process.ask(bytes)).rejects.toThrow(`ended with code 3\nnative data path: ${words}`);
    await expect(process.ask(request())).rejects.toThrow(words);
  });

  it('says so when its input ends within a request', async () => {
    const process = new NativeProcess(path);
    const asked = process.ask(Buffer.from([9, 0, 0, 0, KIND_CASE]));
    const words = expect(asked).rejects.toThrow('the input ends within a request');
    await process[Symbol.asyncDispose]();
    await words;
  });

  it('that cannot be started is an error for whoever asks', async () => {
    await using process = new NativeProcess('/nowhere/sluice-native');
    await expect(process.ask(request(KIND_CASE))).rejects.toThrow(/ENOENT|ended with/);
  });
});

describe('bytes of the protocol', () => {
  it('are read as they were written, through any growth of the buffer', () => {
    const writer = byteWriter();
    const numbers = Array.from({ length: 5000 }, (_, index) => index * 857_000);
    for (const number of numbers) writer.u32(number);
    writer.u64(0xffff_ffff_ffff_fff0n);
    const reader = byteReader(writer.framed());
    expect(reader.u32()).toBe(4 * 5000 + 8);
    expect(numbers.map(() => reader.u32())).toEqual(numbers);
    expect(reader.i64()).toBe(-16n);
    expect(reader.left()).toBe(0);
  });

  it('do not go on beyond their end', () => {
    const reader = byteReader(Buffer.from([1, 2, 3]));
    expect(() => reader.u32()).toThrow(RangeError);
  });
});

/** A case whose state names one map. */
function caseWithMap(name: string): Buffer {
  const writer = byteWriter();
  writer.u8(KIND_CASE);
  writer.u64(0n);
  writer.u16(1);
  writer.u16(1);
  writer.u32(0);
  writer.u8(1);
  writer.u8(name.length);
  writer.bytes(Buffer.from(name));
  writer.u32(0);
  return writer.framed();
}
