import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { applyStep } from './apply.ts';
import { anyState, CLIENTS, desiredProxy, desiredState, target } from './desired.fixture.ts';
import type { DesiredProxy, DesiredState } from './desired.ts';
import { contains, FAKE_SLOTS, FakeTables } from './fake-tables.fixture.ts';
import { FAMILIES, familyOf, ofFamily } from './families.ts';
import { loadTables } from './load-tables.ts';
import { describeStep, plan, type Step } from './plan.ts';
import { SlotAllocator } from './slot-allocator.ts';
import { emptyTables, listenerKey, type TableState } from './table-state.ts';

const LIMITS = { proxies: 16, targets: 64, pools: 64 };

/** Tables that plans are carried out on. */
class World {
  readonly tables = new FakeTables();
  slots = new SlotAllocator(FAKE_SLOTS, []);
  state: TableState = emptyTables();

  /** A new daemon: it knows what the tables hold. */
  async restart(): Promise<void> {
    this.state = await loadTables(this.tables);
    this.slots = new SlotAllocator(FAKE_SLOTS, this.state.pools.values());
  }

  /** Plans and applies; `after` looks at the tables after every step. */
  reach(desired: DesiredState, after: () => void = () => {}): readonly Step[] {
    const steps = plan(this.state, desired, LIMITS);
    for (const step of steps) {
      applyStep(this, step);
      after();
    }
    return steps;
  }
}

describe('plan', () => {
  it('leads from any state to any other, and then has nothing left to do', () => {
    fc.assert(
      fc.property(fc.array(anyState, { minLength: 1, maxLength: 4 }), (states) => {
        const world = new World();
        for (const state of states) {
          world.reach(state);
          expect(everyAnswer(world.tables, state)).toEqual(everyIntention(state));
          expect(plan(world.state, state, LIMITS)).toEqual([]);
        }
      }),
    );
  });

  it('finds nothing to do after a restart, when the state was read back from the tables', async () => {
    await fc.assert(
      fc.asyncProperty(anyState, anyState, async (first, second) => {
        const world = new World();
        world.reach(first);
        world.reach(second);
        const loaded = await loadTables(world.tables);
        const steps = plan(loaded, second, LIMITS);
        // Empty pools leave no trace; all else must be recognised.
        expect(steps.filter((step) => step.kind !== 'fill-pool' || step.slots.length > 0)).toEqual([]);
      }),
    );
  });

  it('is safe at every step: a client is only ever sent where the old or the new proxy of the listener sends', () => {
    fc.assert(
      fc.property(anyState, anyState, (before, after) => {
        const world = new World();
        world.reach(before);
        const allowed = new Map(
          listenersOf(before, after).map((key) => [key, allowedAnswers(key, [before, after])]),
        );
        world.reach(after, () => {
          for (const [key, pools] of allowed) {
            for (const client of CLIENTS) {
              expect(pools).toContain(JSON.stringify(world.tables.reach(key, client)));
            }
          }
        });
      }),
    );
  });

  it('gives an id to one target only, and never takes it away', () => {
    fc.assert(
      fc.property(fc.array(anyState, { minLength: 2, maxLength: 5 }), (states) => {
        const world = new World();
        const seen = new Map<string, number>();
        for (const state of states) {
          world.reach(state);
          for (const [key, { id }] of world.state.targets) {
            expect(seen.get(key) ?? id).toBe(id);
            seen.set(key, id);
          }
          expect(new Set(seen.values()).size).toBe(seen.size);
        }
      }),
    );
  });

  it('never gives two pools one id, also after a restart', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(anyState, { minLength: 2, maxLength: 5 }), async (states) => {
        const world = new World();
        for (const state of states) {
          await world.restart();
          world.reach(state);
          const { listeners, routes } = world.state;
          const users = new Map<number, string>();
          for (const { poolId, proxyId } of listeners.values()) {
            expect(users.get(poolId) ?? `default of ${proxyId}`).toBe(`default of ${proxyId}`);
            users.set(poolId, `default of ${proxyId}`);
          }
          for (const { poolId } of routes.values()) {
            expect(users.has(poolId)).toBe(false);
            users.set(poolId, 'a route');
          }
        }
      }),
    );
  });
});

