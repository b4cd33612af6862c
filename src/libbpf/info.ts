import { check } from './bpf-error.ts';
import { native } from './native.ts';
import type { OwnedFd } from './owned-fd.ts';
import { mapTypeName, programTypeName } from './type-names.ts';

/** Beyond the structs of today's kernels; a kernel fills only what it knows. */
const INFO_BYTES = 512;

/** What the kernel says of a map. */
export interface MapInfo {
  readonly id: number;
  /** `BPF_MAP_TYPE_*` in lower case, e.g. `lru_hash`. */
  readonly type: string;
  /** Cut to 15 bytes by the kernel. */
  readonly name: string;
  readonly keySize: number;
  /** Bytes of one value; a per-CPU map has one for every possible CPU. */
  readonly valueSize: number;
  readonly maxEntries: number;
  /** `BPF_F_*` of its creation. */
  readonly flags: number;
}

/** What the kernel says of a program. */
export interface ProgramInfo {
  readonly id: number;
  /** `BPF_PROG_TYPE_*` in lower case, e.g. `xdp`. */
  readonly type: string;
  /** Cut to 15 bytes by the kernel. */
  readonly name: string;
  /** Hash of the instructions, hex. */
  readonly tag: string;
  readonly mapIds: readonly number[];
  /** Runs and their time: 0 unless kernel.bpf_stats_enabled is on. */
  readonly runCount: bigint;
  readonly runTimeNs: bigint;
}

/** Reads `struct bpf_map_info`. */
export function readMapInfo(fd: OwnedFd): MapInfo {
  const info = Buffer.alloc(INFO_BYTES);
  fillInfo(fd, info);
  return {
    type: mapTypeName(info.readUInt32LE(0)),
    id: info.readUInt32LE(4),
    keySize: info.readUInt32LE(8),
    valueSize: info.readUInt32LE(12),
    maxEntries: info.readUInt32LE(16),
    flags: info.readUInt32LE(20),
    name: readName(info, 24),
  };
}

/** Reads `struct bpf_prog_info`, and the ids of the program's maps. */
export function readProgramInfo(fd: OwnedFd): ProgramInfo {
  const info = Buffer.alloc(INFO_BYTES);
  fillInfo(fd, info);
  return {
    type: programTypeName(info.readUInt32LE(0)),
    id: info.readUInt32LE(4),
    tag: info.toString('hex', 8, 16),
    name: readName(info, 64),
    runTimeNs: info.readBigUInt64LE(192),
    runCount: info.readBigUInt64LE(200),
    mapIds: readMapIds(fd, info.readUInt32LE(52)),
  };
}

/** Fills a zeroed buffer with the kernel's info struct of any BPF object. */
export function fillInfo(fd: OwnedFd, info: Buffer): void {
  const size = Uint32Array.of(info.length);
  check(native().objInfo(fd.value, info, size), `reading what the kernel knows of ${fd.what}`);
}

function readMapIds(fd: OwnedFd, count: number): readonly number[] {
  if (count === 0) return [];
  const ids = Buffer.alloc(count * 4);
  const info = Buffer.alloc(INFO_BYTES);
  info.writeUInt32LE(count, 52);
  info.writeBigUInt64LE(native().addressOf(ids), 56);
  fillInfo(fd, info);
  const known = Math.min(count, info.readUInt32LE(52));
  return Array.from({ length: known }, (_, index) => ids.readUInt32LE(index * 4));
}

function readName(info: Buffer, at: number): string {
  return info.toString('latin1', at, at + 16).replace(/\0.*$/s, '');
}
