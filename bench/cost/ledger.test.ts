import { describe, expect, it } from 'vitest';
import type { StatsReport } from '../../src/report/index.ts';
import { Ledger } from './ledger.ts';

const EMPTY: Omit<StatsReport, 'reasons'> = {
  totals: {
    activeFlows: 0,
    flows: 0,
    forward: { packets: 0, bytes: 0 },
    reply: { packets: 0, bytes: 0 },
    attempts: { answered: 0, established: 0, refused: 0, unanswered: 0 },
  },
  targets: [],
  flowEvents: {
    oneIn: 0,
    read: 0,
    lost: { opened: 0, closed: 0, flows: 0 },
    accessLog: { written: 0, dropped: 0 },
  },
};

/** A balancer that has counted what is put into `counted`. */
function balancer(counted: { established: number; noListener: number }) {
  const reason = (name: string, outcome: 'forwarded' | 'passed', packets: number) => ({
    hook: 'xdp_ingress',
    reason: name,
    outcome,
    packets,
  });
  const stats = async (): Promise<StatsReport> => ({
    ...EMPTY,
    reasons: [
      reason('established', 'forwarded', counted.established),
      reason('no_listener', 'passed', counted.noListener),
    ],
  });
  return new Ledger({ stats });
}

describe('Ledger', () => {
  it('is content when the counters grew by what was entered', async () => {
    const counted = { established: 500, noListener: 7 };
    const ledger = balancer(counted);
    await ledger.open();
    ledger.enter('xdp_ingress/established', 60, 0);
    ledger.enter('xdp_ingress/established', 40, 0);
    counted.established += 100;
    expect(await ledger.complaint()).toBeNull();
  });

  it('complains when packets took another way', async () => {
    const counted = { established: 500, noListener: 7 };
    const ledger = balancer(counted);
    await ledger.open();
    ledger.enter('xdp_ingress/established', 100, 0.01);
    counted.established += 98;
    counted.noListener += 2;
    expect(await ledger.complaint()).toMatch(/100 packets .* xdp_ingress\/established, but 98 were/);
  });

  it('forgives what chance may do', async () => {
    const counted = { established: 0, noListener: 0 };
    const ledger = balancer(counted);
    await ledger.open();
    ledger.enter('xdp_ingress/established', 100, 0.03);
    counted.established += 98;
    expect(await ledger.complaint()).toBeNull();
  });

  it('complains of a counter that never grew', async () => {
    const ledger = balancer({ established: 0, noListener: 0 });
    await ledger.open();
    ledger.enter('tc_ingress/established', 1, 0);
    expect(await ledger.complaint()).toContain('but 0 were');
  });
});
