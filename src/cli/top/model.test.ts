import { describe, expect, it } from 'vitest';
import { remember } from './history.ts';
import { buildModel, keyOf } from './model.ts';
import { sampleAt } from './top.fixture.ts';

const ONE = { proxy: 'web', target: '10.0.0.1:80' };
const TWO = { proxy: 'web', target: '10.0.0.2:80' };
const API = { proxy: 'api', target: '10.0.0.1:80' };

describe('the model', () => {
  it('tells how fast counters grow, of targets, proxies and everything', () => {
    const before = sampleAt(1_000, [
      { ...ONE, flows: 10, bytes: 1_000 },
      { ...API, flows: 5 },
    ]);
    const now = sampleAt(3_000, [
      { ...ONE, flows: 30, bytes: 3_000, refused: 1 },
      { ...API, flows: 5 },
    ]);
    const { proxies, totals } = buildModel(now, before);
    const rates = {
      connectsPerSec: 10,
      toTargetBitsPerSec: 8_000,
      toClientBitsPerSec: 16_000,
      failuresPerSec: 0.5,
    };
    expect(totals).toEqual(rates);
    expect(proxies).toMatchObject([
      { name: 'web', ...rates, targets: [rates] },
      { name: 'api', connectsPerSec: 0, targets: [{ connectsPerSec: 0 }] },
    ]);
  });

  it('knows no rates without an earlier reading, of a target that is new, and after counters went back', () => {
    const before = sampleAt(1_000, [{ ...ONE, flows: 10 }]);
    const now = sampleAt(2_000, [
      { ...ONE, flows: 9 },
      { ...TWO, flows: 4 },
    ]);
    expect(buildModel(now, null).totals.connectsPerSec).toBeNull();
    const { proxies } = buildModel(now, before);
    expect(proxies[0]?.targets.map(({ connectsPerSec }) => connectsPerSec)).toEqual([null, null]);
    expect(proxies[0]?.connectsPerSec).toBeNull();
  });

  it('tells how long targets took to answer, and of those that nobody has asked that it is not known', () => {
    const { proxies } = buildModel(sampleAt(1_000, [{ ...ONE, p95Ms: 0.5 }, TWO]), null);
    expect(proxies[0]?.targets.map(({ connectLatency }) => connectLatency)).toEqual([
      { p50Ms: 0.25, p95Ms: 0.5, p99Ms: 1 },
      { p50Ms: null, p95Ms: null, p99Ms: null },
    ]);
  });

  it('sums up what the hooks dropped, by reason, and leaves out what was not dropped', () => {
    const { drops } = buildModel(sampleAt(2_000, [ONE], { drops: 9 }), sampleAt(1_000, [ONE], { drops: 4 }));
    expect(drops).toEqual([{ reason: 'no_target', outcome: 'dropped', perSec: 5, packets: 10 }]);
  });

  it.each([
    [{}, 'up', 'good', 'healthy'],
    [{ health: { value: 0, reason: 'refused' } }, 'down', 'bad', 'refused'],
    [{ health: { value: 0.25, reason: 'step 1' } }, 'back at 25%', 'warning', 'step 1'],
    [{ circuit: { value: 0, reason: 'circuit open: 60%' } }, 'circuit open', 'bad', 'circuit open: 60%'],
    [{ circuit: { value: 0.1, reason: 'circuit half-open' } }, 'half-open', 'warning', 'circuit half-open'],
    [{ drain: { value: 0, reason: 'drain' } }, 'drained', 'faint', 'drain'],
    [
      { drain: { value: 0, reason: 'in maintenance' }, health: { value: 0, reason: 'refused' } },
      'maintenance',
      'faint',
      'in maintenance',
    ],
  ])('says of a target with the factors %j that it is %s', (factors, text, tone, why) => {
    const { proxies } = buildModel(sampleAt(1_000, [{ ...ONE, factors }]), null);
    expect(proxies[0]?.targets[0]).toMatchObject({ state: { text, tone }, why });
  });

  it('tells how far a drain is', () => {
    const factors = { drain: { value: 0, reason: 'drain' } };
    const sample = sampleAt(1_000, [{ ...ONE, target: '10.0.0.1:8080', factors }], {
      draining: '10.0.0.1:8080',
    });
    expect(buildModel(sample, null).proxies[0]?.targets[0]).toMatchObject({
      state: { text: 'draining 3/10', tone: 'warning' },
      why: '3 of 10 connections left, 5s of 30s',
    });
  });
});

describe('the history', () => {
  it('keeps the last minute, and forgets targets that have gone', () => {
    let histories = remember(new Map(), buildModel(sampleAt(0, [ONE]), null));
    expect(histories.get('')).toEqual([]);
    for (let second = 1; second <= 70; second += 1) {
      const before = sampleAt((second - 1) * 1_000, [{ ...ONE, flows: 0 }]);
      const now = sampleAt(second * 1_000, [{ ...ONE, flows: second }]);
      histories = remember(histories, buildModel(now, before));
    }
    expect(histories.get('')).toHaveLength(60);
    expect(histories.get('web')?.at(-1)).toBe(70);
    expect(histories.get(keyOf(ONE))?.[0]).toBe(11);
    expect(remember(histories, buildModel(sampleAt(0, [API]), null)).has('web')).toBe(false);
  });
});
