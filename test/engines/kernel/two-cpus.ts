import { ethernetFrame, ipPacket, PROTOCOL, tcpSegment } from '../../../lab/packet/index.ts';
import type { FlowRow, State } from '../model.ts';
import { addressCodec } from '../rows/index.ts';
import { CounterMeter } from './counters.ts';
import { monotonicNs } from './epoch.ts';
import { LoadedPrograms } from './loaded-programs.ts';
import { KernelTables } from './tables.ts';

/** Of the program, by each thread. */
export const RUNS = 100_000;
/** Two threads that run for a while meet in the first of them, as a rule. */
const MOST_ROUNDS = 100;
const CLIENT = { source: '192.0.2.7', sourcePort: 40_000, destination: '10.1.0.1', destinationPort: 443 };
const TARGET = { ...CLIENT, destination: '10.2.0.2', destinationPort: 8443 };
const FLOW: FlowRow = {
  protocol: 'tcp',
  in: CLIENT,
  out: TARGET,
  direction: 'forward',
  state: 'syn',
  fin: false,
  snat: false,
  local: false,
  proxy: 0,
  target: 0,
  acked: 0,
  isn: 1000,
  packets: 1,
  bytes: 52,
  seenEpochsAgo: 0,
  createdEpochsAgo: 0,
  hop: { kind: 'none' },
  late: { seqDelta: 0, ackDelta: 0, scales: { client: 0, target: 0 }, held: true },
};
/** A client whose target has been asked. */
const STATE: State = {
  pools: [[0]],
  targets: [{ address: '10.2.0.2', port: 8443, proxy: 0 }],
  listeners: [{ address: '10.1.0.1', port: 443, protocol: 'tcp', proxy: 0, pool: 0, sniRoutes: true }],
  sourceRoutes: [],
  flows: [],
  pending: [FLOW],
  fragments: [],
  held: [{ client: CLIENT, slot: 0, turn: 1, ageNs: 0n }],
  slots: {
    0: {
      turn: 1,
      state: 'syn',
      busy: false,
      stream: {
        isn: 1000,
        cookie: 0,
        bytes: '1603',
        pieces: [],
        window: 500,
        scale: null,
        mss: 536,
        header: 0,
        sent: 0,
        acked: 0,
        mayAsk: false,
      },
    },
  },
};
/** It is kept as it is, so that it can come again and again. The loopback device takes it, whose address is all zeros. */
const ACKNOWLEDGEMENT = ethernetFrame(
  { source: '02:00:00:00:00:99', destination: '00:00:00:00:00:00' },
  ipPacket(
    { ...CLIENT, protocol: PROTOCOL.tcp },
    tcpSegment({ ...CLIENT, flags: 'A', sequence: 1003, acknowledgement: 1 }),
  ),
);

/** Reasons that were counted while two CPUs had packets of one connection, and what came of as many packets after that. */
export interface Meeting {
  readonly met: Readonly<Record<string, number>>;
  readonly after: Readonly<Record<string, number>>;
}

/**
 * Lets two threads run `tc_ingress` with packets of one connection whose bytes are held, until they have met.
 * @param object the compiled programs
 */
export async function meetOnTwoCpus(object: string): Promise<Meeting> {
  using programs = new LoadedPrograms(object, {
    snatPortMin: 1024,
    snatPortCount: 1,
    confirmNewFlows: 'never',
  });
  new KernelTables(programs, addressCodec()).fill(STATE, monotonicNs());
  const counters = new CounterMeter(programs);
  const reasonsOf = async (threads: number): Promise<Meeting['met']> => {
    counters.start(STATE.targets.length);
    const run = () => programs.programs.tc_ingress.runAsync({ dataIn: ACKNOWLEDGEMENT, repeat: RUNS });
    await Promise.all(Array.from({ length: threads }, run));
    return counters.growth('tc_ingress').reasons;
  };
  let met: Meeting['met'] = {};
  for (let round = 0; round < MOST_ROUNDS && !met.dropped_busy; round++) met = await reasonsOf(2);
  return { met, after: await reasonsOf(1) };
}
