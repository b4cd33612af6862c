/** Packets as choices: of which flow, from which end, and what is odd about them. */
import fc from 'fast-check';
import type { HookName } from '../../engines/index.ts';

/** Number of a TCP field: so far from what the other end has acknowledged, or from its SYN. */
export interface NumberChoice {
  readonly from: 'acked' | 'isn' | 'zero';
  readonly distance: number;
}

/** What a packet is. */
export type Content =
  | {
      readonly kind: 'segment';
      /** TCP flags; a UDP flow ignores them. */
      readonly flags: string;
      readonly sequence: NumberChoice;
      readonly acknowledgement: NumberChoice;
      readonly payload: number;
    }
  | {
      readonly kind: 'icmp';
      /** Which of {@link ICMP_TYPES}. */
      readonly type: number;
      readonly code: number;
      readonly from: 'peer' | 'router' | 'self';
      /** Addressed to the sender of what it quotes, as it must be. */
      readonly toSender: boolean;
      /** Bytes of the transport part that are quoted. */
      readonly quote: number;
      readonly quoteOptions: 'none' | 'options' | 'first' | 'later' | 'atomic';
      /** Protocol of the quoted packet, if not the flow's. */
      readonly protocol: number | null;
    };

/** Types of ICMP messages by family: first those of errors. */
export const ICMP_TYPES = {
  v4: [3, 11, 12, 3, 3, 11, 8, 5],
  v6: [1, 2, 3, 4, 2, 1, 128, 135],
} as const;

/** Something that is not as usual. Later ones work on what earlier ones made. */
export type Oddity =
  | { readonly kind: 'ttl'; readonly ttl: number }
  | { readonly kind: 'interface'; readonly ifindex: number }
  | { readonly kind: 'options'; readonly headers: readonly number[] }
  | { readonly kind: 'fragment'; readonly offset: number; readonly more: boolean; readonly id: number }
  | { readonly kind: 'fragmentable'; readonly value: boolean }
  | { readonly kind: 'tcpOptions'; readonly words: number }
  | { readonly kind: 'checksum'; readonly value: 'zero' | 'ones' | 'wrong' }
  | { readonly kind: 'partial' }
  | { readonly kind: 'vlanStripped' }
  | { readonly kind: 'gso'; readonly size: number; readonly segments: number }
  | { readonly kind: 'linear'; readonly bytes: number }
  | { readonly kind: 'destinationMac'; readonly mac: string }
  | { readonly kind: 'etherType'; readonly value: number }
  | { readonly kind: 'port'; readonly port: number }
  | { readonly kind: 'destination'; readonly router: number }
  | { readonly kind: 'flip'; readonly offset: number; readonly mask: number }
  | { readonly kind: 'cut'; readonly bytes: number }
  | { readonly kind: 'pad'; readonly bytes: number }
  | { readonly kind: 'ipLength'; readonly by: number }
  | { readonly kind: 'udpLength'; readonly by: number };

/** From which end of the flow a packet comes, and which program sees it. */
export interface Way {
  readonly end: 'client' | 'target';
  readonly hook: HookName;
}

/** A packet as choices. */
export interface PacketChoice {
  readonly plan: number;
  readonly way: Way;
  readonly content: Content;
  readonly odd: readonly Oddity[];
  readonly epochsLater: number;
  readonly confirm: number;
}

/** What the engines under test can be given. */
export interface Reach {
  readonly clock: boolean;
  readonly gso: boolean;
  readonly linear: boolean;
  readonly partialChecksum: boolean;
  readonly vlanStripped: boolean;
}

const FLAGS = [
  'S',
  'S',
  'S',
  'SA',
  'A',
  'A',
  'PA',
  'FA',
  'FA',
  'F',
  'R',
  'RA',
  'FS',
  'SR',
  '',
  'SFRPAUEC',
] as const;
const WAYS: readonly Way[] = [
  ...Array<Way>(5).fill({ end: 'client', hook: 'xdp_ingress' }),
  ...Array<Way>(7).fill({ end: 'client', hook: 'tc_ingress' }),
  ...Array<Way>(3).fill({ end: 'target', hook: 'xdp_ingress' }),
  ...Array<Way>(4).fill({ end: 'target', hook: 'tc_ingress' }),
  ...Array<Way>(3).fill({ end: 'target', hook: 'tc_egress' }),
  { end: 'client', hook: 'tc_egress' },
];
/** Around what is still believed: 2^16 behind, 2^23 ahead, 2^16 of a first acknowledgement. */
const DISTANCES = [
  0,
  1,
  2,
  -1,
  -65_536,
  -65_537,
  8_388_607,
  8_388_608,
  65_535,
  65_536,
  65_537,
  2 ** 31,
  1_000_000,
] as const;
/** Around the MTUs 1280 and 1500, with either header. */
const PAYLOADS = [
  0, 0, 0, 0, 1, 1, 2, 2, 7, 7, 11, 12, 12, 13, 30, 30, 64, 64, 99, 300, 1232, 1233, 1240, 1241, 1460, 1461,
] as const;

/** Choices of a packet. */
export function packetArbitrary(reach: Reach): fc.Arbitrary<PacketChoice> {
  const oddities = oddityArbitrary(reach);
  return fc.record({
    plan: fc.nat({ max: 3 }),
    way: fc.constantFrom(...WAYS),
    content: fc.oneof(
      { weight: 6, arbitrary: segmentArbitrary() },
      { weight: 1, arbitrary: icmpArbitrary() },
    ),
    odd: fc.oneof(
      { weight: 4, arbitrary: fc.constant<readonly Oddity[]>([]) },
      { weight: 3, arbitrary: fc.tuple(oddities) },
      { weight: 1, arbitrary: fc.array(oddities, { minLength: 2, maxLength: 4 }) },
    ),
    epochsLater: reach.clock
      ? fc.constantFrom(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 2, 30, 31)
      : fc.constant(0),
    confirm: fc.constantFrom(0, 1, 63),
  });
}

