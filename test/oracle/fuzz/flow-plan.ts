/** Flow plans: connections that a case's tables may hold already, or that its packets may open. */
import fc from 'fast-check';
import type { FlowRow, HopRow, Options, Protocol, ToldRow, Tuple } from '../../engines/index.ts';
import { hopArbitrary, poolFor, type StageProxy, type StageTarget, turnedRow } from './setup.ts';
import { type Family, IFINDEX, STAGES, TARGET_PORT } from './stage.ts';

/** A flow as choices. */
export interface FlowChoice {
  readonly proxy: number;
  readonly protocol: Protocol;
  readonly client: number;
  readonly impossibleClient: boolean;
  readonly clientPort: number;
  /** What the random number generator says when it is opened. */
  readonly randoms: readonly [slot: number, port: number];
  readonly table: 'none' | 'flows' | 'pending';
  readonly halves: readonly ('forward' | 'reply')[];
  readonly state: 'syn' | 'established' | 'closing';
  readonly forward: HalfChoice;
  readonly reply: HalfChoice;
  readonly createdEpochsAgo: number;
  /** Whether it is told of, and how much of its packets was known before. */
  readonly told: { readonly packets: number; readonly seenEpochsAgo: number } | null;
}

/** What a half has seen. */
export interface HalfChoice {
  readonly fin: boolean;
  readonly acked: number;
  readonly isn: number;
  readonly packets: number;
  readonly seenEpochsAgo: number;
  readonly hop: HopRow;
}

/** A flow with its tuples, whether it is in a table or not. */
export interface FlowPlan {
  readonly choice: FlowChoice;
  /** As chosen, if the proxy listens for it. */
  readonly protocol: Protocol;
  readonly family: Family;
  readonly proxy: StageProxy;
  /** Absent when the pool is empty. */
  readonly target?: StageTarget;
  /** What the client sends, and what the target gets. */
  readonly in: Tuple;
  readonly out: Tuple;
  /** Where packets of either end come in. */
  readonly clientIfindex: number;
  readonly targetIfindex: number;
}

/** Numbers near which sequence arithmetic may go wrong. */
const NUMBERS = [0, 1, 1000, 0x7fff_ffff, 0x8000_0000, 0xffff_fff0, 0xffff_ffff] as const;

/** Choices of a flow. */
export function flowArbitrary(): fc.Arbitrary<FlowChoice> {
  return fc.record({
    proxy: fc.nat({ max: 2 }),
    protocol: fc.constantFrom<Protocol>('tcp', 'tcp', 'udp'),
    client: fc.oneof(
      { weight: 3, arbitrary: fc.constantFrom(0, 0, 1) },
      { weight: 1, arbitrary: fc.nat({ max: 5 }) },
    ),
    impossibleClient: fc.nat({ max: 24 }).map((roll) => roll === 1),
    clientPort: fc.constantFrom(4000, 4000, 4001),
    randoms: fc.tuple(
      fc.nat({ max: 3 }),
      fc.oneof(fc.nat({ max: 40 }), fc.constantFrom(0xffff_ffff, 0xffff_fff8, 0x8000_0000)),
    ),
    table: fc.constantFrom<FlowChoice['table']>('flows', 'flows', 'pending', 'none'),
    halves: fc.constantFrom<FlowChoice['halves']>(
      ['forward', 'reply'],
      ['forward', 'reply'],
      ['forward', 'reply'],
      ['forward'],
      ['reply'],
    ),
    state: fc.constantFrom<FlowChoice['state']>('syn', 'established', 'established', 'closing'),
    forward: halfArbitrary(),
    reply: halfArbitrary(),
    createdEpochsAgo: fc.constantFrom(0, 1, 40),
    told: fc.option(
      fc.record({ packets: fc.constantFrom(0, 3, 7), seenEpochsAgo: fc.constantFrom(0, 1, 50) }),
      { freq: 2 },
    ),
  });
}

function halfArbitrary(): fc.Arbitrary<HalfChoice> {
  return fc.record({
    fin: fc.nat({ max: 3 }).map((roll) => roll === 1),
    acked: fc.constantFrom(...NUMBERS),
    isn: fc.constantFrom(...NUMBERS),
    packets: fc.constantFrom(0, 3, 2 ** 33),
    seenEpochsAgo: fc.constantFrom(0, 0, 1, 40),
    hop: hopArbitrary(),
  });
}

