import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SluiceError } from '../errors/index.ts';
import { parseConfig } from './load.ts';
import { simpleConfig } from './simple.ts';
import { render } from './testing/render.ts';
import { parseProxy } from './unknown-input.ts';

/** Values that stand where others belong: of wrong kinds, or words and addresses in wrong places. */
const odd = fc.oneof(
  fc.constantFrom(
    null,
    true,
    0,
    -1,
    80,
    1.5,
    '',
    'x',
    'tcp',
    '10.0.0.1',
    '10.0.0.1/8',
    '::1',
    '2001:db8::/32',
  ),
  fc.constantFrom(
    [],
    {},
    [[]],
    [{}],
    { ip: '10.0.0.1', port: 1 },
    [{ ip: '::1', port: 1, weight: 1 }],
    [null],
  ),
  fc.jsonValue({ maxDepth: 2 }),
);
const either = <T>(usual: fc.Arbitrary<T>) =>
  fc.oneof({ weight: 5, arbitrary: usual }, { weight: 1, arbitrary: odd });
const map = (shape: Record<string, fc.Arbitrary<unknown>>) =>
  either(fc.record({ ...shape, extra: odd }, { requiredKeys: [] }));
const number = either(fc.integer({ min: 0, max: 101 }));
const target = map({
  ip: either(fc.constantFrom('10.0.0.1', '10.0.0.2', '2001:db8::1')),
  port: number,
  weight: number,
});
const pool = fc.oneof(target, fc.array(target, { maxLength: 3 }));
const route = map({
  source: either(fc.constantFrom('10.0.0.0/8', '10.0.0.1', '::/0')),
  target,
  targets: pool,
});
const listen = map({
  interfaces: either(fc.constantFrom('eth0', ['eth0', 'eth1'])),
  address: either(fc.constantFrom('10.0.0.9', ['2001:db8::9'])),
  port: number,
  protocol: either(fc.constantFrom('tcp', ['udp'])),
});
const proxy = map({
  name: either(fc.constantFrom('a', 'b')),
  listen,
  defaultTarget: pool,
  sourceRoutes: either(fc.array(route, { maxLength: 2 })),
  sniRoutes: either(fc.array(route, { maxLength: 2 })),
});
const config = map({
  proxies: either(fc.array(proxy, { maxLength: 3 })),
  settings: map({ attach: odd, metrics: odd }),
});

describe('whatever is in a configuration', () => {
  it('it is either refused with places, or read whole', () => {
    fc.assert(
      fc.property(config, (value) => {
        const text = JSON.stringify(value);
        const outcome = attempt(() => parseConfig(text, { format: 'json', file: 'f.json' }));
        if (outcome instanceof SluiceError) expectRefusal(outcome, /^f\.json:1:\d+$/);
        else expect(outcome.config.proxies).toHaveLength(JSON.parse(text).proxies.length);
      }),
      { numRuns: 500 },
    );
  });

  it('a proxy from elsewhere is either refused with places, or read whole', () => {
    const { settings } = simpleConfig({ interfaces: ['eth0'] });
    fc.assert(
      fc.property(proxy, (value) => {
        const outcome = attempt(() => parseProxy(value, settings));
        if (outcome instanceof SluiceError) expectRefusal(outcome, /^\S/);
        else expect(outcome.value.defaultTargets.length).toBeGreaterThan(0);
      }),
      { numRuns: 500 },
    );
  });

  it('a text that was cut or changed anywhere is refused with places, or read', () => {
    const whole = render(
      {
        proxies: [
          { name: 'a', listen: { interfaces: ['e'], port: 1 }, defaultTarget: { ip: '10.0.0.1', port: 1 } },
        ],
      },
      'yaml',
    );
    fc.assert(
      fc.property(
        fc.nat(whole.length),
        fc.nat(4),
        fc.string({ unit: 'binary', maxLength: 3 }),
        fc.constantFrom('yaml', 'json', 'edn'),
        (at, cut, put, format) => {
          const text = whole.slice(0, at) + put + whole.slice(at + cut);
          const outcome = attempt(() => parseConfig(text, { format, file: 'f' }));
          if (outcome instanceof SluiceError) expectRefusal(outcome, /^f:\d+:\d+$/);
        },
      ),
      { numRuns: 500 },
    );
  });
});

function attempt<Result>(call: () => Result): Result | SluiceError {
  try {
    return call();
  } catch (error) {
    if (error instanceof SluiceError) return error;
    throw error;
  }
}

function expectRefusal(error: SluiceError, where: RegExp): void {
  expect(error.code).toBe('config_invalid');
  expect(error.details.length).toBeGreaterThan(0);
  for (const detail of error.details) expect(detail.where).toMatch(where);
}
