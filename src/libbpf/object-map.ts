import { BpfError, check } from './bpf-error.ts';
import { BpfMap } from './map.ts';
import { type Handle, native } from './native.ts';
import { mapTypeName } from './type-names.ts';

/** `BPF_F_NO_PREALLOC`: a hash map takes memory only for the entries that it has. */
export const MAP_NO_PREALLOC = 1;

/** A map as an object declares it. Valid while the object is open; what it sets must be set before `load`. */
export interface ObjectMap {
  readonly name: string;
  /** `BPF_MAP_TYPE_*` in lower case. */
  readonly type: string;
  readonly keySize: number;
  readonly valueSize: number;
  readonly maxEntries: number;
  readonly flags: number;
  /** Ids in the object's BTF; 0 when the declaration names no types. */
  readonly keyType: number;
  readonly valueType: number;
  /** Whether libbpf made it of a data section (`.rodata`, `.bss`). */
  readonly isInternal: boolean;
  setMaxEntries(count: number): void;
  /** Sets its `BPF_F_*` flags, e.g. {@link MAP_NO_PREALLOC}. @throws {BpfError} */
  setFlags(flags: number): void;
  /** Uses a map that exists instead of a new one. @throws {BpfError} `mismatch` when its layout is another */
  reuse(map: BpfMap): void;
  /** The same with a pinned map. Its size is its own: `setMaxEntries` has no say. @throws {BpfError} */
  reusePinned(path: string): void;
}

/** Describes one declared map. */
export function objectMap(handle: Handle): ObjectMap {
  const libbpf = native();
  const name = libbpf.mapName(handle);
  const described = {
    name,
    type: mapTypeName(libbpf.mapType(handle)),
    keySize: libbpf.mapKeySize(handle),
    valueSize: libbpf.mapValueSize(handle),
    maxEntries: libbpf.mapMaxEntries(handle),
    flags: libbpf.mapFlags(handle),
    keyType: libbpf.mapBtfKeyType(handle),
    valueType: libbpf.mapBtfValueType(handle),
    isInternal: libbpf.mapIsInternal(handle),
  };
  const reuse = (map: BpfMap): void => {
    mustMatch({ ...described, flags: libbpf.mapFlags(handle) }, map);
    check(libbpf.mapReuseFd(handle, map.fd.value), `using ${map.fd.what} as map ${name}`);
  };
  return {
    ...described,
    setMaxEntries: (count) => {
      check(libbpf.mapSetMaxEntries(handle, count), `setting the size of map ${name}`);
    },
    setFlags: (flags) => {
      check(libbpf.mapSetFlags(handle, flags), `setting the flags of map ${name}`);
    },
    reuse,
    reusePinned: (path) => {
      using map = BpfMap.fromPin(path);
      reuse(map);
    },
  };
}

type Layout = Pick<ObjectMap, 'name' | 'type' | 'keySize' | 'valueSize' | 'flags'>;

function mustMatch(declared: Layout, map: BpfMap): void {
  const fields = ['type', 'keySize', 'valueSize', 'flags'] as const;
  const other = fields.find((field) => declared[field] !== map.info[field]);
  if (other === undefined) return;
  throw new BpfError(
    'mismatch',
    `${map.fd.what} cannot serve as map ${declared.name}: its ${other} is ${map.info[other]} instead of ${declared[other]}`,
  );
}
