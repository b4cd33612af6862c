/** Makes the bytes of a packet from its choices. */
import { ethernetFrame, ipPacket, PROTOCOL, tcpSegment, udpDatagram } from '../../../lab/index.ts';
import { type Input, type Tuple, WORLD } from '../../engines/index.ts';
import { errorAbout } from './build-error.ts';
import type { FlowPlan } from './flow-plan.ts';
import { headerFields } from './ip-headers.ts';
import { applyOddity, type Draft } from './oddities.ts';
import type { NumberChoice, Oddity, PacketChoice } from './packet-choice.ts';
import { turnedRow } from './setup.ts';

/** The MAC address that packets come from. */
const STRANGER = '02:00:00:00:0e:0e';

/** Where packets go that are not for a listener. */
const ELSEWHERE = {
  v4: ['192.0.2.99', '10.2.0.3', '10.1.0.2'],
  v6: ['2001:db8:c::99', 'fd00:2::3', 'fd00:1::2'],
} as const;

/** An input of a case. `chance`: whether the engine obeys random numbers. */
export function buildInput(choice: PacketChoice, plan: FlowPlan, chance = true): Input {
  const draft = buildDraft(choice, plan);
  const { partialChecksum, vlanStripped, gso, linear } = draft;
  const atTc = choice.way.hook !== 'xdp_ingress';
  return {
    hook: choice.way.hook,
    ifindex: draft.ifindex,
    frame: draft.frame,
    ...(atTc && gso && plan.protocol === 'tcp' ? { gso } : {}),
    ...(atTc && linear !== undefined && linear < draft.frame.length ? { linear } : {}),
    ...(atTc && partialChecksum ? { partialChecksum } : {}),
    ...(atTc && vlanStripped ? { vlanStripped } : {}),
    ...(chance ? { randoms: randomsFor(choice, plan) } : {}),
    ...(choice.epochsLater > 0 ? { epochsLater: choice.epochsLater } : {}),
  };
}

/** Slot, source port, and whether to confirm; a listener without snat draws no port. */
function randomsFor(choice: PacketChoice, plan: FlowPlan): readonly number[] {
  const [slot, port] = plan.choice.randoms;
  const snat = plan.proxy.choice.snat && !plan.target?.place.local;
  const more = [choice.confirm, choice.confirm + 1, slot, port, choice.confirm];
  return snat ? [slot, port, ...more] : [slot, ...more];
}

function buildDraft(choice: PacketChoice, plan: FlowPlan): Draft {
  const odd = choice.odd;
  const ifindex = interfaceOf(choice, plan, odd);
  const tuple = movedTuple(choice.way.end === 'client' ? plan.in : turnedRow(plan.out), plan, odd);
  const destination = WORLD.interfaces.find((candidate) => candidate.ifindex === ifindex)?.mac ?? STRANGER;
  const packet =
    choice.content.kind === 'icmp'
      ? errorAbout(choice.content, plan, choice.way.end, odd)
      : ipOf(tuple, odd, upperOf(choice, plan, tuple));
  const frame = ethernetFrame({ source: STRANGER, destination }, packet);
  return odd.reduce(applyOddity, { frame: Uint8Array.from(frame), ifindex });
}

/** Where it comes in: from its end's side, unless that is odd; going out, on the client's side. */
function interfaceOf(choice: PacketChoice, plan: FlowPlan, odd: readonly Oddity[]): number {
  const chosen = odd.find(({ kind }) => kind === 'interface');
  if (chosen?.kind === 'interface') return chosen.ifindex;
  const fromClient = choice.way.end === 'client' || choice.way.hook === 'tc_egress';
  return fromClient ? plan.clientIfindex : plan.targetIfindex;
}

/** A tuple towards another port, or another address than the listener's. */
function movedTuple(tuple: Tuple, plan: FlowPlan, odd: readonly Oddity[]): Tuple {
  const port = odd.find(({ kind }) => kind === 'port');
  const router = odd.find(({ kind }) => kind === 'destination');
  const elsewhere = router?.kind === 'destination' ? ELSEWHERE[plan.family][router.router] : undefined;
  return {
    ...tuple,
    destinationPort: port?.kind === 'port' ? port.port : tuple.destinationPort,
    destination: elsewhere ?? tuple.destination,
  };
}

function upperOf(
  choice: PacketChoice,
  plan: FlowPlan,
  tuple: Tuple,
): { readonly protocol: number; readonly bytes: Buffer } {
  const {
    content,
    way: { end },
    odd,
  } = choice;
  if (content.kind !== 'segment') throw new Error('Only segments have ports.');
  const payload = Buffer.alloc(content.payload, 'sluice');
  if (plan.protocol === 'udp') {
    return { protocol: PROTOCOL.udp, bytes: udpDatagram({ ...tuple, payload }) };
  }
  const words = odd.find(({ kind }) => kind === 'tcpOptions');
  const segment = tcpSegment({
    ...tuple,
    flags: content.flags,
    sequence: numberOf(content.sequence, plan, end),
    acknowledgement: numberOf(content.acknowledgement, plan, end),
    options: Buffer.alloc(words?.kind === 'tcpOptions' ? words.words * 4 : 0, 1),
    payload,
  });
  return { protocol: PROTOCOL.tcp, bytes: segment };
}

/** A sequence number near what the other end has acknowledged, an acknowledgement near its SYN. */
function numberOf(number: NumberChoice, plan: FlowPlan, end: 'client' | 'target'): number {
  const other = end === 'client' ? plan.choice.reply : plan.choice.forward;
  const own = end === 'client' ? plan.choice.forward : plan.choice.reply;
  const from = { acked: other.acked || own.acked, isn: other.isn, zero: 0 }[number.from];
  return (from + number.distance + 2 ** 33) % 2 ** 32;
}

function ipOf(
  tuple: Tuple,
  odd: readonly Oddity[],
  upper: { readonly protocol: number; readonly bytes: Buffer },
): Buffer {
  return ipPacket(
    { ...tuple, protocol: upper.protocol, ...headerFields(tuple, odd, upper.protocol) },
    upper.bytes,
  );
}
