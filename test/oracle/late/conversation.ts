/** Conversations with a listener whose connections are bound late, or whose targets get a header, or both. */
import {
  addressBytes,
  ethernetFrame,
  internetChecksum,
  ipPacket,
  PROTOCOL,
  pseudoHeader,
  type TcpFields,
  tcpSegment,
} from '../../../lab/packet/index.ts';
import type { Case, Input, State } from '../../engines/index.ts';
import { addressHex } from '../address.ts';
import type { HexTuple } from '../packet.ts';
import { cookieFor } from './cookie.ts';
import { readHello } from './hello.ts';
import { proxyHeader } from './proxy-header.ts';

/** What the target begins with. */
export const TARGET_ISN = 0xfffffff0;
const CLIENT_PORT = 40_000;
const SNAT_PORT = 1024;
const CHECKSUM_OFFSET = 16;
const FRONT = { ifindex: 10, mac: '02:00:00:00:01:01', neighbour: '02:00:00:00:01:02' };
const BACK = { ifindex: 11, mac: '02:00:00:00:02:01', neighbour: '02:00:00:00:02:02' };
const SECRETS = ['000102030405060708090a0b0c0d0e0f', 'f0e0d0c0b0a090807060504030201000'];

const V4 = {
  client: '192.0.2.7',
  routed: '192.0.2.77',
  listener: '10.1.0.1',
  targets: ['10.2.0.2', '10.2.0.3'],
  balancer: '10.2.0.1',
};
const V6 = {
  client: '2001:db8:c::7',
  routed: '2001:db8:c::77',
  listener: 'fd00:1::1',
  targets: ['fd00:2::2', 'fd00:2::3'],
  balancer: 'fd00:2::1',
};

/** How a conversation is set up. */
export interface Setting {
  readonly v6: boolean;
  readonly snat: boolean;
  readonly routed: boolean;
  /** The listener has names. */
  readonly named: boolean;
  /** Which targets get a header. */
  readonly headers: readonly boolean[];
  readonly stream: Buffer;
  readonly isn: number;
  readonly offer: { readonly mss: number; readonly scale: number | null; readonly sack: boolean };
  readonly mss: number;
  readonly secrets: number;
}

/** A packet; numbers are counted from where the data of its sender begins, which for the target is the header. */
export interface Step {
  readonly from: 'client' | 'target';
  /** A target's packet may also leave through the kernel, towards the client. */
  readonly hook: 'tc_ingress' | 'xdp_ingress' | 'tc_egress';
  /** Which target; the chosen one is 0 or 1. */
  readonly target: number;
  readonly flags: string;
  readonly at: number;
  readonly length: number;
  readonly acknowledges: number;
  readonly window: number;
  readonly options: 'none' | 'syn' | 'no scale' | 'sack';
  /** Its sender's kernel has left the checksum to be finished, which is so at TC only. */
  readonly partial: boolean;
}

/** The addresses of a conversation. */
export function netOf({ v6 }: Pick<Setting, 'v6'>): typeof V4 {
  return v6 ? V6 : V4;
}

/** The tables of a conversation. */
export function stateOf({ v6, snat, mss, secrets, named, headers }: Setting): State {
  const net = v6 ? V6 : V4;
  const family = v6 ? 6 : 4;
  const names = [
    { proxy: 0, name: 'a.example', family, pool: 0 },
    { proxy: 0, name: '*.example', family, pool: 1 },
    { proxy: 1, name: 'b.example', family, pool: 2 },
  ] as const;
  return {
    pools: [[0], [1], []],
    targets: net.targets.map((address, id) => ({
      address,
      port: 8443,
      proxy: 0,
      snatAddress: net.balancer,
      proxyHeader: headers[id] ?? false,
    })),
    listeners: [
      {
        address: net.listener,
        port: 443,
        protocol: 'tcp',
        proxy: 0,
        pool: 0,
        snat,
        sniRoutes: named,
        sourceRoutes: true,
        mss,
      },
    ],
    sourceRoutes: [{ proxy: 0, prefix: v6 ? `${net.routed}/128` : `${net.routed}/32`, pool: 1 }],
    sniRoutes: names,
    secrets: SECRETS.slice(0, secrets),
    tell: { oneIn: 1, opened: true },
    flows: [],
    pending: [],
    fragments: [],
  };
}

