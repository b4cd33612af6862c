import { describe, expect, it } from 'vitest';
import { sampleStats } from '../report/sample-reports.fixture.ts';
import { desiredProxy, desiredState, target } from './desired.fixture.ts';
import type { DesiredState } from './desired.ts';
import { type Counters, proxyReports, type ReportContext, statsReport } from './reports.ts';
import { emptyTables, type TableState, targetKey } from './table-state.ts';

const REASONS = [{ hook: 'tc_ingress', reason: 'reply', outcome: 'forwarded', packets: 3 }] as const;

/**
 * Target n has n flows of which `active` are open, 10n packets forward and 100n back, of 1000 bytes each, and 1n, 2n, 3n, 4n
 * attempts of each outcome.
 */
function counters(active: Readonly<Record<number, number>> = {}): Counters {
  const traffic = (packets: number) => ({ packets, bytes: packets * 1000 });
  return {
    activeFlows: (id) => active[id] ?? 0,
    targetCounts: (id) => ({
      flows: id,
      forward: traffic(id * 10),
      reply: traffic(id * 100),
      attempts: { answered: id, established: id * 2, refused: id * 3, unanswered: id * 4 },
    }),
    reasonCounts: () => [...REASONS],
  };
}

/** Tables with targets 10.0.0.1 to 10.0.0.N of proxy `web`, whose ids are their last numbers. */
function tables(count: number): TableState {
  const state = emptyTables();
  state.proxies.set('web', 0);
  for (let id = 1; id <= count; id++) {
    const address = `10.0.0.${id}`;
    state.targets.set(targetKey(0, address, 80), { ...target(address), id, proxyId: 0 });
  }
  return state;
}

function context(
  desired: DesiredState,
  count: number,
  active?: Readonly<Record<number, number>>,
): ReportContext {
  return { datapath: counters(active), state: tables(count), desired };
}

describe('proxyReports', () => {
  it('tells where a proxy listens, and the share and the counters of each target', () => {
    const defaultTargets = [target('10.0.0.1', 3), target('10.0.0.2', 1)];
    const desired = desiredState(desiredProxy('web', { defaultTargets }));
    expect(proxyReports(context(desired, 2, { 2: 5 }))).toEqual([
      {
        name: 'web',
        mode: 'nat',
        algorithm: 'weighted-random',
        listeners: ['192.0.2.1:80/tcp'],
        targets: [
          {
            proxy: 'web',
            target: '10.0.0.1:80',
            weight: 75,
            pools: ['default'],
            activeFlows: 0,
            flows: 1,
            forward: { packets: 10, bytes: 10_000 },
            reply: { packets: 100, bytes: 100_000 },
            attempts: { answered: 1, established: 2, refused: 3, unanswered: 4 },
          },
          expect.objectContaining({ target: '10.0.0.2:80', weight: 25, activeFlows: 5, flows: 2 }),
        ],
      },
    ]);
  });

  it('lists a target of several pools once, with its share of the first', () => {
    const sourceRoutes = [
      {
        source: '10.0.0.0/8',
        algorithm: 'weighted-random' as const,
        targets: [target('10.0.0.1'), target('10.0.0.2')],
      },
    ];
    const desired = desiredState(desiredProxy('web', { sourceRoutes }));
    const [report] = proxyReports(context(desired, 2));
    expect(report?.targets.map(({ target: name, weight, pools }) => [name, weight, ...pools])).toEqual([
      ['10.0.0.1:80', 100, 'default', '10.0.0.0/8'],
      ['10.0.0.2:80', 50, '10.0.0.0/8'],
    ]);
  });
});

describe('statsReport', () => {
  const desired = desiredState(desiredProxy('web'));

  it('counts removed targets in the totals, so that these never go down', () => {
    const { totals, reasons } = statsReport(context(desired, 3), 7, sampleStats.flowEvents);
    expect(totals).toEqual({
      activeFlows: 7,
      flows: 6,
      forward: { packets: 60, bytes: 60_000 },
      reply: { packets: 600, bytes: 600_000 },
      attempts: { answered: 6, established: 12, refused: 18, unanswered: 24 },
    });
    expect(reasons).toEqual(REASONS);
  });

  it('lists a removed target while it has open flows, without a share of new ones', () => {
    const { targets } = statsReport(context(desired, 3, { 1: 1, 3: 2 }), 3, sampleStats.flowEvents);
    expect(targets).toMatchObject([
      { target: '10.0.0.1:80', weight: 100, activeFlows: 1 },
      { proxy: 'web', target: '10.0.0.3:80', weight: 0, pools: [], activeFlows: 2 },
    ]);
  });
});
