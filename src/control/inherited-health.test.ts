import { describe, expect, it } from 'vitest';
import { BUILT_IN_HEALTH_CHECK } from '../config/index.ts';
import { UNCHECKED } from '../health/index.ts';
import { target } from './desired.fixture.ts';
import { inheritedHealth } from './inherited-health.ts';
import { emptyTables, targetKey } from './table-state.ts';

const spec = (ip: string, proxy = 'web') => ({
  proxy,
  target: `${ip}:80`,
  ip,
  port: 80,
  settings: BUILT_IN_HEALTH_CHECK,
});

describe('what a new daemon assumes of targets', () => {
  const state = emptyTables();
  state.proxies.set('web', 0);
  for (const id of [1, 2]) {
    const address = `10.0.0.${id}`;
    state.targets.set(targetKey(0, address, 80), { ...target(address), id, proxyId: 0 });
  }
  state.pools.set(0, {
    id: 0,
    algorithm: 'weighted-random',
    slotBase: 0,
    slotCount: 2,
    slots: new Uint32Array([1, 1]),
  });
  const assumed = inheritedHealth(state);

  it('is nothing when they had a share, or nobody knows them', () => {
    expect(assumed(spec('10.0.0.1'))).toBe(UNCHECKED);
    expect(assumed(spec('10.0.0.3'))).toBe(UNCHECKED);
    expect(assumed(spec('10.0.0.2', 'other'))).toBe(UNCHECKED);
  });

  it('is the worst when they had none', () => {
    expect(assumed(spec('10.0.0.2')).state).toMatchObject({ status: 'unhealthy' });
  });

  it('is that clients have taken out a target without a check that had none', () => {
    const unchecked = { ...spec('10.0.0.2'), settings: { ...BUILT_IN_HEALTH_CHECK, type: 'none' } as const };
    expect(assumed(unchecked).state).toMatchObject({ status: 'unhealthy', byClients: true });
  });
});
