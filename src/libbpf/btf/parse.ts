import { BpfError } from '../bpf-error.ts';
import type { BtfInt, BtfType } from './types.ts';

const MAGIC = 0xeb9f;
const HEADER_BYTES = 24;
const COMMON_BYTES = 12;

/** The common head of a type record: its name, the info word unpacked, and the size or type id. */
interface Head {
  readonly name: string;
  readonly kind: number;
  readonly count: number;
  readonly flag: boolean;
  readonly sizeOrType: number;
}

/** A type and how many bytes follow its common head. */
interface Parsed {
  readonly type: BtfType;
  readonly extraBytes: number;
}

/**
 * Reads a BTF blob (Documentation/bpf/btf.rst in the kernel). Index 0 of the result is void, so ids are indices.
 * @throws {BpfError} `bad_object` when it is not BTF of this byte order, or has a kind that is not known.
 */
export function parseBtf(data: Uint8Array): readonly BtfType[] {
  const bytes = Buffer.from(data.buffer, data.byteOffset, data.byteLength);
  if (bytes.length < HEADER_BYTES || bytes.readUInt16LE(0) !== MAGIC) {
    throw new BpfError('bad_object', 'the type information (BTF) is missing or of the other byte order');
  }
  const headerBytes = bytes.readUInt32LE(4);
  const typeStart = headerBytes + bytes.readUInt32LE(8);
  const typeEnd = typeStart + bytes.readUInt32LE(12);
  const strings = bytes.subarray(headerBytes + bytes.readUInt32LE(16));
  const types: BtfType[] = [{ kind: 'void' }];
  let offset = typeStart;
  while (offset < typeEnd) {
    const head = readHead(bytes, offset, strings);
    const { type, extraBytes } = readType(head, bytes.subarray(offset + COMMON_BYTES), strings);
    types.push(type);
    offset += COMMON_BYTES + extraBytes;
  }
  return types;
}

function readHead(bytes: Buffer, offset: number, strings: Buffer): Head {
  const info = bytes.readUInt32LE(offset + 4);
  return {
    name: readString(strings, bytes.readUInt32LE(offset)),
    kind: (info >>> 24) & 0x1f,
    count: info & 0xffff,
    flag: info >>> 31 === 1,
    sizeOrType: bytes.readUInt32LE(offset + 8),
  };
}

function readType(head: Head, extra: Buffer, strings: Buffer): Parsed {
  const { name, sizeOrType: type } = head;
  switch (head.kind) {
    case 1:
      return { type: readInt(head, extra), extraBytes: 4 };
    case 2:
      return { type: { kind: 'pointer', type }, extraBytes: 0 };
    case 3:
      return {
        type: { kind: 'array', type: extra.readUInt32LE(0), count: extra.readUInt32LE(8) },
        extraBytes: 12,
      };
    case 4:
      return readStruct('struct', head, extra, strings);
    case 5:
      return readStruct('union', head, extra, strings);
    case 6:
      return readEnum(head, extra, strings, 8);
    case 7: // forward declaration
    case 13: // function prototype
    case 17: // tag of a declaration
      return { type: { kind: 'other', name }, extraBytes: otherBytes(head) };
    case 8:
      return { type: { kind: 'typedef', name, type }, extraBytes: 0 };
    case 9:
      return { type: { kind: 'volatile', type }, extraBytes: 0 };
    case 10:
      return { type: { kind: 'const', type }, extraBytes: 0 };
    case 11:
      return { type: { kind: 'restrict', type }, extraBytes: 0 };
    case 12:
      return { type: { kind: 'function', name }, extraBytes: 0 };
    case 14:
      return { type: { kind: 'var', name, type }, extraBytes: 4 };
    case 15:
      return readDatasec(head, extra);
    case 16:
      return { type: { kind: 'float', name, size: type }, extraBytes: 0 };
    case 18:
      return { type: { kind: 'typeTag', type }, extraBytes: 0 };
    case 19:
      return readEnum(head, extra, strings, 12);
    default:
      throw new BpfError('bad_object', `the type information (BTF) has the unknown kind ${head.kind}`);
  }
}

function otherBytes(head: Head): number {
  if (head.kind === 13) return head.count * 8;
  return head.kind === 17 ? 4 : 0;
}

function readInt(head: Head, extra: Buffer): BtfInt {
  const bits = (extra.readUInt32LE(0) >>> 24) & 0x0f;
  const encodings = { 1: 'signed', 2: 'char', 4: 'bool' } as const;
  const encoding = bits === 1 || bits === 2 || bits === 4 ? encodings[bits] : 'unsigned';
  return { kind: 'int', name: head.name, size: head.sizeOrType, encoding };
}

function readStruct(kind: 'struct' | 'union', head: Head, extra: Buffer, strings: Buffer): Parsed {
  const members = Array.from({ length: head.count }, (_, index) => {
    const at = index * 12;
    const offset = extra.readUInt32LE(at + 8);
    return {
      name: readString(strings, extra.readUInt32LE(at)),
      type: extra.readUInt32LE(at + 4),
      bitOffset: head.flag ? offset & 0xffffff : offset,
      bitSize: head.flag ? offset >>> 24 : 0,
    };
  });
  return { type: { kind, name: head.name, size: head.sizeOrType, members }, extraBytes: head.count * 12 };
}

function readEnum(head: Head, extra: Buffer, strings: Buffer, valueBytes: 8 | 12): Parsed {
  const values = Array.from({ length: head.count }, (_, index) => {
    const at = index * valueBytes;
    return {
      name: readString(strings, extra.readUInt32LE(at)),
      value: readEnumValue(head, extra, at + 4, valueBytes),
    };
  });
  const type = { kind: 'enum', name: head.name, size: head.sizeOrType, values } as const;
  return { type, extraBytes: head.count * valueBytes };
}

function readEnumValue(head: Head, extra: Buffer, at: number, valueBytes: 8 | 12): bigint {
  if (valueBytes === 12) return head.flag ? extra.readBigInt64LE(at) : extra.readBigUInt64LE(at);
  return BigInt(head.flag ? extra.readInt32LE(at) : extra.readUInt32LE(at));
}

function readDatasec(head: Head, extra: Buffer): Parsed {
  const vars = Array.from({ length: head.count }, (_, index) => {
    const at = index * 12;
    return {
      type: extra.readUInt32LE(at),
      offset: extra.readUInt32LE(at + 4),
      size: extra.readUInt32LE(at + 8),
    };
  });
  const type = { kind: 'datasec', name: head.name, size: head.sizeOrType, vars } as const;
  return { type, extraBytes: head.count * 12 };
}

function readString(strings: Buffer, offset: number): string {
  return strings.toString('utf8', offset, strings.indexOf(0, offset));
}