describe('the steps of a plan', () => {
  const words = (steps: readonly Step[]) => steps.map(describeStep);
  const web = (overrides: Partial<DesiredProxy> = {}) => desiredState(desiredProxy('web', overrides));

  it('build a proxy from the bottom up', () => {
    const world = new World();
    const sourceRoutes = [
      { source: '10.1.0.0/16', algorithm: 'weighted-random' as const, targets: [target('10.0.0.2')] },
    ];
    expect(words(world.reach(web({ sourceRoutes })))).toEqual([
      'proxy web gets id 0',
      'target 10.0.0.1:80 gets id 0',
      'target 10.0.0.2:80 gets id 1',
      'pool 0: fill 1 slots, weighted-random',
      'pool 1: fill 1 slots, weighted-random',
      'source 10.1.0.0/16 goes to pool 1',
      'listen on 192.0.2.1:80/tcp',
    ]);
  });

  it('give clients of each IP version a pool of their own, which stays theirs', () => {
    const world = new World();
    const listeners = ['192.0.2.1', '2001:db8::1'].map((address) => ({
      address,
      port: 80,
      protocol: 'tcp' as const,
    }));
    const both = [target('10.0.0.1'), target('fd00::1')];
    world.reach(web({ listeners, defaultTargets: both }));
    expect(world.tables.reach('192.0.2.1:80/tcp', '10.9.9.9')).toEqual(['web 10.0.0.1:80']);
    expect(world.tables.reach('[2001:db8::1]:80/tcp', '10.9.9.9')).toEqual(['web fd00::1:80']);
    const more = world.reach(web({ listeners, defaultTargets: [...both, target('fd00::2')] }));
    expect(words(more)).toEqual([
      'target [fd00::2]:80 gets id 2',
      'pool 1: fill 1021 slots, weighted-random',
    ]);
  });

  it('keep clients of IPv4 from a route of IPv6 that matches them in the table', () => {
    const world = new World();
    const listeners = ['192.0.2.1', '2001:db8::1'].map((address) => ({
      address,
      port: 80,
      protocol: 'tcp' as const,
    }));
    const both = { listeners, defaultTargets: [target('10.0.0.1'), target('fd00::1')] };
    const everyV6 = { source: '::/0', algorithm: 'weighted-random' as const, targets: [target('fd00::9')] };
    const everyV4 = {
      source: '0.0.0.0/0',
      algorithm: 'weighted-random' as const,
      targets: [target('10.0.0.9')],
    };
    const answers = () => [
      world.tables.reach('192.0.2.1:80/tcp', '10.9.9.9'),
      world.tables.reach('[2001:db8::1]:80/tcp', '2001:db8::9'),
    ];
    world.reach(web({ ...both, sourceRoutes: [everyV6] }));
    expect(answers()).toEqual([['web 10.0.0.1:80'], ['web fd00::9:80']]);
    expect(world.reach(web({ ...both, sourceRoutes: [everyV6] }))).toEqual([]);
    world.reach(web({ ...both, sourceRoutes: [everyV6, everyV4] }));
    expect(answers()).toEqual([['web 10.0.0.9:80'], ['web fd00::9:80']]);
    world.reach(web({ ...both, sourceRoutes: [everyV6] }));
    expect(answers()).toEqual([['web 10.0.0.1:80'], ['web fd00::9:80']]);
    world.reach(web(both));
    expect(answers()).toEqual([['web 10.0.0.1:80'], ['web fd00::1:80']]);
  });

  it('take a proxy away from the top down', () => {
    const world = new World();
    world.reach(
      web({
        sourceRoutes: [
          { source: '10.1.0.0/16', algorithm: 'weighted-random' as const, targets: [target('10.0.0.2')] },
        ],
      }),
    );
    expect(words(world.reach(desiredState()))).toEqual([
      'stop listening on 192.0.2.1:80/tcp',
      'remove the route of source 10.1.0.0/16',
      'free pool 0',
      'free pool 1',
    ]);
  });

  it('only refill the pool when weights or targets change', () => {
    const world = new World();
    world.reach(web({ defaultTargets: [target('10.0.0.1', 1), target('10.0.0.2', 1)] }));
    const heavier = world.reach(web({ defaultTargets: [target('10.0.0.1', 3), target('10.0.0.2', 1)] }));
    expect(words(heavier)).toEqual(['pool 0: fill 1021 slots, weighted-random']);
    expect(words(world.reach(web()))).toEqual(['pool 0: fill 1 slots, weighted-random']);
  });

  it('give a target that returns its old id, and so its old counters', () => {
    const world = new World();
    world.reach(web({ defaultTargets: [target('10.0.0.1'), target('10.0.0.2')] }));
    world.reach(web({ defaultTargets: [target('10.0.0.1'), target('10.0.0.3')] }));
    const steps = world.reach(web({ defaultTargets: [target('10.0.0.2')] }));
    expect(words(steps)).toEqual(['pool 0: fill 1 slots, weighted-random']);
    expect(world.tables.reach('192.0.2.1:80/tcp', '10.9.9.9')).toEqual(['web 10.0.0.2:80']);
  });

  it('only rewrite the target when the host reaches it another way', () => {
    const world = new World();
    world.reach(web());
    const moved = { ...target('10.0.0.1'), local: true };
    expect(words(world.reach(web({ defaultTargets: [moved] })))).toEqual(['target 10.0.0.1:80 gets id 0']);
    expect(world.reach(web({ defaultTargets: [moved] }))).toEqual([]);
  });

  it('leave everything of a proxy but its listeners and default pool while its interface is gone', () => {
    const world = new World();
    world.reach(web());
    expect(words(world.reach(web({ listeners: [] })))).toEqual([
      'stop listening on 192.0.2.1:80/tcp',
      'free pool 0',
    ]);
    expect(world.reach(web({ listeners: [] }))).toEqual([]);
  });

  it('are refused as a whole when a table is full', () => {
    const world = new World();
    const many = Array.from({ length: LIMITS.targets + 1 }, (_, index) => target('10.0.0.1', 1, index + 1));
    expect(() => plan(world.state, web({ defaultTargets: many }), LIMITS)).toThrow(
      'no room for more targets: the table holds 64',
    );
  });
});

