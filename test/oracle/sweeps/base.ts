/** What the sweeps start from: one flow of each kind, and a sound packet of each of its ends. */
import type { Case, HookName, Input, Protocol } from '../../engines/index.ts';
import { type CaseChoice, caseOf } from '../fuzz/case.ts';
import type { FlowChoice } from '../fuzz/flow-plan.ts';
import type { Content, Oddity, Way } from '../fuzz/packet-choice.ts';
import type { ProxyChoice } from '../fuzz/setup.ts';

/** Hooks that a sweep shows each frame to. */
export const HOOKS = ['xdp_ingress', 'tc_ingress', 'tc_egress'] as const satisfies readonly HookName[];

/** A sound packet: of which flow, from which end. */
export interface Sound {
  /** Index in {@link FLOWS}. */
  readonly flow: number;
  readonly way: Way;
  readonly content: Content;
  readonly odd?: readonly Oddity[];
}

const PROXIES: readonly ProxyChoice[] = (['v4', 'v6'] as const).flatMap((family) =>
  [false, true].map((snat) => ({
    family,
    snat,
    protocols: ['tcp', 'udp'],
    sourceLimit: null,
    targetLimit: null,
    targets: [0],
    routes: [],
  })),
);

/** The flows of the base state: of every proxy one of TCP and one of UDP that last, and one of TCP that is new. */
export const FLOWS: readonly FlowChoice[] = PROXIES.flatMap((_, proxy) => [
  flowChoice(proxy, 'tcp', 'established', 4000),
  flowChoice(proxy, 'udp', 'established', 4000),
  flowChoice(proxy, 'tcp', 'syn', 4001),
]);

/** Flows of the base state by what they are; the index is that of {@link FLOWS}. */
export const FLOW = {
  v4: { tcp: 0, udp: 1, pending: 2, snatTcp: 3, snatUdp: 4 },
  v6: { tcp: 6, udp: 7, pending: 8, snatTcp: 9, snatUdp: 10 },
} as const;

/** A segment that belongs to the stream, with a few bytes of payload. */
export const SEGMENT = {
  kind: 'segment',
  flags: 'PA',
  sequence: { from: 'acked', distance: 0 },
  acknowledgement: { from: 'isn', distance: 1 },
  payload: 11,
} as const satisfies Content;

/** An input of a sweep, and the flow that it is about. */
export type Probe = Input & { readonly flow: number };

/** The bytes of sound packets, as inputs. */
export function soundInputs(sounds: readonly Sound[]): readonly Probe[] {
  const { inputs } = caseWith(FLOWS, sounds);
  return inputs.map((input, index) => ({ ...input, flow: sounds[index]?.flow ?? 0 }));
}

/** One case for each input, so that none meets what another has left; its tables hold the flow that it is about. */
export function casesFor(name: string, probes: readonly Probe[]): readonly Case[] {
  const bases = FLOWS.map((flow) => caseWith([flow], []));
  return probes.flatMap(({ flow, ...input }) => {
    const base = bases[flow];
    return base ? [{ ...base, name, inputs: [input] }] : [];
  });
}

/** A sound packet of every flow that lasts, from both ends. */
export function everySound(): readonly Sound[] {
  const flows = [FLOW.v4, FLOW.v6].flatMap((flow) => [flow.tcp, flow.udp, flow.snatTcp, flow.snatUdp]);
  return flows.flatMap((flow) => [
    { flow, way: { end: 'client', hook: 'tc_ingress' }, content: SEGMENT },
    { flow, way: { end: 'target', hook: 'tc_ingress' }, content: SEGMENT },
  ]);
}

/** The same input at other hooks. */
export function atHooks(probe: Probe, hooks: readonly HookName[] = HOOKS): readonly Probe[] {
  return hooks.map((hook) => ({ ...probe, hook }));
}

function caseWith(flows: readonly FlowChoice[], sounds: readonly Sound[]): Case {
  const choice: CaseChoice = {
    options: { snatPortMin: 1024, snatPortCount: 1, confirmNewFlows: 'never' },
    proxies: PROXIES,
    flows,
    fragments: [],
    tell: { oneIn: 1, opened: true },
    packets: sounds.map(({ flow, way, content, odd = [] }) => ({
      plan: flow,
      way,
      content,
      odd,
      epochsLater: 0,
      confirm: 0,
    })),
  };
  return caseOf(choice);
}

function flowChoice(
  proxy: number,
  protocol: Protocol,
  state: 'syn' | 'established',
  clientPort: number,
): FlowChoice {
  const half = {
    fin: false,
    acked: 5000,
    isn: 4000,
    packets: 2,
    seenEpochsAgo: 0,
    hop: { kind: 'none' },
  } as const;
  const toTarget = {
    kind: 'fresh',
    ifindex: 11,
    mtu: 1500,
    ...macs('02:00:00:00:02:02', '02:00:00:00:02:01'),
  } as const;
  const toClient = {
    kind: 'fresh',
    ifindex: 10,
    mtu: 1500,
    ...macs('02:00:00:00:01:02', '02:00:00:00:01:01'),
  } as const;
  return {
    proxy,
    protocol,
    client: 0,
    impossibleClient: false,
    clientPort,
    randoms: [0, 0],
    table: state === 'syn' ? 'pending' : 'flows',
    halves: ['forward', 'reply'],
    state,
    forward: { ...half, hop: toTarget },
    reply: { ...half, hop: toClient },
    createdEpochsAgo: 0,
    told: { packets: 0, seenEpochsAgo: 0 },
  };
}

function macs(destinationMac: string, sourceMac: string) {
  return { destinationMac, sourceMac };
}
