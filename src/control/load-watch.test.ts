import { describe, expect, it } from 'vitest';
import { desiredProxy, desiredState, target } from './desired.fixture.ts';
import type { DesiredProxy } from './desired.ts';
import { LoadWatch } from './load-watch.ts';

const DEFAULT = { pool: 'default', algorithm: 'least-connections' } as const;
const CONFIG = { ip: '10.0.0.1', port: 80, weight: 1 };
const WEB = { name: 'web' };
const web = (overrides: Partial<DesiredProxy> = {}) =>
  desiredState(
    desiredProxy('web', {
      algorithm: 'least-connections',
      defaultTargets: [target('10.0.0.1'), target('10.0.0.2')],
      ...overrides,
    }),
  );
/** A pool of its own. */
const ROUTE = {
  algorithm: 'least-connections',
  targets: [target('10.0.0.1'), target('10.0.0.2')],
} as const;
const busy = ({ target: name }: { readonly target: string }) => (name === '10.0.0.1:80' ? 99 : 0);

describe('the watch over open connections', () => {
  it('holds back the target that has more, tells why, and stops saying that something has changed', () => {
    const watch = new LoadWatch();
    expect(watch.targets(web())).toEqual([
      { proxy: 'web', target: '10.0.0.1:80' },
      { proxy: 'web', target: '10.0.0.2:80' },
    ]);
    const changes = Array.from({ length: 20 }, () => watch.update(web(), busy, true));
    expect(changes[0]).toBe(true);
    expect(changes.slice(10)).toEqual(Array(10).fill(false));
    const { value, reason } = watch.factor(WEB, CONFIG, DEFAULT);
    expect(value).toBeLessThan(0.12);
    expect(reason).toBe('99 open, its share would be 50');
    expect(watch.factor(WEB, { ...CONFIG, ip: '10.0.0.2' }, DEFAULT)).toEqual({
      value: 1,
      reason: 'no more open than its share',
    });
  });

  it('takes over where the counts lead, so that the next count changes nothing', () => {
    const watch = new LoadWatch();
    watch.takeOver(web(), busy, true);
    expect(watch.factor(WEB, CONFIG, DEFAULT).value).toBeLessThan(0.12);
    expect(watch.factor(WEB, { ...CONFIG, ip: '10.0.0.2' }, DEFAULT).value).toBe(1);
    expect(watch.update(web(), busy, true)).toBe(false);
  });

  it('finds nothing changed while nobody has more than its share', () => {
    expect(new LoadWatch().update(web(), () => 40, true)).toBe(false);
  });

  it('counts nothing for other algorithms', () => {
    const watch = new LoadWatch();
    const state = web({ algorithm: 'maglev' });
    expect(watch.targets(state)).toEqual([]);
    expect(watch.update(state, busy, true)).toBe(false);
    expect(watch.factor(WEB, CONFIG, { pool: 'default', algorithm: 'maglev' }).value).toBe(1);
  });

  it('compares within each pool and each IP version', () => {
    const watch = new LoadWatch();
    const route = {
      source: '10.0.0.0/8',
      algorithm: 'weighted-random',
      targets: [target('10.0.0.1')],
    } as const;
    const defaultTargets = [target('10.0.0.1'), target('fd00::1'), target('fd00::2')];
    watch.update(web({ defaultTargets, sourceRoutes: [route] }), busy, true);
    expect(watch.factor(WEB, CONFIG, DEFAULT).value).toBe(1);
    expect(watch.factor(WEB, CONFIG, { pool: '10.0.0.0/8', algorithm: 'weighted-random' }).value).toBe(1);
  });

  it.each([
    ['source', { sourceRoutes: [{ source: '10.0.0.0/8', ...ROUTE }] }, '10.0.0.0/8'],
    ['SNI', { sniRoutes: [{ name: 'a.example', ...ROUTE }] }, 'a.example'],
  ] as const)('follows the pools of %s routes', (_kind, routes, pool) => {
    const watch = new LoadWatch();
    const state = web({ algorithm: 'maglev', ...routes });
    expect(watch.targets(state).map(({ target: name }) => name)).toEqual(['10.0.0.1:80', '10.0.0.2:80']);
    expect(watch.update(state, busy, true)).toBe(true);
    expect(watch.factor(WEB, CONFIG, { pool, algorithm: 'least-connections' }).value).toBeLessThan(1);
    expect(watch.factor(WEB, CONFIG, DEFAULT).value).toBe(1);
  });

  it('makes all targets alike where weights do not count', () => {
    const watch = new LoadWatch();
    const state = web({ defaultTargets: [target('10.0.0.1', 80), target('10.0.0.2', 20)] });
    expect(watch.update(state, () => 10, false)).toBe(true);
    const { value, reason } = watch.factor(WEB, CONFIG, DEFAULT);
    expect(value * 80).toBeCloseTo(20);
    expect(reason).toContain('weights do not count');
  });

  it('does not compare with a target that is out of service', () => {
    const healthy = target('10.0.0.2');
    const dead = { ...healthy, factors: { ...healthy.factors, health: { value: 0, reason: '' } } };
    const state = web({ defaultTargets: [target('10.0.0.1'), dead] });
    expect(new LoadWatch().update(state, busy, true)).toBe(false);
  });

  it('forgets pools that are gone', () => {
    const watch = new LoadWatch();
    watch.update(web(), busy, true);
    watch.update(desiredState(), busy, true);
    expect(watch.factor(WEB, CONFIG, DEFAULT).value).toBe(1);
  });
});
