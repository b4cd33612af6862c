import { ethernetFrame, ipPacket, PROTOCOL, type TcpFields, tcpSegment } from '../../lab/index.ts';
import { type Feed, FRAME_BYTES } from './feed.ts';
import {
  CLIENT_ADDRESSES,
  COST_PORT,
  type CostArguments,
  LIMITED_PORT,
  type NetworkInterface,
} from './samples.ts';

/** New clients come from 100.64.0.0/10 (RFC 6598), so many that none comes twice. */
const NEW_CLIENTS = { flows: 4_000_000_000, clientAddresses: 65_536, firstAddress: '100.64.0.0' } as const;
const NEIGHBOUR_MAC = '02:00:00:00:00:01';
const UNSERVED_PORT = COST_PORT + 1;
const CLIENT_ISN = 1000;
const TARGET_ISN = 5000;

/** The packets that the cases are measured with. */
export interface Feeds {
  /** The handshake: client to balancer, target to client, client to balancer. The last is also what follows it. */
  readonly syn: Feed;
  readonly synAck: Feed;
  readonly ack: Feed;
  /** Target to client. */
  readonly reply: Feed;
  /** Client to a target directly: no listener's. */
  readonly passing: Feed;
  readonly toTarget: Feed;
  /** SYNs, each of a client never seen before. */
  readonly newcomers: Feed;
  /** The same, to the listener with a limit. */
  readonly limitedNewcomers: Feed;
}

/** Makes the packets of `flows` clients. */
export function feedsFor(args: CostArguments, flows: number): Feeds {
  const clients = { flows, clientAddresses: CLIENT_ADDRESSES, firstAddress: args.client };
  const fromClient = (destination: string, destinationPort: number, segment: Segment): Feed => ({
    ...clients,
    isReply: false,
    ...arriving(args.front, {
      ...segment,
      source: args.client,
      destination,
      sourcePort: 0,
      destinationPort,
    }),
  });
  const fromTarget = (segment: Segment): Feed => ({
    ...clients,
    isReply: true,
    ...arriving(args.back, {
      ...segment,
      source: args.target,
      destination: args.client,
      sourcePort: COST_PORT,
      destinationPort: 0,
    }),
  });
  const opening: Segment = { flags: 'S', sequence: CLIENT_ISN };
  const syn = fromClient(args.listen, COST_PORT, opening);
  const ack: Segment = { flags: 'A', sequence: CLIENT_ISN + 1, acknowledgement: TARGET_ISN + 1 };
  const answered = { acknowledgement: CLIENT_ISN + 1 };
  return {
    syn,
    synAck: fromTarget({ flags: 'SA', sequence: TARGET_ISN, ...answered }),
    ack: fromClient(args.listen, COST_PORT, ack),
    reply: fromTarget({ flags: 'A', sequence: TARGET_ISN + 1, ...answered }),
    passing: fromClient(args.target, UNSERVED_PORT, ack),
    toTarget: fromClient(args.target, COST_PORT, ack),
    newcomers: { ...syn, ...NEW_CLIENTS },
    limitedNewcomers: { ...fromClient(args.listen, LIMITED_PORT, opening), ...NEW_CLIENTS },
  };
}

type Segment = Pick<TcpFields, 'flags' | 'sequence' | 'acknowledgement'>;

/** Checksums do not follow the client that is written into the frame: no program under test verifies them. */
function arriving(at: NetworkInterface, fields: TcpFields): Pick<Feed, 'ifindex' | 'frame'> {
  const ethernet = { source: NEIGHBOUR_MAC, destination: at.mac };
  const unpadded = ethernetFrame(
    ethernet,
    ipPacket({ ...fields, protocol: PROTOCOL.tcp }, tcpSegment(fields)),
  );
  const frame = Buffer.concat([unpadded, Buffer.alloc(FRAME_BYTES - unpadded.length)]);
  return { ifindex: at.ifindex, frame };
}
