import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { generateAbi } from '../../scripts/generate-abi/generate.ts';
import { compileBpf } from '../libbpf/compile.ts';

const ROOT = join(import.meta.dirname, '../..');

/** What the generated module of fixture.bpf.c exports, as far as the tests use it. */
interface Generated {
  readonly RECORD_SIZE: number;
  readonly readRecord: (buf: Buffer, offset?: number) => unknown;
  readonly writeRecord: (value: unknown, buf: Buffer, offset?: number) => void;
  readonly [name: string]: unknown;
}

/** A `struct record`, field by field: 57 bytes of it are named, 7 are padding. */
const BYTES = Buffer.from(
  [
    '01020304', // id, big-endian
    'feff', // temperature -2
    '0201', // small 0x0102
    '0000000000000080', // big 2^63
    'ffffffffffffffff', // negative -1
    '0a000001' + '0050' + '01' + '00', // 10.0.0.1:80, up
    '0a000002' + '1f90' + '00' + '00', // 10.0.0.2:8080, down
    '01000000' + '02000000' + '03000000',
    '01000000', // dark blue
    '07' + '00000000000000',
  ].join(''),
  'hex',
);

const VALUE = {
  id: 0x01020304,
  temperature: -2,
  small: 0x0102,
  big: 2n ** 63n,
  negative: -1n,
  ends: [
    { address: Buffer.from([10, 0, 0, 1]), port: 80, up: true },
    { address: Buffer.from([10, 0, 0, 2]), port: 8080, up: false },
  ],
  numbers: [1, 2, 3],
  color: 1,
  tiny: 7,
};

describe('the generated layouts', () => {
  // Inside the project, so that vitest transforms the TypeScript.
  const folder = mkdtempSync(join(import.meta.dirname, '.generated-'));
  let abi: Generated;

  beforeAll(async () => {
    using compiled = compileBpf(join(import.meta.dirname, 'fixture.bpf.c'));
    const file = join(folder, 'abi.ts');
    writeFileSync(file, generateAbi(compiled.path));
    abi = (await import(file)) as Generated;
  });

  afterAll(() => rmSync(folder, { recursive: true }));

  it('read every kind of field where C put it', () => {
    expect(abi.RECORD_SIZE).toBe(BYTES.length);
    expect(abi.readRecord(BYTES)).toEqual(VALUE);
    expect(abi.readRecord(Buffer.concat([Buffer.alloc(5), BYTES]), 5)).toEqual(VALUE);
  });

  it('write every kind of field, and zeroes into padding', () => {
    const buf = Buffer.alloc(BYTES.length + 6, 0xee);
    abi.writeRecord(VALUE, buf, 3);
    expect(buf.subarray(3, -3)).toEqual(BYTES);
    expect(buf.subarray(0, 3)).toEqual(Buffer.alloc(3, 0xee));
    expect(buf.subarray(-3)).toEqual(Buffer.alloc(3, 0xee));
  });

  it('refuse bytes and lists of the wrong length', () => {
    const buf = Buffer.alloc(BYTES.length);
    expect(() => abi.writeRecord({ ...VALUE, numbers: [1, 2] }, buf)).toThrow('2 values where 3 belong');
    const end = { address: Buffer.alloc(3), port: 1, up: true };
    expect(() => abi.writeRecord({ ...VALUE, ends: [end, end] }, buf)).toThrow('3 bytes where 4 belong');
  });

  it('name the values of enums, and keep their number apart', () => {
    expect(abi.Color).toEqual({ red: 0, darkBlue: 1 });
    expect(abi.COLOR_NAMES).toEqual(['red', 'dark_blue']);
    expect(abi.COLOR_COUNT).toBe(2);
    expect(abi.Bits).toEqual({ first: 1, second: 2, high: 0x80000000 });
    expect(abi.BITS_NAMES).toEqual({ 1: 'first', 2: 'second', 2147483648: 'high' });
  });

  it('have the types that only abi_exports names', () => {
    expect(abi.LONELY_SIZE).toBe(8);
    expect(abi).not.toHaveProperty('readAbiExports');
  });

  it('list maps, programs and load-time options', () => {
    expect(abi.MAPS).toEqual({ records: { type: 'hash', keySize: 8, valueSize: 64, maxEntries: 10 } });
    expect(abi.PROGRAMS).toEqual({ look: { section: 'xdp', type: 'xdp' } });
    expect(abi.RODATA).toMatchObject({ first_option: { size: 4 }, second_option: { size: 1 } });
    expect(abi.RODATA).not.toHaveProperty('abi_exports');
  });

  it('are refused with the place for what TypeScript cannot hold', () => {
    using compiled = compileBpf(join(import.meta.dirname, 'unsupported.bpf.c'));
    expect(() => generateAbi(compiled.path)).toThrow('struct packed_bits, member low: bit-fields');
  });

  it('are committed as the kernel object gives them', () => {
    const { status, stdout, stderr } = spawnSync('scripts/generate', ['--check'], {
      cwd: ROOT,
      encoding: 'utf8',
    });
    expect({ status, stdout, stderr }).toMatchObject({ status: 0 });
  });
});
