/** ICMP errors about packets of a flow, as the one who got the packet would send them. */
import { icmpMessage, ipPacket, PROTOCOL, tcpSegment, udpDatagram } from '../../../lab/index.ts';
import type { Tuple } from '../../engines/index.ts';
import type { FlowPlan } from './flow-plan.ts';
import { headerFields } from './ip-headers.ts';
import { type Content, ICMP_TYPES, type Oddity } from './packet-choice.ts';
import { turnedRow } from './setup.ts';
import { STAGES } from './stage.ts';

type ErrorContent = Extract<Content, { kind: 'icmp' }>;

/** An error from the side of `end`, about what the flow's rewrite has sent there. */
export function errorAbout(
  content: ErrorContent,
  plan: FlowPlan,
  end: 'client' | 'target',
  odd: readonly Oddity[],
): Buffer {
  const sent = end === 'target' ? plan.out : turnedRow(plan.in);
  const v6 = plan.family === 'v6';
  const source = senderOf(content, plan, sent);
  const destination = content.toSender ? sent.source : (STAGES[plan.family].clients[1] ?? sent.source);
  const type = ICMP_TYPES[plan.family][content.type] ?? 0;
  const rest = type === 2 || type === 3 ? 1280 : 0;
  const message = icmpMessage(
    { source, destination },
    content.type,
    content.code,
    rest,
    quoteOf(content, plan, sent),
  );
  const protocol = v6 ? PROTOCOL.icmpv6 : PROTOCOL.icmp;
  return ipPacket({ source, destination, protocol, ...headerFields({ source }, odd, protocol) }, message);
}

function senderOf(content: ErrorContent, plan: FlowPlan, sent: Tuple): string {
  const { routers, listen } = STAGES[plan.family];
  if (content.from === 'peer') return sent.destination;
  return (content.from === 'self' ? listen : routers[content.code % routers.length]) ?? listen;
}

/** The beginning of the packet that was sent. */
function quoteOf(content: ErrorContent, plan: FlowPlan, sent: Tuple): Buffer {
  const payload = Buffer.alloc(40, 'quoted');
  const isTcp = plan.protocol === 'tcp';
  const upper = isTcp ? tcpSegment({ ...sent, flags: 'PA', payload }) : udpDatagram({ ...sent, payload });
  const protocol = content.protocol ?? (isTcp ? PROTOCOL.tcp : PROTOCOL.udp);
  const packet = ipPacket(
    { ...sent, protocol, ...headerFields(sent, quotedOddities(content), protocol) },
    upper,
  );
  return packet.subarray(0, packet.length - upper.length + content.quote);
}

function quotedOddities(content: ErrorContent): readonly Oddity[] {
  switch (content.quoteOptions) {
    case 'none':
      return [];
    case 'options':
      return [{ kind: 'options', headers: [60] }];
    case 'first':
      return [{ kind: 'fragment', offset: 0, more: true, id: 7 }];
    case 'later':
      return [{ kind: 'fragment', offset: 8, more: true, id: 7 }];
    case 'atomic':
      return [{ kind: 'fragment', offset: 0, more: false, id: 7 }];
  }
}
