import { describe, expect, it } from 'vitest';
import type { StatusReport } from '../../src/report/index.ts';
import { bytesText, colorsFor, logLine, picture } from './picture.ts';
import { planPools } from './plan.ts';
import { summary } from './summary.ts';
import { viewPool } from './view.ts';

const pools = planPools({
  vip: '10.1.0.1',
  targets: ['10.2.1.1', '10.2.2.1', '10.2.3.1', '10.2.4.1'],
  routedSource: '10.1.2.0/24',
});
const traffic = { packets: 10, bytes: 1024 };
const status: StatusReport = {
  version: '0',
  instance: 'demo',
  pid: 1,
  startedAt: '',
  generation: 1,
  configHash: '',
  configFile: null,
  file: null,
  interfaces: [],
  proxies: [
    {
      name: 'web',
      mode: 'nat',
      algorithm: 'weighted-random',
      listeners: [],
      targets: [
        {
          proxy: 'web',
          target: '10.2.1.1:8080',
          weight: 50,
          pools: ['default'],
          activeFlows: 7,
          flows: 60,
          forward: traffic,
          reply: traffic,
          attempts: { answered: 60, established: 60, refused: 0, unanswered: 0 },
        },
      ],
    },
  ],
  flows: { active: 7, pending: 0, max: 100 },
  warnings: [],
};
const [weighted] = pools;

function view(byTarget: Record<string, number>, errors = 0) {
  if (!weighted) throw new Error('the plan has no pool');
  return viewPool(weighted, { byTarget, errors }, status, { atMs: 1_000, connections: 20 }, 3_000);
}

describe('viewPool', () => {
  it("joins the client's counts with the kernel's flows and bytes", () => {
    const { rows, perSecond, connections } = view({ target1: 60, target2: 40 });
    expect({ perSecond, connections }).toEqual({ perSecond: 40, connections: 100 });
    expect(rows[0]).toMatchObject({
      weightPercent: 50,
      seenPercent: 60,
      connections: 60,
      active: 7,
      bytes: 2048,
    });
    expect(rows[2]).toMatchObject({ weightPercent: 20, seenPercent: 0, connections: 0, active: 0 });
  });

  it('counts an answer from outside of the pool as an error', () => {
    expect(view({ target1: 9, target4: 3 }, 2).errors).toBe(5);
  });

  it('knows no share before the first connection', () => {
    expect(view({}).rows[0]?.seenPercent).toBeUndefined();
  });
});

describe('the picture', () => {
  it.each([
    [100, '60.0% █████████████│█'],
    [80, '60.0% ██████████│█'],
    [66, '60.0% ███│░'],
  ])('fits into %d columns and shows shares as bars', (width, bar) => {
    const lines = picture('heading', [view({ target1: 60, target2: 40 })], colorsFor(false), width);
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(width);
    expect(lines[4]).toContain(bar);
  });

  it('becomes one line for a log', () => {
    expect(logLine(4, [view({ target1: 60, target2: 40 })])).toContain('target1 60.0% of 50%');
  });

  it('ends with what was left behind', () => {
    expect(summary([], [])).toContain('Nothing is left');
    expect(summary([], ['/sys/fs/bpf/sluice/demo'])).toContain('Left behind: /sys/fs/bpf/sluice/demo');
  });

  it.each([
    [0, '0 B'],
    [1023, '1023 B'],
    [1536, '1.5 KiB'],
    [5 * 1024 ** 4, '5.0 TiB'],
  ])('writes %d bytes as %s', (bytes, text) => {
    expect(bytesText(bytes)).toBe(text);
  });
});
