import { describe, expect, it } from 'vitest';
import { type ApplyContext, applyStep } from './apply.ts';
import { FAKE_SLOTS, FakeTables } from './fake-tables.fixture.ts';
import { SlotAllocator } from './slot-allocator.ts';
import { emptyTables } from './table-state.ts';

const LISTENER = {
  address: '192.0.2.1',
  port: 80,
  protocol: 'tcp',
  proxyId: 0,
  poolId: 7,
  snat: false,
  sourceRoutes: false,
  sourceLimit: false,
  sniRoutes: false,
  mss: 0,
} as const;

/** Tables that note in which order they are written, and what a client meets at every write. */
class WatchedTables extends FakeTables {
  readonly writes: string[] = [];

  override writeSlots(slotBase: number, targetIds: Uint32Array): void {
    super.writeSlots(slotBase, targetIds);
    this.#note('slots');
  }
  override setPool(entry: Parameters<FakeTables['setPool']>[0]): void {
    super.setPool(entry);
    this.#note('pool');
  }
  #note(what: string): void {
    this.writes.push(`${what}: ${this.reach('192.0.2.1:80/tcp', '10.0.0.1')?.join(', ')}`);
  }
}

function contextOf(tables: FakeTables, slots = FAKE_SLOTS): ApplyContext {
  const context = { tables, state: emptyTables(), slots: new SlotAllocator(slots, []) };
  const target = {
    id: 1,
    proxyId: 0,
    address: '10.0.0.1',
    port: 80,
    local: false,
    proxyHeader: false,
    snatAddress: null,
    intervalNs: 0,
    toleranceNs: 0,
  };
  applyStep(context, { kind: 'name-proxy', id: 0, name: 'web' });
  applyStep(context, { kind: 'set-target', target });
  applyStep(context, { kind: 'set-target', target: { ...target, id: 2, address: '10.0.0.2' } });
  applyStep(context, { kind: 'fill-pool', id: 7, algorithm: 'weighted-random', slots: Uint32Array.of(1) });
  applyStep(context, { kind: 'set-listener', listener: LISTENER });
  return context;
}

describe('filling a pool', () => {
  it('writes the new slots beside the old ones, then flips: no client meets half of each', () => {
    const tables = new WatchedTables();
    const context = contextOf(tables);
    tables.writes.length = 0;
    applyStep(context, {
      kind: 'fill-pool',
      id: 7,
      algorithm: 'weighted-random',
      slots: Uint32Array.of(2, 2, 2),
    });
    expect(tables.writes).toEqual(['slots: web 10.0.0.1:80', 'pool: web 10.0.0.2:80']);
  });

  it('gives the old slots back: a pool can be filled for ever in a table of little more than twice its size', () => {
    const context = contextOf(new FakeTables(), 80);
    for (let round = 0; round < 1_000; round++) {
      applyStep(context, {
        kind: 'fill-pool',
        id: 7,
        algorithm: 'weighted-random',
        slots: new Uint32Array(17).fill(1),
      });
    }
    expect(context.state.pools.get(7)?.slotCount).toBe(17);
  });

  it('gives the new slots back when the kernel refuses them, time and again', () => {
    const tables = new FakeTables();
    const context = contextOf(tables, 80);
    const fill = () =>
      applyStep(context, {
        kind: 'fill-pool',
        id: 7,
        algorithm: 'weighted-random',
        slots: Uint32Array.of(2),
      });
    for (const write of ['writeSlots', 'setPool'] as const) {
      tables[write] = () => {
        throw new Error('no memory');
      };
      for (let round = 0; round < 100; round++) expect(fill).toThrow('no memory');
      Reflect.deleteProperty(tables, write);
    }
    expect(fill).not.toThrow();
  });

  it('leaves the old content in force when there is no room for the new', () => {
    const tables = new FakeTables();
    const context = contextOf(tables, 32);
    const slots = new Uint32Array(17).fill(2);
    expect(() =>
      applyStep(context, { kind: 'fill-pool', id: 7, algorithm: 'weighted-random', slots }),
    ).toThrow('the slots table is full');
    expect(tables.reach('192.0.2.1:80/tcp', '10.0.0.1')).toEqual(['web 10.0.0.1:80']);
  });
});

it('freeing a pool empties it before its slots are given to others', () => {
  const tables = new WatchedTables();
  const context = contextOf(tables, 16);
  tables.writes.length = 0;
  applyStep(context, { kind: 'free-pool', id: 7 });
  applyStep(context, { kind: 'fill-pool', id: 8, algorithm: 'weighted-random', slots: Uint32Array.of(2) });
  expect(tables.writes).toEqual(['pool: ', 'slots: ', 'pool: ']);
});

it('a write that the kernel refuses is not noted as done', () => {
  const tables = new FakeTables();
  tables.setListener = () => {
    throw new Error('no room');
  };
  const context = { tables, state: emptyTables(), slots: new SlotAllocator(FAKE_SLOTS, []) };
  expect(() => applyStep(context, { kind: 'set-listener', listener: LISTENER })).toThrow('no room');
  expect(context.state.listeners.size).toBe(0);
});
