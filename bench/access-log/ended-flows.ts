import { FLOW_EVENT_SIZE, FlowEnd, type FlowEvent, writeFlowEvent } from '../../src/datapath/index.ts';

const CLIENTS = 50_000;
const TARGETS = 8;
const TCP = 6;

/** Ends of flows as they lie in the ring: many clients, some targets, IPv4. */
export function endedFlows(count: number): readonly Buffer[] {
  const nowNs = process.hrtime.bigint();
  return Array.from({ length: count }, (_, index) => {
    const record = Buffer.alloc(FLOW_EVENT_SIZE);
    writeFlowEvent(endedFlow(index, nowNs), record);
    return record;
  });
}

function endedFlow(index: number, nowNs: bigint): FlowEvent {
  const client = { bytes: mapped(198, 18, (index % CLIENTS) >> 8, index & 0xff) };
  const listener = { bytes: mapped(192, 0, 2, 2) };
  const target = { bytes: mapped(10, 0, 0, 1 + (index % TARGETS)) };
  const sport = 1024 + (index % 60_000);
  const pad = { protocol: TCP };
  return {
    client: { src: client, dst: listener, sport, dport: 443, ...pad },
    reply: { src: target, dst: client, sport: 8443, dport: sport, ...pad },
    name: 0n,
    openedNs: nowNs - 1_500_000_000n - BigInt(index * 10_000),
    seenNs: nowNs - BigInt(index * 10_000),
    forward: { packets: 6n, bytes: 600n + BigInt(index % 1000) },
    backward: { packets: 4n, bytes: 9000n + BigInt(index % 5000) },
    proxy: 0,
    target: index % TARGETS,
    end: FlowEnd.fin,
    route: 0,
    flags: 0,
  };
}

function mapped(...v4: readonly number[]): Buffer {
  return Buffer.from([0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, ...v4]);
}
