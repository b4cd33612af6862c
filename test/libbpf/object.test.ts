import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, rmdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  BpfError,
  BpfLink,
  BpfMap,
  BpfObject,
  BpfProgram,
  mapIds,
  programIds,
} from '../../src/libbpf/index.ts';
import { beside, type CompiledObject, compileBpf } from './compile.ts';

const PIN_FOLDER = '/sys/fs/bpf/sluice-test-libbpf';

function caught(run: () => unknown): BpfError {
  try {
    run();
  } catch (error) {
    if (error instanceof BpfError) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
}

function openFds(): number {
  return readdirSync('/proc/self/fd').length;
}

describe('a BPF object', () => {
  let maps: CompiledObject;
  let rejected: CompiledObject;

  beforeAll(() => {
    maps = compileBpf(beside('maps.bpf.c'));
    rejected = compileBpf(beside('rejected.bpf.c'));
    mkdirSync(PIN_FOLDER, { recursive: true });
  });

  afterAll(() => {
    maps[Symbol.dispose]();
    rejected[Symbol.dispose]();
    for (const pin of readdirSync(PIN_FOLDER)) rmSync(`${PIN_FOLDER}/${pin}`);
    rmdirSync(PIN_FOLDER);
  });

  it('says before its load what maps, programs and sections it has', () => {
    using object = BpfObject.open(maps.path);
    expect(object.map('test_lru')).toMatchObject({
      type: 'lru_hash',
      keySize: 4,
      valueSize: 8,
      maxEntries: 60000,
    });
    expect(object.programs.map(({ name, section, type }) => [name, section, type])).toContainEqual([
      'add_up',
      'syscall',
      'syscall',
    ]);
    expect(object.maps.filter(({ isInternal }) => isInternal).map(({ name }) => name)).toEqual([
      'maps.rodata',
    ]);
  });

  it('says which maps it has when asked for an unknown one', () => {
    using object = BpfObject.open(maps.path);
    const error = caught(() => object.map('nonsense'));
    expect(error.code).toBe('not_found');
    expect(error.message).toContain('test_lru');
  });

  it('gives its programs the load-time options that were set by name, and the defaults of the others', () => {
    using object = BpfObject.open(maps.path);
    object.setRodata({ option_port: 1000, option_signed: -10, option_flag: true });
    object.load();
    using program = object.openProgram('emit_record');
    expect(program.run({ dataIn: Buffer.alloc(64) }).retval).toBe(1000 - 10 + 1 + 7);
  });

  it('refuses load-time options that do not exist or do not fit', () => {
    using object = BpfObject.open(maps.path);
    expect(caught(() => object.setRodata({ option_nonsense: 1 })).code).toBe('not_found');
    expect(caught(() => object.setRodata({ option_port: 65536 })).message).toContain('65536 does not fit');
    expect(caught(() => object.setRodata({ option_port: -1 })).code).toBe('invalid');
  });

  it('refuses load-time options once it is loaded', () => {
    using object = BpfObject.open(maps.path);
    object.load();
    expect(caught(() => object.setRodata({ option_port: 1 })).message).toMatch(/load-time options/);
  });

  it('loads only the programs it is told to, with maps of the size it is told', () => {
    using object = BpfObject.open(maps.path);
    for (const program of object.programs) program.setAutoload(program.name === 'add_up');
    object.map('test_hash').setMaxEntries(123);
    object.load();
    using map = object.openMap('test_hash');
    expect(map.info).toMatchObject({ maxEntries: 123, type: 'hash', name: 'test_hash' });
    using program = object.openProgram('add_up');
    expect(program.info).toMatchObject({ name: 'add_up', type: 'syscall' });
    expect(caught(() => object.openProgram('flip_byte')).message).toContain('not loaded');
  });

  it('turns a rejection by the verifier into one line and keeps the whole log', () => {
    using object = BpfObject.open(rejected.path);
    const error = caught(() => object.load());
    expect(error.code).toBe('rejected');
    expect(error.errnoName).toBe('EACCES');
    expect(error.message).toMatch(
      /^the verifier rejects program reads_beyond of rejected: R\d .*outside of the packet/,
    );
    expect(error.message).toContain('return data[100];');
    expect(error.message).not.toContain('\n');
    expect(error.verifierLog).toContain('invalid access to packet');
    expect(error.verifierLog).toContain('processed');
  });

  it('loads also while a profiler sends a signal every millisecond, at each of which the verifier gives up', () => {
    using slow = compileBpf(beside('slow.bpf.c'));
    const folder = dirname(slow.path);
    const library = fileURLToPath(new URL('../../dist/src/libbpf/index.js', import.meta.url));
    const script = join(folder, 'load.mjs');
    writeFileSync(
      script,
      `import { BpfObject } from ${JSON.stringify(library)};
      const object = BpfObject.open(${JSON.stringify(slow.path)});
      object.load();
      object.close();
      console.log('loaded');`,
    );
    const profile = ['--cpu-prof', '--cpu-prof-interval', '1000', '--cpu-prof-dir', folder];
    const options = { encoding: 'utf8', cwd: folder } as const;
    expect(spawnSync(process.execPath, [...profile, script], options)).toMatchObject({
      stdout: 'loaded\n',
      status: 0,
    });
  });

  it('says that a file is no BPF object', () => {
    const error = caught(() => BpfObject.openBytes(Buffer.from('not an object at all'), 'nonsense'));
    expect(error.code).toBe('bad_object');
    expect(error.message).toContain('nonsense');
  });

  it("adds libbpf's own words when a map cannot be created", () => {
    using object = BpfObject.open(maps.path);
    object.map('test_ring').setMaxEntries(4097);
    object.map('test_array').setMaxEntries(0xffffffff);
    const error = caught(() => object.load());
    expect(error.message).toMatch(/map '?test_\w+/);
  });

  it('says which rights it needs', () => {
    using object = BpfObject.open(maps.path);
    const seteuid = process.seteuid?.bind(process);
    seteuid?.(65534);
    try {
      const error = caught(() => object.load());
      expect(error.code).toBe('permission');
      expect(error.message).toBe(
        'loading maps: needs root, or CAP_BPF, CAP_NET_ADMIN and CAP_PERFMON (EPERM)',
      );
    } finally {
      seteuid?.(0);
    }
  });

  it('uses a pinned map again with what is in it', () => {
    const pin = `${PIN_FOLDER}/array`;
    const key = Buffer.alloc(4);
    const value = Buffer.from('0123456789abcdef', 'hex');
    {
      using object = BpfObject.open(maps.path);
      object.load();
      using map = object.openMap('test_array');
      map.update(key, value);
      map.pin(pin);
      expect(caught(() => map.pin(pin)).code).toBe('exists');
    }
    using object = BpfObject.open(maps.path);
    object.map('test_array').reusePinned(pin);
    object.load();
    using again = object.openMap('test_array');
    using pinned = BpfMap.fromPin(pin);
    expect(again.lookup(key)).toEqual(value);
    expect(again.info.id).toBe(pinned.info.id);
  });

  it('refuses a pinned map of another layout', () => {
    const pin = `${PIN_FOLDER}/hash`;
    using object = BpfObject.open(maps.path);
    object.load();
    using map = object.openMap('test_hash');
    map.pin(pin);
    using other = BpfObject.open(maps.path);
    const error = caught(() => other.map('test_lru').reusePinned(pin));
    expect(error.code).toBe('mismatch');
    expect(error.message).toContain('type is hash instead of lru_hash');
  });

  it('opens a pinned program again', () => {
    const pin = `${PIN_FOLDER}/program`;
    using object = BpfObject.open(maps.path);
    object.load();
    using program = object.openProgram('pass_all');
    program.pin(pin);
    using again = BpfProgram.fromPin(pin);
    expect(again.info).toEqual(program.info);
    expect(caught(() => BpfProgram.fromPin(`${PIN_FOLDER}/none`)).code).toBe('not_found');
    expect(caught(() => BpfMap.fromPin(pin)).message).toBe(
      `${pin} is not a pinned map but anon_inode:bpf-prog`,
    );
  });

  it('says which maps a program uses', () => {
    using object = BpfObject.open(maps.path);
    object.load();
    using program = object.openProgram('emit_record');
    using ring = object.openMap('test_ring');
    using unused = object.openMap('test_lru');
    expect(program.info.mapIds).toContain(ring.info.id);
    expect(program.info.mapIds).not.toContain(unused.info.id);
    expect(mapIds()).toContain(unused.info.id);
    expect(programIds()).toContain(program.info.id);
  });

  it('leaves no descriptor, map or program behind, also after failures', () => {
    const use = (): void => {
      using object = BpfObject.open(maps.path);
      object.load();
      using map = object.openMap('test_hash');
      using program = object.openProgram('pass_all');
      object.close();
      expect(program.info.name).toBe('pass_all');
      expect(map.lookup(Buffer.alloc(4))).toBeNull();
      using bad = BpfObject.open(rejected.path);
      caught(() => bad.load());
      caught(() => BpfMap.fromId(0));
      caught(() => BpfLink.fromPin(`${PIN_FOLDER}/hash`));
    };
    use();
    const before = openFds();
    const programs = programIds();
    use();
    expect(openFds()).toBe(before);
    expect(programIds().length).toBe(programs.length);
  });

  it('answers a use after its end with a clear error', () => {
    const object = BpfObject.open(maps.path);
    object.load();
    const map = object.openMap('test_hash');
    object.close();
    object.close();
    expect(caught(() => object.openMap('test_hash')).code).toBe('closed');
    map.close();
    map.close();
    expect(caught(() => map.lookup(Buffer.alloc(4))).message).toBe('map test_hash was closed before');
  });
});
