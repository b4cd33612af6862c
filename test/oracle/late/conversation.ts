/**
 * Made-up conversations with a listener whose connections are bound late, or whose targets get a header, or both: any
 * packets, near enough to make sense.
 */
import fc from 'fast-check';
import { ethernetFrame, ipPacket, PROTOCOL, tcpSegment } from '../../../lab/packet/index.ts';
import type { Case, Input, State } from '../../engines/index.ts';
import { addressHex } from '../address.ts';
import type { HexTuple } from '../packet.ts';
import { clientHello } from './client-hello.ts';
import { cookieFor } from './cookie.ts';
import { readHello } from './hello.ts';
import { proxyHeader } from './proxy-header.ts';

/** What the target begins with. */
export const TARGET_ISN = 0xfffffff0;
const CLIENT_PORT = 40_000;
const SNAT_PORT = 1024;
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
  readonly hook: 'tc_ingress' | 'xdp_ingress';
  /** Which target; the chosen one is 0 or 1. */
  readonly target: number;
  readonly flags: string;
  readonly at: number;
  readonly length: number;
  readonly acknowledges: number;
  readonly window: number;
  readonly options: 'none' | 'syn' | 'no scale' | 'sack';
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
  const side = fromClient ? FRONT : BACK;
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
  const ip = ipPacket({ source, destination, protocol: PROTOCOL.tcp, hopLimit: 60 }, tcpSegment(fields));
  const frame = ethernetFrame({ source: side.neighbour, destination: side.mac }, ip);
  return { hook: step.hook, ifindex: side.ifindex, frame };
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

const anyStream = fc.oneof(
  {
    weight: 8,
    arbitrary: fc
      .record({
        name: fc.option(
          fc.constantFrom('a.example', 'A.Example', 'b.example', 'X.EXAMPLE', 'example', 'x.y.example'),
          { nil: undefined },
        ),
        before: fc.constantFrom(0, 1, 700, 3000),
        behind: fc.constantFrom(0, 5, 1500, 9000),
        record: fc.constantFrom(16_000, 500, 40),
      })
      .map(({ name, ...rest }) =>
        Buffer.concat([
          clientHello({ ...rest, ...(name === undefined ? {} : { name }) }),
          Buffer.alloc(300, 9),
        ]),
      ),
  },
  {
    weight: 6,
    arbitrary: fc
      .record({
        at: fc.integer({ min: 0, max: 130 }),
        byte: fc.integer({ min: 0, max: 255 }),
        before: fc.constantFrom(0, 3),
      })
      .map(({ at, byte, before }) => {
        const stream = clientHello({ name: 'a.example', before, behind: 5, record: 500 });
        stream[at % stream.length] = byte;
        return stream;
      }),
  },
  fc.constantFrom(
    Buffer.from('GET / HTTP/1.1\r\n\r\n'),
    Buffer.from('16030100050100000102', 'hex'),
    Buffer.alloc(17_000, 22),
  ),
);

/** Any setting. */
export const anySetting: fc.Arbitrary<Setting> = fc.record({
  v6: fc.boolean(),
  snat: fc.boolean(),
  routed: fc.integer({ min: 0, max: 9 }).map((roll) => roll === 0),
  named: fc.constantFrom(true, true, false),
  headers: fc.tuple(fc.boolean(), fc.boolean()),
  stream: anyStream,
  isn: fc.constantFrom(1000, 0xffffff00, 0),
  offer: fc.record({
    mss: fc.constantFrom(1460, 1400, 536, 100, 9000),
    scale: fc.constantFrom(null, 0, 7, 14),
    sack: fc.boolean(),
  }),
  mss: fc.constantFrom(0, 1200),
  secrets: fc.constantFrom(1, 2, 2, 2),
});

const common = {
  target: fc.constantFrom(0, 0, 1, 1, 1),
  hook: fc.constantFrom('tc_ingress', 'tc_ingress', 'xdp_ingress'),
  window: fc.constantFrom(0, 1, 63, 512, 65_535),
} as const;

