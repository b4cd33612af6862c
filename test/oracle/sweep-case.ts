/** Made-up sweeps: tables as the packet cases have them, and times around the ages that they have. */
import fc from 'fast-check';
import type { EventRow, HeldRow, SlotRow, State } from '../engines/index.ts';
import { START_NS } from '../engines/native/case-message.ts';
import type { SweepCase } from '../engines/native.ts';
import { caseChoiceArbitrary, caseOf } from './fuzz/case.ts';
import type { Timeouts } from './sweep.ts';

const EPOCH_NS = 2 ** 30;
const OPTIONS = { snatPortMin: 1024, snatPortCount: 1, confirmNewFlows: 'never' } as const;

/** States to sweep. */
export function stateArbitrary(): fc.Arbitrary<State> {
  const packets = caseChoiceArbitrary({
    randoms: true,
    clock: true,
    gso: false,
    linear: false,
    partialChecksum: false,
    vlanStripped: false,
    packetsPerCase: 1,
  });
  return fc
    .tuple(packets, heldArbitrary(), slotsArbitrary())
    .map(([choice, held, slots]) => ({ ...caseOf(choice).state, held, slots }));
}

const anySlot = fc.constantFrom(0, 1, 2, 2047);
const anyTurn = fc.constantFrom(1, 1, 2, 2 ** 32 - 1);

/** Connections whose bytes are held, around the ages that timeouts make. */
function heldArbitrary(): fc.Arbitrary<readonly HeldRow[]> {
  const ageEpochs = fc.constantFrom(0, 1, 39, 40, 64, 65, 104, 900_000);
  return fc
    .array(fc.record({ slot: anySlot, turn: anyTurn, ageEpochs, moreNs: fc.constantFrom(0, 1) }), {
      maxLength: 5,
    })
    .map((rows) =>
      rows.map(({ slot, turn, ageEpochs, moreNs }, index) => ({
        client: {
          source: '192.0.2.7',
          sourcePort: 40_000 + index,
          destination: '10.1.0.1',
          destinationPort: 443,
        },
        slot,
        turn,
        ageNs: BigInt(ageEpochs) * BigInt(EPOCH_NS) + BigInt(moreNs),
      })),
    );
}

function slotsArbitrary(): fc.Arbitrary<Readonly<Record<number, SlotRow>>> {
  // With a prototype, as the rows of an engine: strict comparisons look at it.
  const slot = fc.record(
    {
      turn: anyTurn,
      state: fc.constantFrom('free', 'collect', 'syn', 'replay'),
      busy: fc.oneof({ weight: 4, arbitrary: fc.constant(false) }, fc.constant(true)),
    },
    { noNullPrototype: true },
  );
  return fc.dictionary(anySlot.map(String), slot, { maxKeys: 4, noNullPrototype: true });
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

/** Nor have connections whose bytes are held; those of {@link stateArbitrary} differ in the client's port. */
export function heldInOrder(held: readonly HeldRow[]): readonly HeldRow[] {
  return held.toSorted((a, b) => a.client.sourcePort - b.client.sourcePort);
}
