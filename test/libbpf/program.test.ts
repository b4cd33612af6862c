import { readdirSync } from 'node:fs';
import { release } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import {
  BpfError,
  compareKernels,
  RingBuffer,
  RingView,
  supportsMapType,
  supportsProgramType,
} from '../../src/libbpf/index.ts';
import { useLoaded } from './compile.ts';

function fail(error: unknown): void {
  throw error;
}

describe('the running kernel', () => {
  it('says which kinds of programs and maps it has', () => {
    expect(supportsProgramType('xdp')).toBe(true);
    expect(supportsMapType('user_ringbuf')).toBe(compareKernels(release(), '6.1') >= 0);
    expect(supportsMapType('lru_hash')).toBe(true);
    expect(() => supportsMapType('nonsense')).toThrow('there is no map type nonsense');
  });
});

describe('a BPF program', () => {
  const loaded = useLoaded();

  it('runs on a packet and gives the packet back', () => {
    using program = loaded.object.openProgram('flip_byte');
    const dataIn = Buffer.alloc(64, 0x0f);
    const { retval, dataOut } = program.run({ dataIn });
    expect(retval).toBe(2);
    expect(dataOut.length).toBe(64);
    expect(dataOut[0]).toBe(0xf0);
    expect(dataIn[0]).toBe(0x0f);
  });

  it('says how long a run takes', () => {
    using program = loaded.object.openProgram('pass_all');
    const { durationNs } = program.run({ dataIn: Buffer.alloc(64), repeat: 10_000 });
    expect(durationNs).toBeLessThan(100_000);
  });

  it('says that the packet does not fit where it should come back', () => {
    using program = loaded.object.openProgram('flip_byte');
    expect(() => program.run({ dataIn: Buffer.alloc(64), dataOutSize: 10 })).toThrow(
      'longer than dataOutSize',
    );
    expect(program.run({ dataIn: Buffer.alloc(64), dataOutSize: 0 }).dataOut.length).toBe(0);
  });

  it('runs a syscall program and gives its context back, on either thread', async () => {
    using program = loaded.object.openProgram('add_up');
    const ctxIn = Buffer.alloc(16);
    ctxIn.writeUInt32LE(40, 0);
    ctxIn.writeUInt32LE(2, 4);
    expect(program.run({ ctxIn }).ctxOut.readBigUInt64LE(8)).toBe(42n);
    expect((await program.runAsync({ ctxIn })).ctxOut.readBigUInt64LE(8)).toBe(42n);
    expect(ctxIn.readBigUInt64LE(8)).toBe(0n);
  });

  it('sends records that arrive in order', async () => {
    using program = loaded.object.openProgram('emit_record');
    using ring = loaded.object.openMap('test_ring');
    const numbers: bigint[] = [];
    using _reader = RingBuffer.on(ring, (record) => numbers.push(record.readBigUInt64LE(0)), fail);
    for (let round = 0; round < 5; round += 1) program.run({ dataIn: Buffer.alloc(100) });
    for (let tries = 0; tries < 100 && numbers.length < 5; tries += 1) await sleep(10);
    expect(numbers).toEqual([1n, 2n, 3n, 4n, 5n]);
    program.run({ dataIn: Buffer.alloc(100) });
    for (let tries = 0; tries < 100 && numbers.length < 6; tries += 1) await sleep(10);
    expect(numbers.at(-1)).toBe(6n);
  });

  it('hands what a record listener throws to the error listener, and goes on', () => {
    using program = loaded.object.openProgram('emit_record');
    using ring = loaded.object.openMap('test_ring');
    const errors: unknown[] = [];
    const listener = (): void => {
      throw new Error('broken listener');
    };
    using reader = RingBuffer.on(ring, listener, (error) => errors.push(error));
    program.run({ dataIn: Buffer.alloc(100), repeat: 2 });
    expect(reader.consume()).toBe(2);
    expect(errors).toHaveLength(2);
  });

  it('may be told by a record listener to stop', () => {
    using program = loaded.object.openProgram('emit_record');
    using ring = loaded.object.openMap('test_ring');
    let seen = 0;
    const reader = RingBuffer.on(
      ring,
      () => {
        seen += 1;
        reader.close();
      },
      fail,
    );
    program.run({ dataIn: Buffer.alloc(100), repeat: 3 });
    reader.consume();
    expect(seen).toBe(1);
    expect(() => reader.consume()).toThrow('was closed before');
  });

  it('is heard by a reader also after the map that it began with was closed', async () => {
    using program = loaded.object.openProgram('emit_record');
    const ring = loaded.object.openMap('test_ring');
    const seen: Buffer[] = [];
    using _reader = RingBuffer.on(ring, (record) => seen.push(record), fail);
    ring.close();
    loaded.object.close();
    program.run({ dataIn: Buffer.alloc(100) });
    for (let tries = 0; tries < 100 && seen.length === 0; tries += 1) await sleep(10);
    expect(seen).toHaveLength(1);
  });

  it('leaves no descriptor behind when its records were read', () => {
    const before = readdirSync('/proc/self/fd').length;
    using ring = loaded.object.openMap('test_ring');
    RingBuffer.on(ring, fail, fail).close();
    using map = loaded.object.openMap('test_hash');
    expect(() => RingBuffer.on(map, fail, fail)).toThrow(BpfError);
    expect(readdirSync('/proc/self/fd').length).toBe(before + 2);
  });

  it('refuses to read records from another kind of map', () => {
    using map = loaded.object.openMap('test_hash');
    expect(() => RingBuffer.on(map, fail, fail)).toThrow('reading map test_hash as a ring buffer');
  });
});