function numberArbitrary(): fc.Arbitrary<NumberChoice> {
  return fc.record({
    from: fc.constantFrom<NumberChoice['from']>('acked', 'isn', 'isn', 'zero'),
    distance: fc.constantFrom(...DISTANCES),
  });
}

function segmentArbitrary(): fc.Arbitrary<Content> {
  return fc.record({
    kind: fc.constant('segment'),
    flags: fc.constantFrom(...FLAGS),
    sequence: numberArbitrary(),
    acknowledgement: numberArbitrary(),
    payload: fc.constantFrom(...PAYLOADS),
  });
}

function icmpArbitrary(): fc.Arbitrary<Content> {
  return fc.record({
    kind: fc.constant('icmp'),
    type: fc.nat({ max: 7 }),
    code: fc.nat({ max: 5 }),
    from: fc.constantFrom('peer', 'router', 'self'),
    toSender: fc.nat({ max: 9 }).map((roll) => roll !== 1),
    quote: fc.constantFrom(0, 4, 7, 8, 8, 9, 12, 18, 19, 20, 20, 21, 28, 40, 60),
    quoteOptions: fc.constantFrom('none', 'none', 'none', 'options', 'first', 'later', 'atomic'),
    protocol: fc.oneof(
      { weight: 9, arbitrary: fc.constant(null) },
      { weight: 1, arbitrary: fc.constantFrom(1, 6, 17, 44, 58, 60) },
    ),
  });
}

function oddityArbitrary(reach: Reach): fc.Arbitrary<Oddity> {
  const kinds: fc.Arbitrary<Oddity>[] = [...everywhere()];
  if (reach.partialChecksum) kinds.push(fc.constant({ kind: 'partial' }));
  if (reach.vlanStripped) kinds.push(fc.constant({ kind: 'vlanStripped' }));
  if (reach.gso) {
    kinds.push(
      fc.record({
        kind: fc.constant('gso'),
        size: fc.constantFrom(100, 1200, 1240, 1448, 1460, 1461),
        segments: fc.constantFrom(0, 1, 2, 5),
      }),
    );
  }
  if (reach.linear) {
    kinds.push(
      fc.record({ kind: fc.constant('linear'), bytes: fc.constantFrom(14, 34, 54, 100, 255, 256, 300) }),
    );
  }
  return fc.oneof(...kinds);
}

function everywhere(): readonly fc.Arbitrary<Oddity>[] {
  return [
    fc.record({ kind: fc.constant('ttl'), ttl: fc.constantFrom(0, 1, 1, 2, 255) }),
    fc.record({ kind: fc.constant('interface'), ifindex: fc.constantFrom(10, 11, 12, 13, 13) }),
    fc.record({
      kind: fc.constant('options'),
      headers: fc.array(fc.constantFrom(0, 60, 60, 43, 44, 50, 51, 59, 135), { minLength: 1, maxLength: 5 }),
    }),
    fragmentArbitrary(),
    fragmentArbitrary(),
    fragmentArbitrary(),
    fc.record({ kind: fc.constant('fragmentable'), value: fc.boolean() }),
    fc.record({ kind: fc.constant('tcpOptions'), words: fc.constantFrom(1, 3, 5, 10) }),
    fc.record({ kind: fc.constant('checksum'), value: fc.constantFrom('zero', 'ones', 'wrong') }),
    fc.record({
      kind: fc.constant('destinationMac'),
      mac: fc.constantFrom(
        'ff:ff:ff:ff:ff:ff',
        '02:00:00:00:01:00',
        '03:00:00:00:01:01',
        '02:00:00:00:02:01',
      ),
    }),
    fc.record({
      kind: fc.constant('etherType'),
      value: fc.constantFrom(0x8100, 0x88a8, 0x0806, 0x86dd, 0x0800, 0),
    }),
    fc.record({ kind: fc.constant('port'), port: fc.constantFrom(0, 79, 80, 81, 8080, 65_535) }),
    fc.record({ kind: fc.constant('destination'), router: fc.nat({ max: 2 }) }),
    fc.record({
      kind: fc.constant('flip'),
      offset: fc.nat({ max: 150 }),
      mask: fc.integer({ min: 1, max: 255 }),
    }),
    fc.record({ kind: fc.constant('cut'), bytes: fc.integer({ min: 1, max: 80 }) }),
    fc.record({ kind: fc.constant('pad'), bytes: fc.constantFrom(1, 2, 6, 46) }),
    fc.record({ kind: fc.constant('ipLength'), by: fc.constantFrom(-40, -20, -8, -1, 1, 8, 100) }),
    fc.record({ kind: fc.constant('udpLength'), by: fc.constantFrom(-100, -8, -1, 1, 8) }),
  ];
}

function fragmentArbitrary(): fc.Arbitrary<Oddity> {
  return fc.record({
    kind: fc.constant('fragment'),
    offset: fc.constantFrom(0, 0, 8, 1480, 65_528),
    more: fc.constantFrom(true, true, false),
    id: fc.constantFrom(7, 7, 7, 7, 7, 8),
  });
}
