import koffi, { type KoffiFunc, type LibraryHandle, type TypeObject } from 'koffi';
import { bind, once } from './bind.ts';
import { BpfError } from './bpf-error.ts';
import * as types from './native-types.ts';

type Fn = (...args: never[]) => unknown;
/** Address of something that libbpf owns; null where C says NULL. */
export type Pointer = bigint | null;
type Bytes = Uint8Array | null;

/** Address that must not be NULL: opaque handles of libbpf. */
export type Handle = bigint;

/** Every C function that this library calls, typed. */
export type Native = ReturnType<typeof bindAll>;

/**
 * The functions of the system's libbpf, loaded at the first call and kept from writing to stderr. They are bound
 * once a process: dlopen, koffi's types and libbpf's print function are global to the process anyway.
 * @throws {BpfError} `unsupported` when libbpf.so.1 is missing or older than 1.1.
 */
export const native: () => Native = once(() => {
  const bound = bindAll(loadLibrary('libbpf.so.1'), koffi.load('libc.so.6'));
  bound.setPrint(null);
  return bound;
});

function loadLibrary(name: string): LibraryHandle {
  try {
    return koffi.load(name);
  } catch (cause) {
    throw new BpfError('unsupported', `cannot load ${name}`, {
      detail: 'install libbpf 1.1 or newer (Debian, Ubuntu: apt install libbpf1)',
      cause,
    });
  }
}

function bindAll(lib: LibraryHandle, libc: LibraryHandle) {
  return {
    ...bindLibrary(lib),
    ...bindObjects(lib),
    ...bindMaps(lib),
    ...bindPrograms(lib),
    ...bindLinks(lib),
    ...bindNet(lib),
    ...bindIds(lib),
    ...bindRingBuffers(lib),
    fcntl: bind<(fd: number, command: number, type: 'int', value: number) => number>(
      libc,
      'int fcntl(int fd, int command, ...)',
    ),
    mmap: bind<
      (at: null, bytes: number, protection: number, flags: number, fd: number, offset: number) => Pointer
    >(libc, 'void *mmap(void *addr, size_t length, int prot, int flags, int fd, int64_t offset)'),
    munmap: bind<(address: Handle, bytes: number) => number>(libc, 'int munmap(void *addr, size_t length)'),
    /** Bytes of a page of memory. */
    pageSize: bind<() => number>(libc, 'int getpagesize(void)'),
    ifIndexToName: bind<(ifindex: number, name: Uint8Array) => Pointer>(
      libc,
      'void *if_indextoname(unsigned int ifindex, void *name)',
    ),
    /** Both masks are a `sigset_t`; the old one is written. */
    pthreadSigmask: bind<(how: number, set: Uint8Array, old: Uint8Array | null) => number>(
      libc,
      'int pthread_sigmask(int how, const void *set, void *old)',
    ),
    vsnprintf: bind<(out: Uint8Array, size: number, format: Pointer, vaList: Pointer) => number>(
      libc,
      'int vsnprintf(void *out, size_t size, const void *format, void *args)',
    ),
  };
}

function bindLibrary(lib: LibraryHandle) {
  return {
    /** Where the bytes lie; they must stay referenced as long as C uses the address. */
    addressOf: (bytes: Uint8Array): bigint => koffi.address(bytes),
    /** Copies bytes that libbpf owns. */
    copyBytes: (from: Handle, size: number): Buffer => toBuffer(koffi.decode(from, 'uint8_t', size)),
    version: bind<() => string>(lib, 'const char *libbpf_version_string()'),
    setPrint: bind<(callback: Pointer) => Pointer>(lib, 'void *libbpf_set_print(void *fn)'),
    possibleCpus: bind<() => number>(lib, 'int libbpf_num_possible_cpus()'),
    probeProgramType: bind<(type: number, opts: null) => number>(
      lib,
      'int libbpf_probe_bpf_prog_type(int type, const void *opts)',
    ),
    probeMapType: bind<(type: number, opts: null) => number>(
      lib,
      'int libbpf_probe_bpf_map_type(int type, const void *opts)',
    ),
  };
}

