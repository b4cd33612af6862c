import { ethernetFrame, ipPacket, PROTOCOL, type TcpFields, tcpSegment } from '../../lab/index.ts';
import { type Feed, FRAME_BYTES } from './feed.ts';
import { CLIENT_ADDRESSES, COST_PORT, type CostArguments } from './samples.ts';

/** New clients come from 100.64.0.0/10 (RFC 6598), so many that none comes twice. */
const NEW_CLIENTS = { flows: 4_000_000_000, clientAddresses: 65_536, firstAddress: '100.64.0.0' } as const;
const NEIGHBOUR_MAC = '02:00:00:00:00:01';
const UNSERVED_PORT = COST_PORT + 1;

/** The packets that the cases are measured with. */
export interface Feeds {
  /** Client to balancer. */
  readonly syn: Feed;
  readonly ack: Feed;
  /** Target to client. */
  readonly reply: Feed;
  /** Client to a target directly: no listener's. */
  readonly passing: Feed;
  readonly toTarget: Feed;
  /** SYNs, each of a client never seen before. */
  readonly newcomers: Feed;
}

/** Makes the packets of `flows` clients. */
export function feedsFor(args: CostArguments, flows: number): Feeds {
  const { target, listen, client, front, back } = args;
  const clients = { flows, clientAddresses: CLIENT_ADDRESSES, firstAddress: client };
  const from = (destination: string, destinationPort: number, flags: string): Feed => ({
    ...clients,
    isReply: false,
    ifindex: front.ifindex,
    frame: frame(front.mac, { source: client, destination, sourcePort: 0, destinationPort, flags }),
  });
  const answer = {
    source: target,
    destination: client,
    sourcePort: COST_PORT,
    destinationPort: 0,
    flags: 'A',
  };
  return {
    syn: from(listen, COST_PORT, 'S'),
    ack: from(listen, COST_PORT, 'A'),
    passing: from(target, UNSERVED_PORT, 'A'),
    toTarget: from(target, COST_PORT, 'A'),
    newcomers: { ...from(listen, COST_PORT, 'S'), ...NEW_CLIENTS },
    reply: { ...clients, isReply: true, ifindex: back.ifindex, frame: frame(back.mac, answer) },
  };
}

/** Checksums do not follow the client that is written into the frame: no program under test verifies them. */
function frame(destinationMac: string, fields: TcpFields): Buffer {
  const ethernet = { source: NEIGHBOUR_MAC, destination: destinationMac };
  const packet = ipPacket({ ...fields, protocol: PROTOCOL.tcp }, tcpSegment(fields));
  const unpadded = ethernetFrame(ethernet, packet);
  return Buffer.concat([unpadded, Buffer.alloc(FRAME_BYTES - unpadded.length)]);
}