describe('a view of a ring buffer', () => {
  const loaded = useLoaded();
  const emit = (count: number) => {
    using program = loaded.object.openProgram('emit_record');
    program.run({ dataIn: Buffer.alloc(100), repeat: count });
  };

  it('has every record once and in order, however often the ring goes round', () => {
    using map = loaded.object.openMap('test_ring');
    using view = RingView.of(map);
    const numbers: number[] = [];
    for (let round = 0; round < 100; round += 1) {
      emit(37);
      expect(view.read((record) => numbers.push(Number(record.readBigUInt64LE(0))))).toBe(37);
    }
    expect(numbers).toEqual(Array.from({ length: 3700 }, (_, index) => index + 1));
  });

  it('frees the room of what was read: a full ring loses the rest', () => {
    using map = loaded.object.openMap('test_ring');
    using view = RingView.of(map);
    emit(1000);
    const held = view.read(() => {});
    expect(held).toBeGreaterThan(100);
    expect(held).toBeLessThan(1000);
    emit(10);
    expect(view.read(() => {})).toBe(10);
  });

  it('stops when it is enough, and goes on there', () => {
    using map = loaded.object.openMap('test_ring');
    using view = RingView.of(map);
    emit(100);
    const first = view.read(
      () => {},
      () => true,
    );
    expect(first).toBeGreaterThan(0);
    expect(first).toBeLessThan(100);
    expect(first + view.read(() => {})).toBe(100);
  });

  it('goes on behind a record whose visitor has thrown', () => {
    using map = loaded.object.openMap('test_ring');
    using view = RingView.of(map);
    emit(3);
    const broken = () => {
      throw new Error('broken visitor');
    };
    expect(() => view.read(broken)).toThrow('broken visitor');
    expect(view.read(() => {})).toBe(2);
  });

  it('refuses another kind of map, and to read once it was closed', () => {
    using other = loaded.object.openMap('test_hash');
    expect(() => RingView.of(other)).toThrow('is no ring buffer');
    using map = loaded.object.openMap('test_ring');
    const view = RingView.of(map);
    view.close();
    expect(() => view.read(() => {})).toThrow('was closed before');
  });
});
