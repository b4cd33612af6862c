import { expect, it } from 'vitest';
import { parseConfig } from './load.ts';
import { interfacesOf } from './queries.ts';
import { simpleConfig } from './simple.ts';

it('interfacesOf names listening and reply interfaces once, sorted', () => {
  const config = simpleConfig({ interfaces: ['eth1', 'eth0'] });
  expect(interfacesOf(config)).toEqual(['eth0', 'eth1']);
  const settings = { ...config.settings, replyInterfaces: ['br0', 'eth1'] };
  expect(interfacesOf({ ...config, settings })).toEqual(['br0', 'eth0', 'eth1']);
});

it('a loaded text tells where it names each interface first', () => {
  const text = `proxies:
  - name: a
    listen: { interfaces: [eth0, eth1], port: 80 }
    defaultTarget: { ip: 10.0.0.1, port: 80 }
  - name: b
    listen: { interfaces: eth1, port: 81 }
    defaultTarget: { ip: 10.0.0.1, port: 80 }
settings: { replyInterfaces: [eth0, br0] }
`;
  const { config, interfaces } = parseConfig(text, { format: 'yaml', file: 'f' });
  expect(interfaces).toEqual([
    { name: 'eth0', where: 'f:3:28' },
    { name: 'eth1', where: 'f:3:34' },
    { name: 'br0', where: 'f:8:37' },
  ]);
  expect(interfaces.map(({ name }) => name).sort()).toEqual(interfacesOf(config));
});
