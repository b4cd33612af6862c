import { expect, it } from 'vitest';
import { configHash } from './hash.ts';
import { simpleConfig } from './simple.ts';

const config = simpleConfig({ interfaces: ['eth0'] });

it('configHash does not depend on the order of keys', () => {
  const { proxies, settings } = config;
  expect(configHash({ settings: { ...settings }, proxies })).toBe(configHash({ proxies, settings }));
  expect(configHash(config)).toMatch(/^[0-9a-f]{64}$/);
});

it('configHash differs when any value differs', () => {
  const changed = { ...config, settings: { ...config.settings, udpTimeoutSec: 61 } };
  expect(configHash(changed)).not.toBe(configHash(config));
});
