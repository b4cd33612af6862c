import fc from 'fast-check';
import { expect, it } from 'vitest';
import { applyStep } from './apply.ts';
import { anyState } from './desired.fixture.ts';
import type { DesiredState } from './desired.ts';
import { FAKE_SLOTS, FakeTables } from './fake-tables.fixture.ts';
import { loadTables } from './load-tables.ts';
import { plan, type Step } from './plan.ts';
import { copyState, planBack } from './plan-back.ts';
import { SlotAllocator } from './slot-allocator.ts';
import { emptyTables, type TableState } from './table-state.ts';

const LIMITS = { proxies: 16, targets: 64, pools: 64 };

/** Tables, and what a daemon that has just started knows of them after `desired` was applied. */
async function after(desired: DesiredState) {
  const first = { tables: new FakeTables(), state: emptyTables(), slots: new SlotAllocator(FAKE_SLOTS, []) };
  for (const step of plan(first.state, desired, LIMITS)) applyStep(first, step);
  const state = await loadTables(first.tables);
  return { tables: first.tables, state, slots: new SlotAllocator(FAKE_SLOTS, state.pools.values()) };
}

/** What packets meet, whatever the slots' places, the names and the targets that nothing points to. */
async function meaning(tables: FakeTables, known: TableState) {
  const { listeners, routes, sniRoutes, limits, pools, targets } = await loadTables(tables);
  return {
    listeners: new Map([...listeners].sort()),
    routes: new Map([...routes].sort()),
    limits: new Map([...limits].sort()),
    sniRoutes: new Map([...sniRoutes].sort()),
    pools: new Map([...pools].map(([id, { slots }]) => [id, [...slots]] as const).sort()),
    targets: new Map([...targets].filter(([key]) => known.targets.has(key)).sort()),
  };
}

it('leads from any point of any plan back to where the plan began, also for a daemon that has found the tables so', async () => {
  await fc.assert(
    fc.asyncProperty(
      anyState,
      anyState,
      fc.double({ min: 0, max: 1, noNaN: true }),
      async (one, other, part) => {
        const world = await after(one);
        const before = copyState(world.state);
        const expected = await meaning(world.tables, before);
        const steps = plan(world.state, other, LIMITS);
        for (const step of steps.slice(0, Math.round(part * steps.length))) applyStep(world, step);
        for (const step of planBack(world.state, before)) applyStep(world, step);
        expect(await meaning(world.tables, before)).toEqual(expected);
        const left = planBack(world.state, before);
        expect(left.filter(({ kind }) => kind !== 'free-pool')).toEqual([]);
      },
    ),
  );
});

it('writes what is pointed to before what points to it, and removes it after', async () => {
  await fc.assert(
    fc.asyncProperty(anyState, anyState, async (one, other) => {
      const { state } = await after(one);
      const { state: before } = await after(other);
      const ranks = planBack(state, before).map(rankOf);
      expect(ranks).toEqual([...ranks].sort((a, b) => a - b));
    }),
  );
});

const ORDER: readonly Step['kind'][] = [
  'set-target',
  'fill-pool',
  'set-route',
  'set-source-limit',
  'set-sni-route',
  'set-listener',
  'delete-listener',
  'delete-route',
  'delete-source-limit',
  'delete-sni-route',
  'free-pool',
];

function rankOf({ kind }: Step): number {
  return ORDER.indexOf(kind);
}