/** The packets of a conversation. */
export function inputOf(setting: Setting, step: Step): Input {
  const { v6, snat, routed, named, stream, isn, offer } = setting;
  const net = v6 ? V6 : V4;
  const client = routed ? net.routed : net.client;
  const cookie = cookieFor(SECRETS.slice(0, setting.secrets), clientTuple(setting), isn, offer) ?? 0;
  const fromClient = step.from === 'client';
  const side = fromClient || step.hook === 'tc_egress' ? FRONT : BACK;
  const address = net.targets[step.target] ?? '';
  const answered = named && !routed ? cookie : TARGET_ISN;
  const [own, other] = fromClient
    ? [isn, answered]
    : [TARGET_ISN, isn - headerOf(setting, step.target).length];
  const isSyn = step.flags.includes('S');
  const fields = {
    source: fromClient ? client : address,
    destination: fromClient ? net.listener : snat ? net.balancer : client,
    sourcePort: fromClient ? CLIENT_PORT : 8443,
    destinationPort: fromClient ? 443 : snat ? SNAT_PORT : CLIENT_PORT,
    sequence: (own + (isSyn ? 0 : 1) + step.at + 2 ** 32) % 2 ** 32,
    acknowledgement: step.flags.includes('A') ? (other + 1 + step.acknowledges + 2 ** 32) % 2 ** 32 : 0,
    flags: step.flags,
    window: step.window,
    options: optionsOf(step, offer, cookie),
    payload: fromClient
      ? stream.subarray(Math.max(0, step.at), Math.max(0, step.at) + step.length)
      : Buffer.alloc(step.length, step.at & 255),
  };
  const { source, destination } = fields;
  const isPartial = step.partial && step.hook === 'tc_ingress';
  const tcp = isPartial ? withPartialChecksum(fields) : tcpSegment(fields);
  const ip = ipPacket({ source, destination, protocol: PROTOCOL.tcp, hopLimit: 60 }, tcp);
  const frame = ethernetFrame({ source: side.neighbour, destination: side.mac }, ip);
  return { hook: step.hook, ifindex: side.ifindex, frame, ...(isPartial ? { partialChecksum: true } : {}) };
}

/** A segment whose checksum is only that of the pseudo-header. */
function withPartialChecksum(fields: TcpFields): Buffer {
  const bytes = tcpSegment(fields);
  const [source, destination] = [addressBytes(fields.source), addressBytes(fields.destination)];
  const pseudo = pseudoHeader(source, destination, PROTOCOL.tcp, bytes.length);
  bytes.writeUInt16BE(~internetChecksum(pseudo) & 0xffff, CHECKSUM_OFFSET);
  return bytes;
}

/** The header that a target gets; empty without. */
export function headerOf(setting: Setting, target: number): Buffer {
  const { headers, named, routed, stream } = setting;
  if (!headers[target]) return Buffer.alloc(0);
  const hello = named && !routed ? readHello(stream) : 'none';
  return proxyHeader(clientTuple(setting), typeof hello === 'object' ? hello.asked : undefined);
}

function clientTuple(setting: Setting): HexTuple {
  const net = netOf(setting);
  return {
    source: addressHex(setting.routed ? net.routed : net.client),
    sourcePort: CLIENT_PORT,
    destination: addressHex(net.listener),
    destinationPort: 443,
  };
}

function optionsOf({ options, flags }: Step, { mss, scale, sack }: Setting['offer'], cookie: number): Buffer {
  if (options === 'sack') {
    const edges = Buffer.alloc(8);
    edges.writeUInt32BE((cookie + 1000) % 2 ** 32, 0);
    edges.writeUInt32BE((cookie + 2000) % 2 ** 32, 4);
    return Buffer.concat([Buffer.from([1, 1, 5, 10]), edges]);
  }
  if (!flags.includes('S') || options === 'none') return Buffer.alloc(0);
  const scaling = scale === null || options === 'no scale' ? [1, 1, 1] : [3, 3, scale];
  return Buffer.from([2, 4, mss >> 8, mss & 255, 1, ...scaling, ...(sack ? [4, 2] : [1, 1]), 1, 1]);
}

/** The case of a conversation. */
export function caseOf(name: string, setting: Setting, steps: readonly Step[]): Case {
  return {
    name,
    options: { snatPortMin: SNAT_PORT, snatPortCount: 1, confirmNewFlows: 'never' },
    state: stateOf(setting),
    inputs: steps.map((step) => inputOf(setting, step)),
  };
}
