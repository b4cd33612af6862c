import { describe, expect, it } from 'vitest';
import { preflight } from './preflight.ts';
import { facts, subject } from './sample-facts.fixture.ts';

const loopback = { targets: [{ proxy: 'web', address: '127.0.0.1', mode: 'nat' }] } as const;

describe('preflight', () => {
  it('finds nothing worse than a hint on a healthy host', () => {
    const findings = preflight(subject(), facts());
    expect(new Set(findings.map(({ level }) => level))).toEqual(new Set(['ok', 'hint']));
  });

  it('applies every check', () => {
    const names = new Set(preflight(subject(loopback), facts()).map(({ check }) => check));
    const all = preflight(subject(), facts()).map(({ check }) => check);
    expect([...new Set([...names, ...all])].sort()).toEqual(
      [
        'kernel',
        'libbpf',
        'privileges',
        'bpffs',
        'jit',
        'interface',
        'xdp',
        'offloads',
        'forwarding',
        'rp_filter',
        'route',
        'mtu',
        'route_localnet',
        'return path',
      ].sort(),
    );
  });
});