function bindObjects(lib: LibraryHandle) {
  return {
    objectOpenMem: bindTyped<(bytes: Uint8Array, size: number, opts: types.ObjectOpenOpts) => Pointer>(
      lib,
      'bpf_object__open_mem',
      'void *',
      ['const void *', 'size_t', koffi.pointer(types.objectOpenOpts())],
    ),
    objectLoad: bind<(object: Handle) => number>(lib, 'int bpf_object__load(void *obj)'),
    objectClose: bind<(object: Handle) => void>(lib, 'void bpf_object__close(void *obj)'),
    objectBtf: bind<(object: Handle) => Pointer>(lib, 'void *bpf_object__btf(const void *obj)'),
    btfRawData: bind<(btf: Handle, size: Uint32Array) => Pointer>(
      lib,
      'const void *btf__raw_data(const void *btf, void *size)',
    ),
    nextProgram: bind<(object: Handle, previous: Pointer) => Pointer>(
      lib,
      'void *bpf_object__next_program(const void *obj, void *prog)',
    ),
    nextMap: bind<(object: Handle, previous: Pointer) => Pointer>(
      lib,
      'void *bpf_object__next_map(const void *obj, const void *map)',
    ),
    mapName: bind<(map: Handle) => string>(lib, 'const char *bpf_map__name(const void *map)'),
    mapFd: bind<(map: Handle) => number>(lib, 'int bpf_map__fd(const void *map)'),
    mapType: bind<(map: Handle) => number>(lib, 'int bpf_map__type(const void *map)'),
    mapFlags: bind<(map: Handle) => number>(lib, 'uint32_t bpf_map__map_flags(const void *map)'),
    mapKeySize: bind<(map: Handle) => number>(lib, 'uint32_t bpf_map__key_size(const void *map)'),
    mapValueSize: bind<(map: Handle) => number>(lib, 'uint32_t bpf_map__value_size(const void *map)'),
    mapMaxEntries: bind<(map: Handle) => number>(lib, 'uint32_t bpf_map__max_entries(const void *map)'),
    mapBtfKeyType: bind<(map: Handle) => number>(lib, 'uint32_t bpf_map__btf_key_type_id(const void *map)'),
    mapBtfValueType: bind<(map: Handle) => number>(
      lib,
      'uint32_t bpf_map__btf_value_type_id(const void *map)',
    ),
    mapIsInternal: bind<(map: Handle) => boolean>(lib, 'bool bpf_map__is_internal(const void *map)'),
    mapSetMaxEntries: bind<(map: Handle, count: number) => number>(
      lib,
      'int bpf_map__set_max_entries(void *map, uint32_t max)',
    ),
    mapSetFlags: bind<(map: Handle, flags: number) => number>(
      lib,
      'int bpf_map__set_map_flags(void *map, uint32_t flags)',
    ),
    mapReuseFd: bind<(map: Handle, fd: number) => number>(lib, 'int bpf_map__reuse_fd(void *map, int fd)'),
    mapInitialValue: bind<(map: Handle, size: BigUint64Array) => Pointer>(
      lib,
      'const void *bpf_map__initial_value(void *map, void *size)',
    ),
    mapSetInitialValue: bind<(map: Handle, bytes: Uint8Array, size: number) => number>(
      lib,
      'int bpf_map__set_initial_value(void *map, const void *data, size_t size)',
    ),
    programName: bind<(program: Handle) => string>(lib, 'const char *bpf_program__name(const void *prog)'),
    programSection: bind<(program: Handle) => string>(
      lib,
      'const char *bpf_program__section_name(const void *prog)',
    ),
    programFd: bind<(program: Handle) => number>(lib, 'int bpf_program__fd(const void *prog)'),
    programType: bind<(program: Handle) => number>(lib, 'int bpf_program__type(const void *prog)'),
    programAutoload: bind<(program: Handle) => boolean>(lib, 'bool bpf_program__autoload(const void *prog)'),
    programSetAutoload: bind<(program: Handle, load: boolean) => number>(
      lib,
      'int bpf_program__set_autoload(void *prog, bool autoload)',
    ),
    programFlags: bind<(program: Handle) => number>(lib, 'uint32_t bpf_program__flags(const void *prog)'),
    programSetFlags: bind<(program: Handle, flags: number) => number>(
      lib,
      'int bpf_program__set_flags(void *prog, uint32_t flags)',
    ),
    programSetLogLevel: bind<(program: Handle, level: number) => number>(
      lib,
      'int bpf_program__set_log_level(void *prog, uint32_t log_level)',
    ),
    programSetLogBuf: bind<(program: Handle, bytes: Uint8Array, size: number) => number>(
      lib,
      'int bpf_program__set_log_buf(void *prog, void *buf, size_t size)',
    ),
  };
}

type Batch = (
  fd: number,
  inBatch: Bytes,
  outBatch: Uint8Array,
  keys: Uint8Array,
  values: Uint8Array,
  count: Uint32Array,
  opts: null,
) => number;

function bindMaps(lib: LibraryHandle) {
  return {
    lookup: bind<(fd: number, key: Uint8Array, value: Uint8Array) => number>(
      lib,
      'int bpf_map_lookup_elem(int fd, const void *key, void *value)',
    ),
    update: bind<(fd: number, key: Uint8Array, value: Uint8Array, flags: number) => number>(
      lib,
      'int bpf_map_update_elem(int fd, const void *key, const void *value, uint64_t flags)',
    ),
    deleteElement: bind<(fd: number, key: Uint8Array) => number>(
      lib,
      'int bpf_map_delete_elem(int fd, const void *key)',
    ),
    nextKey: bind<(fd: number, key: Bytes, next: Uint8Array) => number>(
      lib,
      'int bpf_map_get_next_key(int fd, const void *key, void *next)',
    ),
    lookupBatch: bind<Batch>(
      lib,
      'int bpf_map_lookup_batch(int fd, void *in, void *out, void *keys, void *values, void *count, const void *opts)',
    ),
    updateBatch: bindTyped<
      (
        fd: number,
        keys: Uint8Array,
        values: Uint8Array,
        count: Uint32Array,
        opts: types.MapBatchOpts,
      ) => number
    >(lib, 'bpf_map_update_batch', 'int', [
      'int',
      'const void *',
      'const void *',
      'void *',
      koffi.pointer(types.mapBatchOpts()),
    ]),
    deleteBatch: bind<(fd: number, keys: Uint8Array, count: Uint32Array, opts: null) => number>(
      lib,
      'int bpf_map_delete_batch(int fd, const void *keys, void *count, const void *opts)',
    ),
  };
}

