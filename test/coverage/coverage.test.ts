import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { differsWhileLooking } from '../capture/beside-oracle.ts';
import type { Case, State } from '../engines/index.ts';
import { everyFault } from '../engines/native/every-fault.ts';
import type { NativeEngine } from '../engines/native.ts';
import { anyConversation } from '../oracle/late/any-conversation.ts';
import { caseOf } from '../oracle/late/conversation.ts';
import { casesOf } from '../vectors/cases.ts';
import { loadVectorFiles } from '../vectors/load.ts';
import { WRONG_ON_PURPOSE } from '../vectors/wrong-on-purpose.ts';
import { type FileCoverage, percent } from './lcov.ts';
import { profile } from './profile.ts';
import { coverageTable } from './table.ts';

const LEAST_PERCENT = 95;
const CONVERSATIONS = 500;
const CONVERSATION_SEED = 1;
const FAULTY_CONVERSATIONS = 12;
const FAULTY_CALLS = 60;
const VECTORS = fileURLToPath(new URL('../vectors', import.meta.url));
const NEVER_NS = { syn: 1n << 60n, established: 1n << 60n, closing: 1n << 60n, udp: 1n << 60n };
/** Every SYN is due, and was not at the sweep before. */
const ANSWERS = { timeoutNs: 1n, lastNs: 1n };
const AT_ONCE_NS = { syn: 0n, established: 0n, closing: 0n, udp: 0n };

describe('what the vectors run of the data path', () => {
  let files: readonly FileCoverage[];
  beforeAll(async () => {
    files = await profile(async (engine) => {
      const cases = loadVectorFiles(VECTORS, [WRONG_ON_PURPOSE])
        .flatMap(casesOf)
        .map((vector) => vector.case);
      await engine.run(cases);
      await engine.run(conversations());
      await differsWhileLooking(engine, cases);
      await runFaults(engine, cases);
      await runConversationFaults(engine);
      await runSweeps(engine, cases);
    });
    console.log(coverageTable(files));
  });

  it('is the data path, all of it', () => {
    const names = files.map(({ file }) => file);
    expect(names).toEqual(expect.arrayContaining(['bpf/packet.h', 'bpf/sluice.bpf.c', 'bpf/too_big.h']));
    expect(names.length).toBeGreaterThan(15);
  });

  it(`is at least ${LEAST_PERCENT} percent of its lines`, () => {
    expect(percent(files)).toBeGreaterThanOrEqual(LEAST_PERCENT);
  });
});

/** A few of them, with every helper failing at every call of every packet. */
async function runConversationFaults(engine: NativeEngine): Promise<void> {
  for (const one of conversations().slice(0, FAULTY_CONVERSATIONS)) {
    for (const packet of one.inputs.keys()) {
      for (let call = 1; call <= FAULTY_CALLS; call += 1) {
        const outcomes = await engine.runWithFault(one, { packet, kind: 'refused', call });
        if (!outcomes[packet]?.struck) break;
      }
    }
  }
}

/** Made-up conversations with listeners whose connections are bound late. */
function conversations(): readonly Case[] {
  return fc
    .sample(anyConversation, { seed: CONVERSATION_SEED, numRuns: CONVERSATIONS })
    .map(({ setting, steps }, index) => caseOf(`conversation ${index}`, setting, steps));
}

/** Every vector with every helper failing at every call. */
async function runFaults(engine: NativeEngine, cases: readonly Case[]): Promise<void> {
  for (const kind of ['refused', 'race'] as const) {
    await Promise.all(cases.map((one) => everyFault(engine, one, kind)));
  }
}

/** The tables of every vector, swept when nothing is too old, when everything is, and half of it. */
async function runSweeps(engine: NativeEngine, cases: readonly Case[]): Promise<void> {
  for (const timeoutsNs of [NEVER_NS, AT_ONCE_NS]) {
    await Promise.all(
      cases.flatMap(({ name, options, state }) =>
        [state, aged(state)].map((each) =>
          engine.sweep({ name, options, state: each, timeoutsNs, answers: ANSWERS }),
        ),
      ),
    );
  }
}

/** Every second half of a flow has not seen a packet for some time. */
function aged(state: State): State {
  const age = (rows: State['flows']): State['flows'] =>
    rows.map((row, index) => (index % 2 ? row : { ...row, seenEpochsAgo: row.seenEpochsAgo + 5 }));
  return { ...state, flows: age(state.flows), pending: age(state.pending) };
}
