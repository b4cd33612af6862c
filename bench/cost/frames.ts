import { ethernetFrame, ipPacket, PROTOCOL, type TcpFields, tcpSegment } from '../../lab/index.ts';
import { DISCARD_PORT } from '../contenders/sluice.ts';
import { type Feed, FRAME_BYTES } from './feed.ts';
import {
  CLIENT_ADDRESSES,
  COST_PORT,
  type CostArguments,
  LATE_PORT,
  LIMITED_PORT,
  type NetworkInterface,
} from './samples.ts';

/** New clients come from 100.64.0.0/10 (RFC 6598), so many that none comes twice. */
const NEW_CLIENTS = { flows: 4_000_000_000, clientAddresses: 65_536, firstAddress: '100.64.0.0' } as const;
const NEIGHBOUR_MAC = '02:00:00:00:00:01';
const UNSERVED_PORT = COST_PORT + 1;
const CLIENT_ISN = 1000;
const TARGET_ISN = 5000;
/** MSS 1460, window scale 7 (RFC 9293, RFC 7323): what flows that are bound late must translate. */
const SYN_OPTIONS = Buffer.from([2, 4, 0x05, 0xb4, 1, 3, 3, 7]);
/** Of TCP's acknowledgement in a frame of IPv4 without options. */
const ACKNOWLEDGEMENT_OFFSET = 14 + 20 + 8;
/** No TLS, so that the target is chosen at once. */
const FIRST_BYTE = Buffer.from('x');

/** The packets of connections to one listener. */
export interface ConnectionFeeds {
  /** The handshake: client to balancer, target to client, client to balancer. The last is also what follows it. */
  readonly syn: Feed;
  readonly synAck: Feed;
  readonly ack: Feed;
  /** Target to client. */
  readonly reply: Feed;
}

/** The packets of connections that are bound late, to open them. */
export interface LateFeeds extends ConnectionFeeds {
  /** The client's first byte. @param cookie sequence number of the answer to its SYN */
  readonly first: (cookie: number) => Feed;
  /** The target's acknowledgement of that byte. */
  readonly taken: Feed;
}

/** The packets that the cases are measured with. */
export interface Feeds {
  readonly plain: ConnectionFeeds;
  readonly late: LateFeeds;
  /** Client to a target directly: no listener's. */
  readonly passing: Feed;
  readonly toTarget: Feed;
  /** SYNs, each of a client never seen before. */
  readonly newcomers: Feed;
  /** The same, to the listener with a limit. */
  readonly limitedNewcomers: Feed;
}

type Segment = Pick<TcpFields, 'flags' | 'sequence' | 'acknowledgement' | 'options' | 'payload'>;

const SYN: Segment = { flags: 'S', sequence: CLIENT_ISN, options: SYN_OPTIONS };
const ACK: Segment = { flags: 'A', sequence: CLIENT_ISN + 1, acknowledgement: TARGET_ISN + 1 };

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
  const fromTarget = (sourcePort: number, segment: Segment): Feed => ({
    ...clients,
    isReply: true,
    ...arriving(args.back, {
      ...segment,
      source: args.target,
      destination: args.client,
      sourcePort,
      destinationPort: 0,
    }),
  });
  const answered = { acknowledgement: CLIENT_ISN + 1 };
  const later = { flags: 'A', sequence: TARGET_ISN + 1 };
  const connection = (port: number, targetPort: number): ConnectionFeeds => ({
    syn: fromClient(args.listen, port, SYN),
    synAck: fromTarget(targetPort, {
      flags: 'SA',
      sequence: TARGET_ISN,
      options: SYN_OPTIONS,
      ...answered,
    }),
    ack: fromClient(args.listen, port, ACK),
    reply: fromTarget(targetPort, { ...later, ...answered }),
  });
  const plain = connection(COST_PORT, COST_PORT);
  const first = fromClient(args.listen, LATE_PORT, { ...ACK, payload: FIRST_BYTE });
  return {
    plain,
    late: {
      ...connection(LATE_PORT, DISCARD_PORT),
      first: (cookie) => acknowledging(first, cookie + 1),
      taken: fromTarget(DISCARD_PORT, { ...later, acknowledgement: CLIENT_ISN + 1 + FIRST_BYTE.length }),
    },
    passing: fromClient(args.target, UNSERVED_PORT, ACK),
    toTarget: fromClient(args.target, COST_PORT, ACK),
    newcomers: { ...plain.syn, ...NEW_CLIENTS },
    limitedNewcomers: { ...fromClient(args.listen, LIMITED_PORT, SYN), ...NEW_CLIENTS },
  };
}

/** Checksums do not follow the client that is written into the frame: no program under test verifies them. */
function arriving(at: NetworkInterface, fields: TcpFields): Pick<Feed, 'ifindex' | 'frame'> {
  const { source, destination } = fields;
  const unpadded = ethernetFrame(
    { source: NEIGHBOUR_MAC, destination: at.mac },
    ipPacket({ source, destination, protocol: PROTOCOL.tcp }, tcpSegment(fields)),
  );
  const frame = Buffer.concat([unpadded, Buffer.alloc(FRAME_BYTES - unpadded.length)]);
  return { ifindex: at.ifindex, frame };
}

function acknowledging(feed: Feed, number: number): Feed {
  const frame = Buffer.from(feed.frame);
  frame.writeUInt32BE(number >>> 0, ACKNOWLEDGEMENT_OFFSET);
  return { ...feed, frame };
}