/** Works a flow's tuples out. */
export function planFlow(choice: FlowChoice, proxies: readonly StageProxy[], options: Options): FlowPlan {
  const proxy = proxies[choice.proxy % proxies.length];
  if (!proxy) throw new Error('A set-up has at least one proxy.');
  const stage = STAGES[proxy.choice.family];
  const clients = choice.impossibleClient ? stage.impossibleClients : stage.clients;
  const client = clients[choice.client] ?? '';
  const pool = poolFor(proxy, client);
  const target = pool[choice.randoms[0] % pool.length];
  const snat = proxy.choice.snat && target?.place.snatAddress;
  const { snatPortMin, snatPortCount } = options;
  const { protocols } = proxy.choice;
  return {
    choice,
    protocol: protocols.includes(choice.protocol) ? choice.protocol : (protocols[0] ?? choice.protocol),
    family: proxy.choice.family,
    proxy,
    ...(target ? { target } : {}),
    in: {
      source: client,
      sourcePort: choice.clientPort,
      destination: stage.listen,
      destinationPort: proxy.port,
    },
    out: {
      source: snat || client,
      sourcePort: snat ? snatPortMin + (choice.randoms[1] % snatPortCount) : choice.clientPort,
      destination: target?.place.address ?? stage.targets[0]?.address ?? '',
      destinationPort: TARGET_PORT,
    },
    clientIfindex:
      client.startsWith('10.3.') || client.startsWith('fd00:3:') ? IFINDEX.narrow : IFINDEX.front,
    targetIfindex: target?.place.ifindex ?? IFINDEX.back,
  };
}

/** The rows of a plan: none, one half, or both. */
export function flowRowsOf(plan: FlowPlan, table: 'flows' | 'pending'): readonly FlowRow[] {
  const { choice, target } = plan;
  if (!target || choice.table !== table || choice.impossibleClient) return [];
  return choice.halves.map((direction) => halfRow(plan, target, direction));
}

/** What is told of a plan's flow, whether the tables have it or not. */
export function toldRowOf({ choice, protocol, proxy, target, ...plan }: FlowPlan): ToldRow | undefined {
  if (!target || !choice.told || choice.impossibleClient) return undefined;
  const { packets, seenEpochsAgo } = choice.told;
  return {
    protocol,
    client: plan.in,
    reply: turnedRow(plan.out),
    route: 'source',
    name: '',
    proxy: proxy.id,
    target: target.id,
    openedEpochsAgo: Math.max(choice.createdEpochsAgo, seenEpochsAgo),
    seenEpochsAgo,
    forward: { packets, bytes: packets * 100 },
    backward: { packets: 0, bytes: 0 },
    incomplete: false,
  };
}

function halfRow(plan: FlowPlan, target: StageTarget, direction: 'forward' | 'reply'): FlowRow {
  const { choice, proxy, protocol } = plan;
  const half = choice[direction];
  const isForward = direction === 'forward';
  const state = choice.table === 'flows' && choice.state === 'syn' ? 'established' : choice.state;
  return {
    protocol,
    in: isForward ? plan.in : turnedRow(plan.out),
    out: isForward ? plan.out : turnedRow(plan.in),
    direction,
    state: protocol === 'udp' ? 'udp' : state === 'established' && choice.table === 'pending' ? 'syn' : state,
    fin: protocol === 'tcp' && half.fin,
    snat: proxy.choice.snat && target.place.snatAddress !== undefined,
    local: target.place.local ?? false,
    proxy: proxy.id,
    target: target.id,
    acked: protocol === 'tcp' ? half.acked : 0,
    isn: protocol === 'tcp' ? half.isn : 0,
    packets: half.packets,
    bytes: half.packets * 100,
    seenEpochsAgo: half.seenEpochsAgo,
    createdEpochsAgo: Math.max(choice.createdEpochsAgo, half.seenEpochsAgo),
    hop: half.hop,
  };
}
