import { errorFromErrno } from './bpf-error.ts';
import { possibleCpus } from './cpus.ts';
import { ERRNO } from './errno.ts';
import { type MapInfo, readMapInfo } from './info.ts';
import { mustFit } from './map-layout.ts';
import { native } from './native.ts';
import { OwnedFd } from './owned-fd.ts';
import { openPin, pinFd } from './pin.ts';
import { isPerCpu } from './type-names.ts';

/** What an update does with a key that is there, or is not: any, only new keys, only known keys. */
export type UpdateMode = 'any' | 'create' | 'exist';

/** `BPF_ANY`, `BPF_NOEXIST`, `BPF_EXIST`. */
export const UPDATE_FLAGS: Readonly<Record<UpdateMode, number>> = { any: 0, create: 1, exist: 2 };

/**
 * A map in the kernel, through a descriptor of its own. Keys and values are bytes. In a per-CPU map a value is
 * `possibleCpus` values side by side, each rounded up to 8 bytes: `valueBytes` says how much that is.
 */
export class BpfMap implements Disposable {
  readonly fd: OwnedFd;
  readonly info: MapInfo;
  /** Bytes that a look-up returns and an update takes. */
  readonly valueBytes: number;

  private constructor(fd: OwnedFd) {
    this.fd = fd;
    this.info = readMapInfo(fd);
    this.valueBytes = isPerCpu(this.info.type)
      ? possibleCpus() * roundUpTo8(this.info.valueSize)
      : this.info.valueSize;
  }

  /** Takes the descriptor over: it is closed with the map, or now when the kernel does not know it. */
  static adopt(fd: OwnedFd): BpfMap {
    try {
      return new BpfMap(fd);
    } catch (error) {
      fd.close();
      throw error;
    }
  }

  /** Opens a pinned map. @throws {BpfError} `not_found` */
  static fromPin(path: string): BpfMap {
    return BpfMap.adopt(openPin(path, 'map'));
  }

  /** Opens a map by its id. @throws {BpfError} `not_found` */
  static fromId(id: number): BpfMap {
    const fd = native().mapFdById(id);
    if (fd < 0) throw errorFromErrno(fd, `opening the map with id ${id}`);
    return BpfMap.adopt(new OwnedFd(fd, `map ${id}`));
  }

  /** The value of a key; null when there is none. */
  lookup(key: Uint8Array): Buffer | null {
    mustFit(this, key);
    const value = Buffer.allocUnsafe(this.valueBytes);
    const result = native().lookup(this.fd.value, key, value);
    if (result === -ERRNO.ENOENT) return null;
    if (result < 0) throw errorFromErrno(result, `looking up in ${this.fd.what}`);
    return value;
  }

  /** Writes one value. @throws {BpfError} `exists` or `not_found` by mode, `full` when it has no room */
  update(key: Uint8Array, value: Uint8Array, mode: UpdateMode = 'any'): void {
    mustFit(this, key, value);
    const result = native().update(this.fd.value, key, value, UPDATE_FLAGS[mode]);
    if (result < 0) throw errorFromErrno(result, `updating ${this.fd.what}`);
  }

  /** Removes one key; false when it was not there. */
  delete(key: Uint8Array): boolean {
    mustFit(this, key);
    const result = native().deleteElement(this.fd.value, key);
    if (result === -ERRNO.ENOENT) return false;
    if (result < 0) throw errorFromErrno(result, `deleting from ${this.fd.what}`);
    return true;
  }

  /** The key after this one, the first for null; null at the end. A key that is gone starts a hash map again. */
  nextKey(key: Uint8Array | null): Buffer | null {
    if (key !== null) mustFit(this, key);
    const next = Buffer.allocUnsafe(this.info.keySize);
    const result = native().nextKey(this.fd.value, key, next);
    if (result === -ERRNO.ENOENT) return null;
    if (result < 0) throw errorFromErrno(result, `walking ${this.fd.what}`);
    return next;
  }

  /**
   * All keys, one call each: for small maps, and to clear one. Reads ahead by one key, so that the caller may delete the
   * key it was given. While others write, a hash map may repeat or leave out keys.
   */
  *keys(): Generator<Buffer, void, void> {
    let key = this.nextKey(null);
    while (key !== null) {
      const next = this.nextKey(key);
      yield key;
      key = next;
    }
  }

  /** Pins it in a mounted bpffs. @throws {BpfError} `exists` */
  pin(path: string): void {
    pinFd(this.fd, path);
  }

  /** Closes the descriptor; the map lives on while it is pinned or a program uses it. */
  close(): void {
    this.fd.close();
  }

  [Symbol.dispose](): void {
    this.close();
  }
}

function roundUpTo8(bytes: number): number {
  return Math.ceil(bytes / 8) * 8;
}
