import { describe, expect, it } from 'vitest';
import type { Config, LoadedConfig } from '../config/index.ts';
import { SluiceError } from '../errors/index.ts';
import { hostView, webConfig } from './host.fixture.ts';
import { mustBeServable } from './servable.ts';

function complaint(config: Config, interfaces: LoadedConfig['interfaces'] = []): Partial<SluiceError> {
  try {
    mustBeServable(config, interfaces, hostView());
  } catch (error) {
    if (error instanceof SluiceError) return error;
    throw error;
  }
  throw new Error('nothing was wrong');
}

describe('a configuration that this host cannot serve', () => {
  it('is refused with every missing interface, where it is named, and what the host has', () => {
    const listen = { interfaces: ['front0', 'eth7'], addresses: [], port: 80, protocols: ['tcp'] } as const;
    const uses = [
      { name: 'front0', where: 'sluice.yaml:3:5' },
      { name: 'eth7', where: 'sluice.yaml:4:5' },
      { name: 'eth8', where: 'sluice.yaml:9:5' },
    ];
    const config = webConfig({ listen }, { replyInterfaces: ['eth8'] });
    expect(complaint(config, uses)).toMatchObject({
      code: 'not_found',
      message: 'no such interface: eth7, eth8',
      details: [
        { where: 'sluice.yaml:4:5', message: 'this host has no interface eth7' },
        { where: 'sluice.yaml:9:5', message: 'this host has no interface eth8' },
      ],
      fix: 'this host has: front0, back0',
    });
  });

  it('is refused when no interface has the address of a proxy that names none', () => {
    const listen = { interfaces: [], addresses: ['192.0.2.77'], port: 80, protocols: ['tcp'] } as const;
    expect(complaint(webConfig({ listen }))).toMatchObject({
      code: 'not_found',
      message: 'no interface has the address to listen on',
      details: [{ where: 'proxy web, listen.address' }],
    });
  });
});

it('says nothing about a configuration that fits', () => {
  expect(() => mustBeServable(webConfig(), [], hostView())).not.toThrow();
});