const ofProxy = (name: string, targets: DesiredProxy['defaultTargets']) => {
  const positive = targets.filter(({ weight }) => weight > 0);
  const used = positive.length > 0 ? positive : targets;
  return used.map(({ address, port }) => `${name} ${address}:${port}`).sort();
};

function listenersOf(...states: readonly DesiredState[]): string[] {
  return states.flatMap((state) => state.proxies.flatMap((each) => each.listeners.map(listenerKey)));
}

/** Every answer of a listener between two states: from a pool of a proxy that owns it in one of them. */
function allowedAnswers(key: string, states: readonly DesiredState[]): string[] {
  const owns = (proxy: DesiredProxy) => proxy.listeners.some((listener) => listenerKey(listener) === key);
  const owners = states.map(({ proxies }) => proxies.find(owns)?.name);
  const nobody = owners.includes(undefined) ? [null] : [];
  const pools = states
    .flatMap(({ proxies }) => proxies.filter(({ name }) => owners.includes(name)))
    .flatMap(({ name, defaultTargets, sourceRoutes }) => [
      ...FAMILIES.map((family) => ofProxy(name, ofFamily(family, defaultTargets))),
      ...sourceRoutes.map(({ source, targets }) => ofProxy(name, ofFamily(familyOf(source), targets))),
    ]);
  return [...nobody, ...pools].map((answer) => JSON.stringify(answer));
}

function everyAnswer(tables: FakeTables, state: DesiredState) {
  return listenersOf(state).flatMap((key) => CLIENTS.map((client) => tables.reach(key, client)));
}

/** What the configuration says, by the most specific source. */
function everyIntention({ proxies }: DesiredState) {
  return proxies.flatMap((proxy) =>
    proxy.listeners.flatMap(({ address }) =>
      CLIENTS.map((client) => {
        const bits = (source: string) => Number(source.split('/')[1]);
        const [route] = proxy.sourceRoutes
          .filter(({ source }) => contains(source, client))
          .sort((a, b) => bits(b.source) - bits(a.source));
        return ofProxy(
          proxy.name,
          route === undefined
            ? ofFamily(familyOf(address), proxy.defaultTargets)
            : ofFamily(familyOf(route.source), route.targets),
        );
      }),
    ),
  );
}