/** Packets that a client may send, in an order that is nearly right, each piece of the stream once or more. */
function clientSteps({ stream }: Setting): fc.Arbitrary<readonly Step[]> {
  const piece = fc.constantFrom(1, 7, 100, 536, 1460, 1460, 8000);
  const cut = fc.array(piece, { minLength: 1, maxLength: 8 }).map((pieces) => {
    const steps: { at: number; length: number }[] = [];
    let at = 0;
    for (const length of pieces) {
      if (at < stream.length) steps.push({ at, length });
      at += length;
    }
    if (at < stream.length) steps.push({ at, length: Math.min(stream.length - at, 16_000) });
    return steps;
  });
  const segment = ({ at, length }: { at: number; length: number }): fc.Arbitrary<Step> =>
    fc.record({
      ...common,
      from: fc.constant('client'),
      flags: fc.constantFrom('A', 'PA', 'PA', 'FA'),
      at: fc.constant(at),
      length: fc.constant(length),
      acknowledges: fc.constantFrom(0, 0, 0, 100),
      options: fc.constantFrom('none', 'none', 'sack'),
    });
  return cut
    .chain((pieces) => fc.tuple(...pieces.map(segment)))
    .chain((steps) =>
      fc
        .record({
          order: fc.shuffledSubarray([...steps], { minLength: 1 }),
          again: fc.shuffledSubarray([...steps], { maxLength: Math.min(3, steps.length) }),
          arrival: fc.constantFrom('ordered', 'shuffled', 'second last'),
        })
        .map(({ order, again, arrival }) => {
          const [first = [], second = [], rest = []] = [steps.slice(0, 1), steps.slice(1, 2), steps.slice(2)];
          const arrivals = { ordered: steps, shuffled: order, 'second last': [...first, ...rest, ...second] };
          return [...(arrivals[arrival] ?? steps), ...again];
        }),
    );
}

const anyClientStep: fc.Arbitrary<Step> = fc.record({
  ...common,
  from: fc.constant('client'),
  flags: fc.constantFrom('S', 'A', 'A', 'PA', 'FA', 'R', 'RA'),
  at: fc.constantFrom(0, 0, -1, -28, 1, 300, 1000, 3000, 20_000),
  length: fc.constantFrom(0, 0, 1, 200),
  acknowledges: fc.constantFrom(0, 0, 1, 400, 90_000),
  options: fc.constantFrom('none', 'syn', 'sack'),
});

const anyTargetStep: fc.Arbitrary<Step> = fc.record({
  ...common,
  from: fc.constant('target'),
  flags: fc.constantFrom('SA', 'SA', 'SA', 'A', 'A', 'PA', 'FA', 'R', 'RA'),
  at: fc.constantFrom(0, 0, 100),
  length: fc.constantFrom(0, 0, 0, 700),
  acknowledges: fc.constantFrom(0, 0, -5, 1, 28, 40, 52, 64, 500, 1460, 2000, 20_000),
  options: fc.constantFrom('syn', 'syn', 'no scale', 'none'),
});

const SYN: Step = {
  from: 'client',
  hook: 'tc_ingress',
  target: 0,
  flags: 'S',
  at: 0,
  length: 0,
  acknowledges: 0,
  window: 64_240,
  options: 'syn',
};

/** The client's part of the handshake's end. */
const ACK: Step = { ...SYN, flags: 'A', options: 'none' };

/** At the number of the SYN, before the first byte. */
const KEEP_ALIVE: Step = { ...SYN, flags: 'A', at: -1, options: 'none' };

/** Both targets answer, as if both were asked. */
const ANSWERS = [0, 1].map(
  (target): Step => ({ ...SYN, from: 'target', target, flags: 'SA', options: 'syn' }),
);

/** Any conversation: a handshake, the stream in pieces, and other packets among them. */
export const anyConversation: fc.Arbitrary<{ readonly setting: Setting; readonly steps: readonly Step[] }> =
  anySetting.chain((setting) =>
    fc
      .tuple(
        clientSteps(setting),
        fc.array(fc.oneof(anyClientStep, anyTargetStep, anyTargetStep), { maxLength: 12 }),
        fc.array(anyClientStep, { maxLength: 1 }),
        fc.nat({ max: 3 }),
      )
      .chain(([stream, others, stranger, at]) => {
        const mixed = [...stream.slice(0, at), ...stranger, ...stream.slice(at)];
        return setting.named && !setting.routed
          ? fc
              .constantFrom<readonly Step[]>([], ANSWERS, ANSWERS, ANSWERS)
              .map((answers) => ({ setting, steps: [SYN, KEEP_ALIVE, ...mixed, ...answers, ...others] }))
          : fc
              .tuple(
                fc.constantFrom<readonly Step[]>([], ANSWERS, [...ANSWERS, ACK], [...ANSWERS, ACK]),
                fc.shuffledSubarray([...mixed, ...others]),
              )
              .map(([opening, rest]) => ({ setting, steps: [SYN, ...opening, ...rest] }));
      }),
  );
