import type { Segment } from './packet.ts';
import type { Half } from './tables.ts';

/** How far into the other side's data a first acknowledgement may reach, bytes. */
const FIRST_ACK_REACH = 65_536;

/** Whether a segment may acknowledge the SYN that the other half has sent; of a half that was evicted nobody can tell. */
export function mayAcknowledge(tcp: Segment, other: Half | undefined): boolean {
  if (!other) return true;
  return other.isn !== 0 && distance(other.isn + 1, tcp.acknowledgement) < FIRST_ACK_REACH;
}

/** How far `to` is ahead of `from` in sequence space (RFC 9293, 3.4). */
function distance(from: number, to: number): number {
  return (((to - from) % 2 ** 32) + 2 ** 32) % 2 ** 32;
}
