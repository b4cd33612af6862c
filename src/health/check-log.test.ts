import { expect, it } from 'vitest';
import { parseConfig } from '../config/index.ts';
import { CHECK_LATENCY_BOUNDS, CheckLog } from './check-log.ts';
import { checkSpecs } from './check-spec.ts';

const YAML = `proxies:
  - name: web
    listen: { interfaces: [eth0], port: 80 }
    defaultTarget: [{ ip: 10.0.0.1, port: 80, weight: 50 }, { ip: 10.0.0.2, port: 80, weight: 50 }]
settings: { healthCheckEnabled: true }
`;
const [first, second] = checkSpecs(parseConfig(YAML, { format: 'yaml', file: null }).config);
if (first === undefined || second === undefined) throw new Error('two targets are expected');
const success = (latencyMs: number) => ({ success: true, latencyMs, message: 'connected' }) as const;
const failure = (latencyMs: number, reason: 'timeout' | 'local_error') =>
  ({ success: false, latencyMs, reason, message: 'no' }) as const;

it('counts what each check took in the bucket whose bound it does not exceed, and what exceeds all', () => {
  const log = new CheckLog();
  for (const ms of [0.2, 1, 1.1, 60_000]) log.note(first, success(ms));
  log.note(first, failure(61_000, 'timeout'));
  const [totals] = log.totals([first]);
  expect(totals).toMatchObject({ proxy: 'web', target: '10.0.0.1:80', successes: 4, failures: 1 });
  const { counts, bounds, sum } = totals?.latency ?? { counts: [], bounds: [], sum: 0 };
  expect(bounds).toEqual(CHECK_LATENCY_BOUNDS);
  expect(counts).toEqual([2, 1, ...new Array(11).fill(0), 1, 1]);
  expect(sum).toBeCloseTo(121.0023);
});

it('does not count what is the fault of this host', () => {
  const log = new CheckLog();
  log.note(first, failure(5, 'local_error'));
  expect(log.totals([first])).toMatchObject([{ successes: 0, failures: 0 }]);
});

it('tells each target that is asked for, and forgets the others', () => {
  const log = new CheckLog();
  log.note(first, success(1));
  expect(log.totals([second, second])).toMatchObject([{ target: '10.0.0.2:80', successes: 0 }]);
  expect(log.totals([first])).toMatchObject([{ target: '10.0.0.1:80', successes: 0 }]);
});
