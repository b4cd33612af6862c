import { describe, expect, it } from 'vitest';
import { capturedIo } from '../captured-io.fixture.ts';
import { main } from '../main.ts';
import { useSampleDaemon } from '../sample-daemon.fixture.ts';

describe('sluice top without a terminal', () => {
  const { run, daemon } = useSampleDaemon();

  it('prints one table without colours or movements', async () => {
    const { status, out, err } = await run('top', '--interval', '100');
    expect({ status, err }).toEqual({ status: 0, err: '' });
    expect(out).not.toContain('\u001b');
    expect(out).toMatch(/^sluice top {3}default {2}0\.1\.0, up .*, generation 3, 1 proxy, 1 target/);
    expect(out).toContain('\nflows 1 of 100,000 ');
    expect(out).toMatch(/^ {2}10\.0\.0\.1:8080 +back at 25% +#\.\.\.\.\.\.\. +10% +0 /m);
    expect(out).toMatch(/ P50 +P95 +P99 /);
    expect(out).toMatch(/ 310 us +1\.25 ms +1 s /);
    expect(out.match(/sluice top/g)).toHaveLength(1);
  });

  it('prints as many snapshots as it is asked for, as lines of JSON too', async () => {
    const { out } = await run('top', '--interval', '100', '-n', '2', '-o', 'json');
    const lines = out.trimEnd().split('\n');
    expect(lines).toHaveLength(2);
    for (const line of lines) {
      expect(JSON.parse(line)).toMatchObject({
        instance: 'default',
        totals: { connectsPerSec: 0 },
        proxies: [
          {
            name: 'web',
            targets: [
              {
                target: '10.0.0.1:8080',
                activeFlows: 1,
                connectsPerSec: 0,
                connectLatency: { p50Ms: 0.31, p95Ms: 1.25, p99Ms: 1004 },
              },
            ],
          },
        ],
      });
    }
  });

  it('fails when no daemon answers, and refuses what makes no sense', async () => {
    await daemon().server.close();
    expect(await run('top')).toMatchObject({ status: 69, out: '' });
    expect(await run('top', '--once', '-n', '2')).toMatchObject({ status: 64 });
    expect(await run('top', '--interval', '99')).toMatchObject({ status: 64 });
  });
});

it('sluice top does not draw on a terminal that cannot be drawn on', async () => {
  const never = () => () => {};
  const io = capturedIo({
    env: { TERM: 'dumb' },
    openTerminal: () => ({
      size: () => ({ columns: 80, rows: 24 }),
      onKey: never,
      onResize: never,
      onExit: never,
      suspend: () => {},
    }),
  });
  expect(await main(['top'], io)).toBe(64);
  expect(io.err()).toContain('fix: sluice top --once');
});
