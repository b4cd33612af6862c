import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  afterRequests,
  afterTime,
  type Circuit,
  type CircuitSettings,
  circuitFactor,
  circuitOpenedByHand,
  closedCircuit,
  openCircuit,
  type Requests,
  windowOf,
} from './circuit.ts';

const SETTINGS: CircuitSettings = {
  errorThresholdPct: 50,
  minRequests: 10,
  openDurationMs: 30_000,
  halfOpenRequests: 3,
  windowSizeMs: 60_000,
};

/** What happens to a circuit: connections that are answered and that fail, or time that passes. */
type Step = { readonly ok?: number; readonly bad?: number } | { readonly ms: number };

function replay(steps: readonly Step[], from: Circuit = closedCircuit(0), settings = SETTINGS) {
  let nowMs = 0;
  let circuit = from;
  for (const step of steps) {
    if ('ms' in step) {
      nowMs += step.ms;
      circuit = afterTime(circuit, nowMs);
    } else {
      const requests: Requests = { successes: step.ok ?? 0, errors: step.bad ?? 0 };
      circuit = afterRequests(circuit, requests, nowMs, settings);
    }
  }
  return { circuit, nowMs };
}

describe('a circuit', () => {
  const open = openCircuit(0, 'test', SETTINGS);
  it.each<[string, Circuit, readonly Step[], Circuit['status']]>([
    ['that sees nothing stays closed', closedCircuit(0), [], 'closed'],
    ['with half of ten failing opens', closedCircuit(0), [{ ok: 5, bad: 5 }], 'open'],
    ['with less than half failing stays closed', closedCircuit(0), [{ ok: 6, bad: 5 }], 'closed'],
    ['with too few to tell stays closed', closedCircuit(0), [{ bad: 9 }], 'closed'],
    ['opens with the one that makes them enough', closedCircuit(0), [{ bad: 9 }, { ok: 1 }], 'open'],
    ['forgets what left the window', closedCircuit(0), [{ bad: 9 }, { ms: 60_000 }, { bad: 9 }], 'closed'],
    ['adds up over the window', closedCircuit(0), [{ bad: 5 }, { ms: 59_999 }, { bad: 5 }], 'open'],
    ['that is open stays so for its time', open, [{ ms: 29_999 }], 'open'],
    ['that is open does not mind answers', open, [{ ok: 100 }], 'open'],
    ['that is open does not mind failures', open, [{ bad: 100 }, { ms: 30_000 }], 'half-open'],
    ['is half-open after that', open, [{ ms: 30_000 }], 'half-open'],
    ['stays half-open until enough answers', open, [{ ms: 30_000 }, { ok: 2 }], 'half-open'],
    ['closes with enough answers', open, [{ ms: 30_000 }, { ok: 2 }, { ok: 1 }], 'closed'],
    ['opens again with one failure', open, [{ ms: 30_000 }, { ok: 2 }, { bad: 1 }], 'open'],
    ['counts the failure of both at once', open, [{ ms: 30_000 }, { ok: 9, bad: 1 }], 'open'],
    ['that was opened by hand stays so', circuitOpenedByHand(0), [{ ms: 10 ** 9 }, { ok: 9 }], 'open'],
  ])('%s', (_, from, steps, status) => {
    expect(replay(steps, from).circuit.status).toBe(status);
  });

  it('starts with an empty window when it closes', () => {
    const { circuit, nowMs } = replay([{ ms: 30_000 }, { ok: 3 }, { bad: 9 }], open);
    expect(circuit.status).toBe('closed');
    expect(windowOf(circuit, nowMs, SETTINGS)).toEqual({ errors: 9, successes: 0, total: 9, errorPct: 100 });
  });

  it('says what it leaves of a share, and why', () => {
    expect(circuitFactor(closedCircuit(0))).toEqual({ value: 1, reason: 'circuit closed' });
    expect(circuitFactor(replay([{ ok: 4, bad: 6 }]).circuit)).toEqual({
      value: 0,
      reason: 'circuit open: 60% of 10 connections failed',
    });
    expect(circuitFactor(replay([{ ms: 30_000 }], open).circuit)).toEqual({
      value: 0.1,
      reason: 'circuit half-open',
    });
  });
});

describe('a circuit, whatever happens to it,', () => {
  const step: fc.Arbitrary<Step> = fc.oneof(
    fc.record({ ok: fc.nat({ max: 20 }), bad: fc.nat({ max: 20 }) }),
    fc.record({ ms: fc.nat({ max: 40_000 }) }),
  );
  const steps = fc.array(step, { maxLength: 60 });

  it('opens only when its window says so, and never keeps more than eleven buckets', () => {
    fc.assert(
      fc.property(steps, (all) => {
        let before = closedCircuit(0);
        let nowMs = 0;
        for (const each of all) {
          nowMs += 'ms' in each ? each.ms : 0;
          const requests = 'ms' in each ? { ok: 0, bad: 0 } : { ok: each.ok ?? 0, bad: each.bad ?? 0 };
          const circuit = next(before, requests, nowMs);
          if (before.status === 'closed' && circuit.status === 'open') {
            const seen = windowOf(before, nowMs, SETTINGS);
            const [errors, total] = [seen.errors + requests.bad, seen.total + requests.ok + requests.bad];
            expect(total).toBeGreaterThanOrEqual(SETTINGS.minRequests);
            expect((100 * errors) / total).toBeGreaterThanOrEqual(SETTINGS.errorThresholdPct);
          }
          if (circuit.status === 'closed') expect(circuit.buckets.length).toBeLessThanOrEqual(11);
          before = circuit;
        }
      }),
    );
  });

  it('is closed again after its time and enough answers', () => {
    fc.assert(
      fc.property(steps, (all) => {
        const recovered = replay([
          ...all,
          { ms: SETTINGS.openDurationMs },
          { ok: SETTINGS.halfOpenRequests },
        ]);
        const quiet = replay([
          ...all,
          { ms: SETTINGS.windowSizeMs },
          { ok: SETTINGS.halfOpenRequests },
          { ok: 0 },
        ]);
        expect(quiet.circuit.status).toBe('closed');
        expect(recovered.circuit.status).not.toBe('half-open');
      }),
    );
  });

  function next(circuit: Circuit, { ok, bad }: { ok: number; bad: number }, nowMs: number): Circuit {
    return afterRequests(afterTime(circuit, nowMs), { successes: ok, errors: bad }, nowMs, SETTINGS);
  }
});
