import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import koffi from 'koffi';
import { BpfError, errorFromErrno } from './bpf-error.ts';
import { type Btf, readBtf } from './btf/index.ts';
import { withLibbpfLog } from './libbpf-log.ts';
import { BpfMap } from './map.ts';
import { type Handle, native, type Pointer } from './native.ts';
import { OPTS_SIZE } from './native-types.ts';
import { loadObject } from './object-load.ts';
import { type ObjectMap, objectMap } from './object-map.ts';
import { type ObjectProgram, objectProgram } from './object-program.ts';
import { OwnedFd } from './owned-fd.ts';
import { BpfProgram } from './program.ts';
import { type RodataValue, writeRodata } from './rodata.ts';
import type { VerifierStatistics } from './verifier-log.ts';

type State = 'opened' | 'loaded' | 'closed';

/**
 * A compiled object file: opened, then adjusted, then loaded. What is taken out of it by `openMap` and `openProgram` has
 * descriptors of its own and outlives the object, which may be closed as soon as everything needed is out.
 */
export class BpfObject implements Disposable {
  readonly name: string;
  readonly #handle: Handle;
  readonly #maps: ReadonlyMap<string, Handle>;
  readonly #programs: ReadonlyMap<string, Handle>;
  #state: State = 'opened';

  private constructor(handle: Handle, name: string) {
    const libbpf = native();
    this.name = name;
    this.#handle = handle;
    this.#maps = collect(handle, libbpf.nextMap, libbpf.mapName);
    this.#programs = collect(handle, libbpf.nextProgram, libbpf.programName);
  }

  /**
   * Reads an object file; the kernel is not asked yet.
   * @param options.name prefix of the names of its data sections' maps; default the file's name up to its first dot
   * @throws {BpfError} `bad_object`, and what reading the file throws
   */
  static open(path: string, options: { readonly name?: string } = {}): BpfObject {
    const name = options.name ?? basename(path).replace(/\..*$/s, '');
    return BpfObject.openBytes(readFileSync(path), name);
  }

  /** The same from bytes in memory. @throws {BpfError} `bad_object` */
  static openBytes(elf: Uint8Array, name: string): BpfObject {
    const opts = { sz: OPTS_SIZE.objectOpen, object_name: name };
    const { value, lines } = withLibbpfLog(() => {
      const handle = native().objectOpenMem(elf, elf.length, opts);
      return { handle, errno: koffi.errno() };
    });
    if (value.handle !== null) return new BpfObject(value.handle, name);
    const error = errorFromErrno(value.errno, `reading the object file ${name}`, { detail: lines.at(0) });
    throw error.code === 'invalid' ? new BpfError('bad_object', error.message, { cause: error }) : error;
  }

  /** Its type information. @throws {BpfError} `bad_object` when it was built without */
  get btf(): Btf {
    const btf = native().objectBtf(this.#alive());
    const size = new Uint32Array(1);
    const data = btf === null ? null : native().btfRawData(btf, size);
    if (data === null) throw new BpfError('bad_object', `${this.name} has no type information (BTF)`);
    return readBtf(native().copyBytes(data, size[0] ?? 0));
  }

  /** Every declared map, also those of data sections. */
  get maps(): readonly ObjectMap[] {
    this.#alive();
    return [...this.#maps.values()].map(objectMap);
  }

  /** Every declared program. */
  get programs(): readonly ObjectProgram[] {
    this.#alive();
    return [...this.#programs.values()].map(objectProgram);
  }

  /** One declared map. @throws {BpfError} `not_found` */
  map(name: string): ObjectMap {
    return objectMap(this.#find(this.#maps, 'map', name));
  }

  /** One declared program. @throws {BpfError} `not_found` */
  program(name: string): ObjectProgram {
    return objectProgram(this.#find(this.#programs, 'program', name));
  }

  /** Sets `const volatile` variables by name, before `load`. @throws {BpfError} `not_found`, `invalid` */
  setRodata(values: Readonly<Record<string, RodataValue>>): void {
    const rodata = [...this.#maps].find(([name]) => name.endsWith('.rodata'));
    writeRodata(rodata?.[1], this.btf, values);
  }

  /** Creates the maps and loads the programs. @throws {BpfError} `rejected` with the verifier's log, and others */
  load(): void {
    this.#load(false);
  }

  /** The same, and tells by program name what the verifier had to do. @throws {BpfError} as {@link load} */
  loadWithStatistics(): ReadonlyMap<string, VerifierStatistics> {
    return this.#load(true);
  }

  /** A loaded map with a descriptor of its own. @throws {BpfError} `not_found` */
  openMap(name: string): BpfMap {
    const handle = this.#find(this.#maps, 'map', name);
    return BpfMap.adopt(this.#duplicate(native().mapFd(handle), `map ${name}`));
  }

  /** A loaded program with a descriptor of its own. @throws {BpfError} `not_found`; `invalid` when it was not loaded */
  openProgram(name: string): BpfProgram {
    const handle = this.#find(this.#programs, 'program', name);
    return BpfProgram.adopt(this.#duplicate(native().programFd(handle), `program ${name}`));
  }

  /** Frees the object; what was opened out of it stays. Safe to call again. */
  close(): void {
    if (this.#state === 'closed') return;
    this.#state = 'closed';
    native().objectClose(this.#handle);
  }

  [Symbol.dispose](): void {
    this.close();
  }

  #load(statistics: boolean): ReadonlyMap<string, VerifierStatistics> {
    const told = loadObject(this.#alive(), this.name, [...this.#programs.values()], statistics);
    this.#state = 'loaded';
    return told;
  }

  #alive(): Handle {
    if (this.#state === 'closed') throw new BpfError('closed', `the object ${this.name} was closed before`);
    return this.#handle;
  }

  #duplicate(fd: number, what: string): OwnedFd {
    if (fd < 0) throw new BpfError('invalid', `${what} of ${this.name} is not loaded`);
    return OwnedFd.duplicate(fd, what);
  }

  #find(handles: ReadonlyMap<string, Handle>, kind: string, name: string): Handle {
    this.#alive();
    const handle = handles.get(name);
    if (handle !== undefined) return handle;
    const known = [...handles.keys()].join(', ');
    throw new BpfError('not_found', `${this.name} has no ${kind} ${name} (it has: ${known})`);
  }
}

function collect(
  object: Handle,
  next: (object: Handle, previous: Pointer) => Pointer,
  nameOf: (handle: Handle) => string,
): ReadonlyMap<string, Handle> {
  const found = new Map<string, Handle>();
  for (let handle = next(object, null); handle !== null; handle = next(object, handle)) {
    found.set(nameOf(handle), handle);
  }
  return found;
}
