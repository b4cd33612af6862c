import { addressBytes, addressText } from '../../../lab/packet/index.ts';
import type { Field } from './field.ts';

const TCP_FLAGS = 'FSRPAUEC';

/** The value of a field as text: a number, `0x..`, a MAC or IP address, TCP flags, bytes in hex. */
export function fieldText(frame: Buffer, field: Field): string {
  const { kind, bits } = field;
  if (kind === 'number') return readBits(frame, field).toString();
  if (kind === 'hex')
    return `0x${readBits(frame, field)
      .toString(16)
      .padStart(bits / 4, '0')}`;
  if (kind === 'flags') {
    const value = Number(readBits(frame, field));
    return [...TCP_FLAGS].filter((_, bit) => value & (1 << bit)).join('');
  }
  const bytes = frame.subarray(field.bit / 8, (field.bit + bits) / 8);
  if (kind === 'address') return addressText(bytes);
  return kind === 'mac' ? bytes.toString('hex').replaceAll(/(..)(?!$)/g, '$1:') : bytes.toString('hex');
}

/** Writes a value, written as {@link fieldText} gives it, or a number. @throws RangeError for one that does not fit */
export function setField(frame: Buffer, field: Field, value: string | number): void {
  const { kind, bits, bit, name } = field;
  if (kind === 'number' || kind === 'hex' || kind === 'flags') {
    writeBits(frame, field, kind === 'flags' ? toFlags(value) : toNumber(field, value));
    return;
  }
  const bytes = kind === 'address' ? addressBytes(String(value)) : hexBytes(String(value));
  if (bytes.length * 8 !== bits)
    throw new RangeError(`${name} has ${bits / 8} bytes, '${value}' ${bytes.length}`);
  bytes.copy(frame, bit / 8);
}

function readBits(frame: Buffer, { bit, bits }: Field): bigint {
  let value = 0n;
  for (let at = bit; at < bit + bits; at++) {
    value = (value << 1n) | BigInt(((frame[at >> 3] ?? 0) >> (7 - (at & 7))) & 1);
  }
  return value;
}

function writeBits(frame: Buffer, { bit, bits, name }: Field, value: bigint): void {
  if (value < 0n || value >> BigInt(bits) !== 0n)
    throw new RangeError(`${name} has ${bits} bits: ${value} does not fit`);
  for (let index = 0; index < bits; index++) {
    const at = bit + index;
    const mask = 0x80 >> (at & 7);
    const on = (value >> BigInt(bits - 1 - index)) & 1n;
    frame[at >> 3] = on ? (frame[at >> 3] ?? 0) | mask : (frame[at >> 3] ?? 0) & ~mask;
  }
}

function toNumber({ name }: Field, value: string | number): bigint {
  if (typeof value === 'string' && !/^(\d+|0x[0-9a-f]+)$/i.test(value)) {
    throw new RangeError(`${name} is a number, not '${value}'`);
  }
  return BigInt(value);
}

function toFlags(value: string | number): bigint {
  if (typeof value === 'number') return BigInt(value);
  return BigInt([...value].reduce((all, letter) => all | flagBit(letter), 0));
}

function flagBit(letter: string): number {
  const bit = TCP_FLAGS.indexOf(letter);
  if (bit < 0) throw new RangeError(`TCP has the flags ${TCP_FLAGS}, not '${letter}'`);
  return 1 << bit;
}

function hexBytes(text: string): Buffer {
  const digits = text.replaceAll(/[:\s]/g, '');
  if (!/^([0-9a-f]{2})*$/i.test(digits)) throw new RangeError(`'${text}' is not bytes in hex`);
  return Buffer.from(digits, 'hex');
}
