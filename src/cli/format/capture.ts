import {
  type CapturedFrame,
  type CapturedPacket,
  type CaptureEnd,
  type FrameSummary,
  summariseFrame,
} from '../../capture/index.ts';
import { reasonWords } from './reason.ts';
import type { Style } from './style.ts';
import { formatCount } from './units.ts';

const ENDS: Readonly<Record<CaptureEnd['why'], string>> = {
  count: 'that is as many as were wanted',
  time: 'its time is over',
  stopped: 'stopped',
};
const HOOK_WIDTH = 11;

/**
 * A packet as two lines for people: when, where, what it was and what it has become, and below what became of it and why.
 * Shown as it came only, when nothing of its addresses and ports has changed.
 */
export function formatPacket(packet: CapturedPacket, style: Style): string {
  const before = summaryOf(packet.before);
  const after = packet.after === null ? null : summaryOf(packet.after);
  const from = endpoints(before);
  const to = after === null ? from : endpoints(after);
  const change = to === from ? '' : `  ${style.faint('=>')}  ${style.heading(to)}`;
  const details = [detailsOf(before), changesOf(before, after), `length ${packet.before.length}`];
  const place = `${packet.interface.name} ${packet.hook.padEnd(HOOK_WIDTH)}`;
  return (
    `${style.faint(timeOf(packet.timeUs))} ${place} ${from}${change}  ${details.filter(Boolean).join(', ')}\n` +
    `  ${painter(packet, style)(`${packet.outcome} ${packet.reason}`)}${ownerOf(packet)}: ` +
    `${style.faint(reasonWords(packet.outcome, packet.reason))}\n`
  );
}

/** How many packets there were, and why there are no more. */
export function formatEnd({ why, packets, matched, lost }: CaptureEnd): string {
  const missing = lost === 0 ? '' : `, ${formatCount(lost)} lost: they were too many (see --one-in)`;
  return `${formatCount(packets)} packets of ${formatCount(matched)} that matched${missing}; ${ENDS[why]}\n`;
}

function summaryOf({ bytes }: CapturedFrame): FrameSummary {
  return summariseFrame(Buffer.from(bytes, 'base64'));
}

function painter({ outcome }: CapturedPacket, style: Style): (text: string) => string {
  return { forwarded: style.good, passed: style.warning, dropped: style.bad }[outcome];
}

function ownerOf({ proxy, target }: CapturedPacket): string {
  if (proxy === null) return '';
  return target === null ? `, ${proxy}` : `, ${proxy} with ${target}`;
}

/** `12:34:56.123456`, UTC as all times that are shown. */
function timeOf(timeUs: number): string {
  const micros = String(timeUs % 1000).padStart(3, '0');
  return `${new Date(Math.floor(timeUs / 1000)).toISOString().slice(11, 23)}${micros}`;
}

function endpoints({ ip, ports }: FrameSummary): string {
  if (ip === undefined) return 'no IP';
  const end = (address: string, port: number | undefined) => {
    if (port === undefined) return address;
    return ip.version === 6 ? `[${address}]:${port}` : `${address}:${port}`;
  };
  return `${end(ip.source, ports?.source)} > ${end(ip.destination, ports?.destination)}`;
}

function detailsOf({ ip, tcp, icmp }: FrameSummary): string {
  if (ip === undefined) return '';
  if (ip.isLaterFragment) return `${ip.protocol}, a later fragment`;
  if (tcp !== undefined) return `tcp ${tcp.flags || 'none'} seq ${tcp.sequence} ack ${tcp.acknowledgement}`;
  if (icmp !== undefined) return `${ip.protocol} type ${icmp.type} code ${icmp.code}`;
  return ip.protocol;
}

/** What else differs: TTL, and the sequence numbers of connections that were bound late. */
function changesOf(before: FrameSummary, after: FrameSummary | null): string {
  const pairs: readonly (readonly [string, number | string | undefined, number | string | undefined])[] = [
    ['ttl', before.ip?.ttl, after?.ip?.ttl],
    ['flags', before.tcp?.flags, after?.tcp?.flags],
    ['seq', before.tcp?.sequence, after?.tcp?.sequence],
    ['ack', before.tcp?.acknowledgement, after?.tcp?.acknowledgement],
  ];
  return pairs
    .filter(([, was, is]) => was !== undefined && is !== undefined && was !== is)
    .map(([name, was, is]) => `${name} ${was} => ${is}`)
    .join(', ');
}
