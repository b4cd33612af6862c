import { formatEndpoint } from '../config/index.ts';
import { type BpfMap, walkMap } from '../libbpf/index.ts';
import { decodeAddress } from './address.ts';
import type { FlowEntry } from './entries.ts';
import { type Address, FlowDirection, FlowState, readFlow, readFlowKey } from './generated/abi.ts';
import { protocolName } from './protocols.ts';

const STATES = new Map<number, FlowEntry['state']>([
  [FlowState.syn, 'syn'],
  [FlowState.established, 'established'],
  [FlowState.closing, 'closing'],
  [FlowState.udp, 'udp'],
]);

/** Both halves of every flow, in no order, while packets go on: a flow may be seen half, or not at all. */
export async function* readFlows(maps: readonly BpfMap[], signal?: AbortSignal): AsyncGenerator<FlowEntry> {
  for (const map of maps) {
    const { keySize, valueSize } = map.info;
    for await (const chunk of walkMap(map, { signal })) {
      for (let row = 0; row < chunk.count; row++) {
        yield decodeFlow(
          chunk.keys.subarray(row * keySize, (row + 1) * keySize),
          chunk.values.subarray(row * valueSize, (row + 1) * valueSize),
        );
      }
    }
  }
}

function decodeFlow(keyBytes: Buffer, valueBytes: Buffer): FlowEntry {
  const key = readFlowKey(keyBytes);
  const flow = readFlow(valueBytes);
  return {
    protocol: protocolName(key.protocol),
    direction: flow.direction === FlowDirection.forward ? 'forward' : 'reply',
    state: STATES.get(flow.state) ?? 'closing',
    from: endpoint(key.src, key.sport),
    to: endpoint(key.dst, key.dport),
    newFrom: endpoint(flow.src, flow.sport),
    newTo: endpoint(flow.dst, flow.dport),
    proxyId: flow.proxy,
    targetId: flow.target,
    createdNs: flow.createdNs,
    seenNs: flow.seenNs,
    packets: Number(flow.packets),
    bytes: Number(flow.bytes),
  };
}

function endpoint(address: Address, port: number): string {
  return formatEndpoint({ ip: decodeAddress(address.bytes), port });
}
