import { expect, it } from 'vitest';
import { LATENCY_BOUNDS_NS, type LatencyCounts, NO_LATENCY, type TargetEntry } from '../datapath/index.ts';
import { LatencyWatch } from './latency-watch.ts';

const target = (id: number, address: string): [string, TargetEntry] => [
  address,
  {
    id,
    proxyId: 0,
    address,
    port: 80,
    local: false,
    snatAddress: null,
    proxyHeader: false,
    intervalNs: 0,
    toleranceNs: 0,
  },
];

/** So many answers of so many nanoseconds, in the bucket where they belong. */
function answers(...values: readonly [count: number, ns: number][]): LatencyCounts {
  const buckets = [...NO_LATENCY.buckets];
  let sumNs = 0;
  for (const [count, ns] of values) {
    const found = LATENCY_BOUNDS_NS.findIndex((bound) => ns <= bound);
    const bucket = found < 0 ? LATENCY_BOUNDS_NS.length : found;
    buckets[bucket] = (buckets[bucket] ?? 0) + count;
    sumNs += count * ns;
  }
  return { sumNs, buckets };
}

function watched() {
  const kernel = { counts: [] as readonly LatencyCounts[], nowMs: 0 };
  const watch = new LatencyWatch({
    datapath: { measures: { latencies: async (count) => kernel.counts.slice(0, count) } },
    state: {
      targets: new Map([target(0, '10.0.0.1'), target(1, 'fd00::1')]),
      proxies: new Map([['web', 0]]),
    },
    nowMs: () => kernel.nowMs,
  });
  return { watch, kernel };
}

it('tells what was counted since the first reading, not what was before', async () => {
  const { watch, kernel } = watched();
  kernel.counts = [answers([100, 4_000_000_000]), NO_LATENCY];
  await watch.note();
  kernel.nowMs = 5_000;
  kernel.counts = [answers([100, 4_000_000_000], [10, 1_000_000]), NO_LATENCY];
  const { windowSeconds, targets } = await watch.report();
  expect(windowSeconds).toBe(5);
  expect(targets[0]).toMatchObject({ proxy: 'web', target: '10.0.0.1:80', connects: 10, meanMs: 1 });
  // Ten answers of a millisecond lie between 2^19 and 2^20 ns.
  expect(targets[0]?.p50Ms).toBeCloseTo(0.786432);
  expect(targets[0]?.p99Ms).toBeCloseTo(1.043, 2);
  expect(targets[1]).toEqual({
    proxy: 'web',
    target: '[fd00::1]:80',
    connects: 0,
    meanMs: null,
    p50Ms: null,
    p95Ms: null,
    p99Ms: null,
  });
});

it('forgets what is older than about a minute', async () => {
  const { watch, kernel } = watched();
  for (let reading = 0; reading < 20; reading++) {
    kernel.nowMs = reading * 10_000;
    kernel.counts = [answers([reading, 100_000]), NO_LATENCY];
    await watch.note();
  }
  const { windowSeconds, targets } = await watch.report(({ target }) => target === '10.0.0.1:80');
  expect(windowSeconds).toBe(60);
  expect(targets.map(({ connects }) => connects)).toEqual([6]);
});
