/** What becomes of the numbers in the packets of a flow that was bound late. */
import type { LateRow } from '../../engines/index.ts';
import { put16, put32, u16, u32 } from '../bytes.ts';
import type { Packet } from '../packet.ts';
import type { Half } from '../tables.ts';

/** The window scale that clients were told. */
const OWN_SCALE = 8;
const TCP = 20;

/** Translates numbers, acknowledgements, their selective ones, and windows, in place. */
export function translate(
  frame: Uint8Array,
  packet: Packet,
  late: LateRow,
  direction: Half['direction'],
): void {
  const { tcp, l4 } = packet;
  if (!tcp) return;
  put32(frame, l4 + 4, plus(u32(frame, l4 + 4), late.seqDelta));
  if (tcp.ack) put32(frame, l4 + 8, plus(u32(frame, l4 + 8), late.ackDelta));
  if (!tcp.syn) put16(frame, l4 + 14, windowOf(u16(frame, l4 + 14), late, direction));
  if (late.ackDelta !== 0) translateSack(frame.subarray(l4 + TCP, l4 + packet.l4HeaderLength), late.ackDelta);
}

function windowOf(window: number, { scales }: LateRow, direction: Half['direction']): number {
  if (!scales) return window;
  const bytes = direction === 'forward' ? window * 2 ** scales.client : window * 2 ** (scales.target ?? 0);
  return Math.min(0xffff, direction === 'forward' ? bytes : Math.floor(bytes / 2 ** OWN_SCALE));
}

/** RFC 2018, 3: pairs of edges. */
function translateSack(options: Uint8Array, delta: number): void {
  for (let at = 0; at + 1 < options.length; ) {
    const kind = options[at];
    const length = kind === 1 ? 1 : (options[at + 1] ?? 0);
    if (kind === 0 || length === 0 || (kind !== 1 && length < 2) || at + length > options.length) return;
    if (kind === 5) {
      for (let edge = at + 2; edge + 4 <= at + Math.min(length, 34); edge += 4) {
        put32(options, edge, plus(u32(options, edge), delta));
      }
      return;
    }
    at += length;
  }
}

function plus(number: number, delta: number): number {
  return (number + delta) % 2 ** 32;
}
