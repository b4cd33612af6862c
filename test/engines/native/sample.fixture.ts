import { ethernetFrame, ipPacket, tcpSegment, udpDatagram } from '../../../lab/packet/index.ts';
import type { Case, FlowRow, Input, Options, State } from '../model.ts';

/** A client of {@link SAMPLE_STATE} and where it connects to. */
export const CLIENT = '192.0.2.7';
export const LISTENER = '10.1.0.1';
export const TARGET = '10.2.0.2';

export const OPTIONS: Options = { snatPortMin: 1024, snatPortCount: 1, confirmNewFlows: 'never' };

export const EMPTY_STATE: State = {
  pools: [],
  targets: [],
  listeners: [],
  sourceRoutes: [],
  flows: [],
  pending: [],
  fragments: [],
};

/** The same over IPv6. */
export const CLIENT_V6 = '2001:db8:c::7';
export const LISTENER_V6 = 'fd00:1::1';
export const TARGET_V6 = 'fd00:2::2';

/** One listener for TCP and one for UDP, one target. */
export const SAMPLE_STATE: State = {
  ...EMPTY_STATE,
  pools: [[0]],
  targets: [{ address: TARGET, port: 8080, proxy: 1 }],
  listeners: [
    { address: LISTENER, port: 80, protocol: 'tcp', proxy: 1, pool: 0 },
    { address: LISTENER, port: 53, protocol: 'udp', proxy: 1, pool: 0 },
  ],
};

/** A listener of TCP over IPv6. */
export const SAMPLE_STATE_V6: State = {
  ...EMPTY_STATE,
  pools: [[0]],
  targets: [{ address: TARGET_V6, port: 8080, proxy: 1 }],
  listeners: [{ address: LISTENER_V6, port: 80, protocol: 'tcp', proxy: 1, pool: 0 }],
};

const ETHERNET = { source: '02:00:00:00:01:02', destination: '02:00:00:00:01:01' };

/** A client's SYN at tc_ingress of front0. */
export function syn(
  sourcePort: number,
  input: Partial<Input> = {},
  addresses = { source: CLIENT, destination: LISTENER },
): Input {
  const segment = tcpSegment({
    ...addresses,
    sourcePort,
    destinationPort: 80,
    sequence: 1000,
    flags: 'S',
  });
  const packet = ipPacket({ ...addresses, protocol: 6 }, segment);
  return { hook: 'tc_ingress', ifindex: 10, frame: ethernetFrame(ETHERNET, packet), ...input };
}

/** A client's datagram at tc_ingress of front0. */
export function datagram(payload: Uint8Array, input: Partial<Input> = {}): Input {
  const udp = udpDatagram({
    source: CLIENT,
    destination: LISTENER,
    sourcePort: 5000,
    destinationPort: 53,
    payload,
  });
  const packet = ipPacket({ source: CLIENT, destination: LISTENER, protocol: 17, dontFragment: true }, udp);
  return { hook: 'tc_ingress', ifindex: 10, frame: ethernetFrame(ETHERNET, packet), ...input };
}

export function sampleCase(name: string, inputs: readonly Input[], state = SAMPLE_STATE): Case {
  return { name, options: OPTIONS, state, inputs };
}

/** Both halves of a client's flow to the target. */
export function flowOf(fields: Partial<FlowRow>, sourcePort = 40_000): readonly [FlowRow, FlowRow] {
  const inward = { source: CLIENT, sourcePort, destination: LISTENER, destinationPort: 80 };
  const outward = { source: CLIENT, sourcePort, destination: TARGET, destinationPort: 8080 };
  const forward: FlowRow = {
    protocol: fields.state === 'udp' ? 'udp' : 'tcp',
    in: inward,
    out: outward,
    direction: 'forward',
    state: 'established',
    fin: false,
    snat: false,
    local: false,
    proxy: 1,
    target: 0,
    acked: 0,
    isn: 0,
    packets: 0,
    bytes: 0,
    seenEpochsAgo: 0,
    createdEpochsAgo: 1000,
    hop: { kind: 'none' },
    ...fields,
  };
  return [forward, { ...forward, direction: 'reply', in: turned(outward), out: turned(inward) }];
}

/** The same way back. */
export function turned({ source, sourcePort, destination, destinationPort }: FlowRow['in']): FlowRow['in'] {
  return {
    source: destination,
    sourcePort: destinationPort,
    destination: source,
    destinationPort: sourcePort,
  };
}
