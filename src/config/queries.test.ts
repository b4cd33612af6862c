import { expect, it } from 'vitest';
import { interfacesOf } from './queries.ts';
import { simpleConfig } from './simple.ts';

it('interfacesOf names listening and reply interfaces once, sorted', () => {
  const config = simpleConfig({ interfaces: ['eth1', 'eth0'] });
  expect(interfacesOf(config)).toEqual(['eth0', 'eth1']);
  const settings = { ...config.settings, replyInterfaces: ['br0', 'eth1'] };
  expect(interfacesOf({ ...config, settings })).toEqual(['br0', 'eth0', 'eth1']);
});