function bindPrograms(lib: LibraryHandle) {
  return {
    objPin: bind<(fd: number, path: string) => number>(lib, 'int bpf_obj_pin(int fd, const char *path)'),
    objGet: bind<(path: string) => number>(lib, 'int bpf_obj_get(const char *path)'),
    objInfo: bind<(fd: number, info: Uint8Array, size: Uint32Array) => number>(
      lib,
      'int bpf_obj_get_info_by_fd(int fd, void *info, void *size)',
    ),
    testRun: bindTyped<(fd: number, opts: types.TestRunOpts) => number>(
      lib,
      'bpf_prog_test_run_opts',
      'int',
      ['int', koffi.inout(koffi.pointer(types.testRunOpts()))],
    ),
  };
}

function bindLinks(lib: LibraryHandle) {
  return {
    linkCreate: bindTyped<
      (programFd: number, ifindex: number, type: number, opts: types.LinkCreateOpts) => number
    >(lib, 'bpf_link_create', 'int', ['int', 'int', 'int', koffi.pointer(types.linkCreateOpts())]),
    linkUpdate: bind<(fd: number, programFd: number, opts: null) => number>(
      lib,
      'int bpf_link_update(int fd, int prog, const void *opts)',
    ),
    linkDetach: bind<(fd: number) => number>(lib, 'int bpf_link_detach(int fd)'),
  };
}

function bindNet(lib: LibraryHandle) {
  const hook = koffi.pointer(types.tcHook());
  const opts = koffi.inout(koffi.pointer(types.tcOpts()));
  type Tc = (hook: types.TcHookStruct, opts: types.TcOptsStruct) => number;
  return {
    xdpQuery: bindTyped<(ifindex: number, flags: number, opts: types.XdpQueryOpts) => number>(
      lib,
      'bpf_xdp_query',
      'int',
      ['int', 'int', koffi.inout(koffi.pointer(types.xdpQueryOpts()))],
    ),
    tcHookCreate: bindTyped<(hook: types.TcHookStruct) => number>(lib, 'bpf_tc_hook_create', 'int', [hook]),
    tcHookDestroy: bindTyped<(hook: types.TcHookStruct) => number>(lib, 'bpf_tc_hook_destroy', 'int', [hook]),
    tcAttach: bindTyped<Tc>(lib, 'bpf_tc_attach', 'int', [hook, opts]),
    tcDetach: bindTyped<Tc>(lib, 'bpf_tc_detach', 'int', [hook, opts]),
    tcQuery: bindTyped<Tc>(lib, 'bpf_tc_query', 'int', [hook, opts]),
  };
}

function bindIds(lib: LibraryHandle) {
  type NextId = (start: number, next: Uint32Array) => number;
  type FdById = (id: number) => number;
  return {
    nextProgramId: bind<NextId>(lib, 'int bpf_prog_get_next_id(uint32_t start, void *next)'),
    nextMapId: bind<NextId>(lib, 'int bpf_map_get_next_id(uint32_t start, void *next)'),
    nextLinkId: bind<NextId>(lib, 'int bpf_link_get_next_id(uint32_t start, void *next)'),
    programFdById: bind<FdById>(lib, 'int bpf_prog_get_fd_by_id(uint32_t id)'),
    mapFdById: bind<FdById>(lib, 'int bpf_map_get_fd_by_id(uint32_t id)'),
    linkFdById: bind<FdById>(lib, 'int bpf_link_get_fd_by_id(uint32_t id)'),
  };
}

function bindRingBuffers(lib: LibraryHandle) {
  return {
    ringBufferNew: bind<(mapFd: number, callback: Pointer, context: null, opts: null) => Pointer>(
      lib,
      'void *ring_buffer__new(int map_fd, void *callback, void *ctx, const void *opts)',
    ),
    ringBufferFree: bind<(ring: Handle) => void>(lib, 'void ring_buffer__free(void *rb)'),
    ringBufferConsume: bind<(ring: Handle) => number>(lib, 'int ring_buffer__consume(void *rb)'),
    ringBufferEpollFd: bind<(ring: Handle) => number>(lib, 'int ring_buffer__epoll_fd(const void *rb)'),
  };
}

function toBuffer(decoded: Uint8Array): Buffer {
  return Buffer.from(decoded.buffer, decoded.byteOffset, decoded.byteLength);
}

function bindTyped<T extends Fn>(
  lib: LibraryHandle,
  name: string,
  result: string,
  args: (string | TypeObject | ReturnType<typeof koffi.inout>)[],
): KoffiFunc<T> {
  return lib.func(name, result, args) as KoffiFunc<T>;
}
