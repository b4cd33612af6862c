/** Made-up sweeps: tables as the packet cases have them, and times around the ages that they have. */
import fc from 'fast-check';
import type { EventRow, State } from '../engines/index.ts';
import { START_NS } from '../engines/native/case-message.ts';
import type { SweepCase } from '../engines/native.ts';
import { caseChoiceArbitrary, caseOf } from './fuzz/case.ts';
import type { Timeouts } from './sweep.ts';

const EPOCH_NS = 2 ** 30;
const OPTIONS = { snatPortMin: 1024, snatPortCount: 1, confirmNewFlows: 'never' } as const;

/** States to sweep. */
export function stateArbitrary(): fc.Arbitrary<State> {
  return caseChoiceArbitrary({
    randoms: true,
    clock: true,
    gso: false,
    linear: false,
    partialChecksum: false,
    vlanStripped: false,
    packetsPerCase: 1,
  }).map((choice) => caseOf(choice).state);
}

/** Timeouts to sweep with. */
export function timeoutsArbitrary(): fc.Arbitrary<Timeouts> {
  const timeoutNs = fc.constantFrom(
    0,
    EPOCH_NS - 1,
    EPOCH_NS,
    EPOCH_NS + 1,
    39 * EPOCH_NS,
    40 * EPOCH_NS,
    2 ** 50,
  );
  return fc.record({
    synNs: timeoutNs,
    establishedNs: timeoutNs,
    closingNs: timeoutNs,
    udpNs: timeoutNs,
    answerNs: timeoutNs,
    lastAgoNs: fc.option(fc.constantFrom(0, 1, EPOCH_NS, 40 * EPOCH_NS)),
  });
}

/** The sweep as the native engine is asked for it. */
export function sweepCaseOf(state: State, limits: Timeouts): SweepCase {
  const { synNs, establishedNs, closingNs, udpNs, answerNs, lastAgoNs } = limits;
  const lastNs = lastAgoNs === null ? 0n : START_NS - BigInt(lastAgoNs);
  const timeoutsNs = {
    syn: BigInt(synNs),
    established: BigInt(establishedNs),
    closing: BigInt(closingNs),
    udp: BigInt(udpNs),
  };
  const answers = { timeoutNs: BigInt(answerNs), lastNs };
  return { name: 'made up', options: OPTIONS, state, timeoutsNs, answers };
}

/** Events have no order in a sweep. */
export function inOrder(events: readonly EventRow[]): readonly EventRow[] {
  const place = ({ protocol, client }: EventRow) => JSON.stringify([protocol, client]);
  return events.toSorted((a, b) => (place(a) < place(b) ? -1 : 1));
}
