import { ethernetFrame, ipPacket, PROTOCOL, tcpSegment } from '../../../lab/packet/index.ts';
import type { BpfMap } from '../../../src/libbpf/index.ts';
import type { FlowRow, State } from '../model.ts';
import { addressCodec, type Entry, encodeState } from '../rows/index.ts';
import { CounterMeter } from './counters.ts';
import { monotonicNs } from './epoch.ts';
import { LoadedPrograms } from './loaded-programs.ts';
import { KernelTables } from './tables.ts';

/** How often the flow is put back into `pending`. */
export const MOVES = 5_000;
/** Of the program after that, by each of two threads: enough for them to meet. */
export const RUNS = 20;
const CLIENT = { source: '192.0.2.7', sourcePort: 40_000, destination: '10.1.0.1', destinationPort: 443 };
const TARGET = { ...CLIENT, destination: '10.2.0.2', destinationPort: 8443 };
const REPLY = { source: '10.2.0.2', sourcePort: 8443, destination: '192.0.2.7', destinationPort: 40_000 };
const ANSWER = { ...REPLY, source: '10.1.0.1', sourcePort: 443 };
/** The target's first number: what the client acknowledges is one more. */
const ISN = 5000;
const FORWARD: FlowRow = {
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
  isn: 0,
  packets: 1,
  bytes: 52,
  seenEpochsAgo: 0,
  createdEpochsAgo: 0,
  hop: { kind: 'none' },
};
const BACK: FlowRow = { ...FORWARD, in: REPLY, out: ANSWER, direction: 'reply', isn: ISN };
/**
 * The loopback device takes it, whose address is all zeros. It stays as it is, so that it can come again and again: it
 * may go no further, and the header that its target is to get cannot be made, because the client's half has seen no SYN.
 */
const ACKNOWLEDGEMENT = ethernetFrame(
  { source: '02:00:00:00:00:99', destination: '00:00:00:00:00:00' },
  ipPacket(
    { ...CLIENT, protocol: PROTOCOL.tcp, hopLimit: 1 },
    tcpSegment({ ...CLIENT, flags: 'A', sequence: 1001, acknowledgement: ISN + 1 }),
  ),
);

/**
 * Lets two threads run `tc_ingress` with a client's acknowledgement, again and again, and each time one of them is the
 * first and moves the flow from `pending` to `flows`. Counts reasons.
 * @param object the compiled programs
 * @param held the target is to get a header first
 */
export async function moveUnderTwoCpus(
  object: string,
  held: boolean,
): Promise<Readonly<Record<string, number>>> {
  const options = { snatPortMin: 1024, snatPortCount: 1, confirmNewFlows: 'never' } as const;
  using programs = new LoadedPrograms(object, options);
  const header = { held: true, ask: false };
  const pending = [FORWARD, BACK].map((row) => (held ? { ...row, header } : row));
  const state: State = {
    pools: [[0]],
    targets: [{ address: TARGET.destination, port: TARGET.destinationPort, proxy: 0 }],
    listeners: [{ address: CLIENT.destination, port: 443, protocol: 'tcp', proxy: 0, pool: 0 }],
    sourceRoutes: [],
    flows: [],
    pending,
    fragments: [],
  };
  new KernelTables(programs, addressCodec()).fill(state, monotonicNs());
  const entries = encodeState(state, monotonicNs(), addressCodec()).pending;
  const counters = new CounterMeter(programs);
  counters.start(state.targets.length);
  const run = () => programs.programs.tc_ingress.runAsync({ dataIn: ACKNOWLEDGEMENT, repeat: RUNS });
  for (let move = 0; move < MOVES; move++) {
    putBack(programs.maps, entries);
    await Promise.all([run(), run()]);
  }
  return counters.growth('tc_ingress').reasons;
}

function putBack({ flows, pending }: Record<'flows' | 'pending', BpfMap>, entries: readonly Entry[]): void {
  for (const { key, value } of entries) pending.update(key, value);
  for (const { key } of entries) flows.delete(key);
}
