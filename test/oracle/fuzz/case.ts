/** Cases as choices; shrinking works on the choices. */
import fc from 'fast-check';
import type { Capabilities, Case, Input, Options, State, TellRow, ToldRow } from '../../engines/index.ts';
import { u16 } from '../bytes.ts';
import { buildInput } from './build-packet.ts';
import {
  type FlowChoice,
  type FlowPlan,
  flowArbitrary,
  flowRowsOf,
  planFlow,
  toldRowOf,
} from './flow-plan.ts';
import { type FragmentChoice, fragmentArbitrary, fragmentRowOf } from './fragment-choice.ts';
import { type PacketChoice, packetArbitrary, type Reach } from './packet-choice.ts';
import { type ProxyChoice, proxyArbitrary, proxyRows, stageProxies, uniqueFlows } from './setup.ts';

/** A case as choices. */
export interface CaseChoice {
  readonly options: Options;
  readonly proxies: readonly ProxyChoice[];
  readonly flows: readonly FlowChoice[];
  readonly fragments: readonly FragmentChoice[];
  readonly packets: readonly PacketChoice[];
  readonly tell: TellRow | null;
}

/** How cases are made up. */
export interface CaseOptions extends Reach {
  /** Whether pools may have several targets, and snat several ports. */
  readonly randoms: boolean;
  readonly packetsPerCase: number;
}

/** What an engine must be able to do, or what packets it needs. */
export type Able = Pick<Capabilities, 'randoms' | 'needsIpHeader'>;

const EVERYTHING: Able = { randoms: true };

/** Choices of cases. */
export function caseChoiceArbitrary(options: CaseOptions): fc.Arbitrary<CaseChoice> {
  return fc.record({
    options: fc.record({
      snatPortMin: fc.constantFrom(1024, 20_000),
      snatPortCount: options.randoms ? fc.constantFrom(1, 2, 40, 31_744) : fc.constant(1),
      confirmNewFlows: fc.constantFrom<Options['confirmNewFlows']>('never', 'never', 'never', 'always'),
    }),
    proxies: fc.array(proxyArbitrary(options.randoms), { minLength: 1, maxLength: 3 }),
    flows: fc.array(flowArbitrary(), { minLength: 1, maxLength: 4 }),
    fragments: fc.array(fragmentArbitrary(), { maxLength: 6 }),
    packets: fc.array(packetArbitrary(options), {
      minLength: 1,
      maxLength: options.packetsPerCase,
      size: 'max',
    }),
    tell: fc.option(
      fc.record({ oneIn: options.randoms ? fc.constantFrom(1, 1, 3) : fc.constant(1), opened: fc.boolean() }),
      { freq: 2 },
    ),
  });
}

/** Makes the case, for an engine that can do everything. */
export function caseOf(choice: CaseChoice): Case {
  return caseWithin(choice, EVERYTHING);
}

/** Makes the case, without what an engine cannot do. */
export function caseWithin(choice: CaseChoice, able: Able): Case {
  const proxies = stageProxies(choice.proxies);
  const plans = choice.flows.map((flow) => planFlow(flow, proxies, choice.options));
  const state: State = {
    ...proxyRows(proxies),
    flows: uniqueFlows(plans.flatMap((plan) => flowRowsOf(plan, 'flows'))),
    pending: uniqueFlows(plans.flatMap((plan) => flowRowsOf(plan, 'pending'))),
    fragments: choice.fragments.flatMap((fragment) => fragmentRowOf(fragment, plans)),
    ...(choice.tell ? { tell: choice.tell, told: toldRows(plans) } : {}),
  };
  const inputs = choice.packets.flatMap((packet) => {
    const plan = plans[packet.plan % plans.length];
    const input = plan && buildInput(packet, plan, able.randoms);
    return input && (!able.needsIpHeader || hasIpHeader(input)) ? [input] : [];
  });
  return { name: 'made up', options: choice.options, state, inputs };
}

/** Who is told of: clients that have one flow only, so that there is no doubt whose end is told first. */
function toldRows(plans: readonly FlowPlan[]): readonly ToldRow[] {
  const clients = plans.map(({ protocol, in: tuple }) => JSON.stringify([protocol, tuple]));
  const alone = plans.filter(
    (_, index) => clients.filter((client) => client === clients[index]).length === 1,
  );
  return alone.flatMap((plan) => toldRowOf(plan) ?? []);
}

/** Whether a frame for TC that says to carry IP has its fixed header whole. */
function hasIpHeader({ hook, frame }: Input): boolean {
  const needed = { 2048: 34, 34525: 54 }[u16(frame, 12)] ?? 0;
  return hook === 'xdp_ingress' || frame.length >= needed;
}
