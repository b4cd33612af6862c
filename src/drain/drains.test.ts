import { beforeEach, describe, expect, it } from 'vitest';
import { FakeClock } from '../clock/fake-clock.fixture.ts';
import type { DrainReport } from '../report/index.ts';
import { Drains } from './drains.ts';

const A = { proxy: 'web', target: '10.0.0.1:80' };
const B = { proxy: 'web', target: '10.0.0.2:80' };

describe('drains', () => {
  let clock: FakeClock;
  let open: Map<string, number>;
  let counts: number;
  let fault: Error | null;
  let faults: unknown[];
  let began: DrainReport[];
  let ended: DrainReport[];
  let drains: Drains;

  beforeEach(() => {
    clock = new FakeClock();
    open = new Map([
      [A.target, 10],
      [B.target, 4],
    ]);
    counts = 0;
    fault = null;
    faults = [];
    began = [];
    ended = [];
    drains = new Drains({
      clock,
      countFlows: async (targets) => {
        counts += 1;
        if (fault) throw fault;
        return targets.map(({ target }) => open.get(target) ?? 0);
      },
      intervalMs: () => 1_000,
      onBegan: (drain) => began.push(drain),
      onEnded: (drain) => ended.push(drain),
      onFault: (error) => faults.push(error),
    });
  });

  it('count the connections of a target until the last one has gone', async () => {
    expect(await drains.start(A, 60_000)).toEqual({
      ...A,
      status: 'draining',
      elapsedMs: 0,
      timeoutMs: 60_000,
      initialConnections: 10,
      currentConnections: 10,
    });
    open.set(A.target, 3);
    await clock.pass(5_000);
    expect(drains.running()).toMatchObject([
      { elapsedMs: 5_000, initialConnections: 10, currentConnections: 3 },
    ]);
    open.set(A.target, 0);
    await clock.pass(1_000);
    expect(await drains.ended(A)).toBe('completed');
    expect(began).toMatchObject([{ ...A, status: 'draining', initialConnections: 10 }]);
    expect(ended).toMatchObject([{ ...A, status: 'completed', elapsedMs: 6_000, currentConnections: 0 }]);
    expect(drains.running()).toEqual([]);
    await clock.pass(5_000);
    expect(drains.status(A)).toMatchObject({ status: 'completed', elapsedMs: 6_000 });
  });

  it('complete at once when there is nothing to wait for', async () => {
    open.set(A.target, 0);
    expect(await drains.start(A, 60_000)).toMatchObject({ status: 'completed' });
    expect(clock.waiting).toBe(0);
  });

  it('end by their timeout with what is left', async () => {
    await drains.start(A, 3_500);
    await clock.pass(3_999);
    expect(drains.status(A)).toMatchObject({ status: 'draining' });
    await clock.pass(1);
    expect(await drains.ended(A)).toBe('timeout');
    expect(ended).toMatchObject([{ status: 'timeout', elapsedMs: 4_000, currentConnections: 10 }]);
  });

  it('are cancelled, which is nobody else’s news', async () => {
    await drains.start(A, 60_000);
    drains.cancel(A);
    expect(await drains.ended(A)).toBe('cancelled');
    expect(drains.status(A)).toMatchObject({ status: 'cancelled' });
    expect(ended).toEqual([]);
    drains.cancel(A);
    expect(drains.status(A)).toBeUndefined();
    drains.cancel(B);
  });

  it('go on as they are when they are started again, and begin anew after their end', async () => {
    await drains.start(A, 60_000);
    await clock.pass(2_000);
    expect(await drains.start(A, 5_000)).toMatchObject({ elapsedMs: 2_000, timeoutMs: 60_000 });
    drains.cancel(A);
    expect(await drains.start(A, 5_000)).toMatchObject({
      status: 'draining',
      elapsedMs: 0,
      timeoutMs: 5_000,
    });
  });

  it('of many targets are counted together', async () => {
    await drains.start(A, 60_000);
    await drains.start(B, 60_000);
    counts = 0;
    await clock.pass(3_000);
    expect(counts).toBe(3);
  });

  it('survive a count that fails', async () => {
    await drains.start(A, 60_000);
    fault = new Error('no kernel');
    await clock.pass(2_000);
    expect(faults).toEqual([fault, fault]);
    fault = null;
    open.set(A.target, 0);
    await clock.pass(1_000);
    expect(drains.status(A)).toMatchObject({ status: 'completed' });
  });

  it('of targets that are not configured any more are cancelled and forgotten', async () => {
    await drains.start(A, 60_000);
    await drains.start(B, 60_000);
    const wait = drains.ended(A);
    drains.keepOnly(({ target }) => target === B.target);
    expect(await wait).toBe('cancelled');
    expect(drains.status(A)).toBeUndefined();
    expect(drains.running()).toMatchObject([B]);
  });

  it('count nothing more once they are closed', async () => {
    await drains.start(A, 60_000);
    await drains.close();
    expect(drains.status(A)).toMatchObject({ status: 'cancelled' });
    counts = 0;
    await clock.pass(10_000);
    expect(counts).toBe(0);
    expect(clock.waiting).toBe(0);
  });
});
