/** What a forwarded packet leaves behind: counters, and the state of its TCP connection. */
import { mayAcknowledge } from './acknowledge.ts';
import { addToTarget, type Context } from './context.ts';
import type { Ours } from './decide.ts';
import { keepPeer, peerOf } from './flows.ts';
import type { Packet, Segment } from './packet.ts';
import type { Half } from './tables.ts';

/** How far before and beyond the last acknowledgement a number is still believed, bytes. */
const BEHIND = 2 ** 16;
const AHEAD = 2 ** 23;

/** Packets on the wire and their bytes: a GSO packet is cut into segments with headers of their own. */
export interface Size {
  readonly packets: number;
  readonly bytes: number;
}

/** Accounts a packet that is about to be forwarded. */
export function account(context: Context, packet: Packet, { half, pending }: Ours, size: Size): void {
  const { tables, now } = context;
  const isFirstOfEpoch = half.seen !== now;
  half.seen = now;
  half.packets += size.packets;
  half.bytes += size.bytes;
  addToTarget(
    context,
    half.target,
    half.direction === 'forward'
      ? { forwardPackets: size.packets, forwardBytes: size.bytes }
      : { replyPackets: size.packets, replyBytes: size.bytes },
  );
  const { tcp } = packet;
  if (pending && tcp) countAnswer(context, tcp, half);
  if (tcp?.ack && isNear(tcp.acknowledgement, half.acked)) half.acked = tcp.acknowledgement;
  if (tcp?.syn) half.isn = tcp.sequence;
  if (pending && tcp?.rst) closeBoth(half, peerOf(tables.pending, half));
  else if (pending) keepPeer(tables.pending, half);
  else if (tcp?.fin || tcp?.rst) followEnd(context, tcp, half);
  else if (isFirstOfEpoch) keepPeer(tables.flows, half);
}

/** What a target says first to a SYN: a SYN-ACK, or a RST that acknowledges what the client has sent. */
function countAnswer(context: Context, tcp: Segment, half: Half): void {
  const isFirst = half.direction === 'reply' && half.state === 'syn' && half.isn === 0;
  if (!isFirst || !tcp.ack) return;
  if (tcp.rst && mayAcknowledge(tcp, peerOf(context.tables.pending, half))) {
    addToTarget(context, half.target, { refused: 1 });
  }
  if (tcp.syn && !tcp.rst) {
    addToTarget(context, half.target, { answered: 1, connectEpochs: context.now - half.created });
  }
}

/** A FIN or RST is believed only near what its receiver has acknowledged last. */
function followEnd(context: Context, tcp: Segment, half: Half): void {
  const peer = keepPeer(context.tables.flows, half);
  if (!peer || !isNear(tcp.sequence, inTerms(peer))) return;
  if (tcp.fin) half.fin = true;
  if (tcp.rst || (half.fin && peer.fin)) closeBoth(half, peer);
}

/** The last acknowledgement of a half, as the numbers are on the other side. */
function inTerms({ acked, late }: Half): number {
  return acked === 0 ? 0 : (acked + (late?.ackDelta ?? 0)) % 2 ** 32;
}

function closeBoth(half: Half, peer: Half | undefined): void {
  half.state = 'closing';
  if (peer) peer.state = 'closing';
}

/** Whether a number of a TCP stream is near the last acknowledgement; 0 means that there was none. */
function isNear(number: number, acked: number): boolean {
  if (acked === 0) return true;
  const ahead = (((number - acked + BEHIND) % 2 ** 32) + 2 ** 32) % 2 ** 32;
  return ahead < BEHIND + AHEAD;
}
