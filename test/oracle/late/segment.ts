/** TCP segments as the data path makes them: no IP options, "do not fragment", a TTL of 64. */
import { modulo, put16, put32, putHex, sumOf, u16 } from '../bytes.ts';
import { checksumOf, pseudoSum } from '../checksum.ts';
import type { HexTuple, Packet } from '../packet.ts';
import type { Offer } from './cookie.ts';

const ETHERNET = 14;
const TCP = 20;
const TTL = 64;

/** Flag bits of the TCP header. */
export const FLAG = { fin: 1, syn: 2, rst: 4, psh: 8, ack: 16 } as const;

/** What a segment says. */
export interface SegmentFields {
  readonly tuple: HexTuple;
  readonly seq: number;
  readonly ack: number;
  readonly flags: number;
  readonly window: number;
  /** Options of a SYN. */
  readonly offer?: Offer;
  readonly payload?: Uint8Array;
}

/** A frame in place of another one; with `turned` it goes back to whoever sent that. */
export function segmentFrame(
  inHand: Packet,
  fields: SegmentFields,
  how: { readonly partial: boolean; readonly turned: boolean },
): Uint8Array {
  const { v4 } = inHand;
  const options = fields.offer ? optionBytes(fields.offer) : [];
  const payload = fields.payload ?? new Uint8Array();
  const l4 = ETHERNET + (v4 ? 20 : 40);
  const headerLength = TCP + options.length;
  const frame = new Uint8Array(l4 + headerLength + payload.length);
  frame.set(inHand.frame.subarray(0, ETHERNET));
  if (how.turned) {
    frame.set(inHand.frame.subarray(6, 12), 0);
    frame.set(inHand.frame.subarray(0, 6), 6);
  }
  putIp(frame, v4, fields.tuple);
  put16(frame, l4, fields.tuple.sourcePort);
  put16(frame, l4 + 2, fields.tuple.destinationPort);
  put32(frame, l4 + 4, fields.seq >>> 0);
  put32(frame, l4 + 8, fields.ack >>> 0);
  frame[l4 + 12] = (headerLength / 4) << 4;
  frame[l4 + 13] = fields.flags;
  put16(frame, l4 + 14, fields.window);
  frame.set(options, l4 + TCP);
  frame.set(payload, l4 + headerLength);
  const pseudo = pseudoSum(frame, { v4, l3: ETHERNET, l4, end: frame.length }, 6);
  const whole = checksumOf({ bytes: frame, from: l4, to: frame.length, pseudo });
  put16(frame, l4 + 16, how.partial ? modulo(pseudo) || 0xffff : whole);
  return frame;
}

/** The options of a SYN or SYN-ACK in hand (RFC 9293, 3.2; RFC 7323, 2.2; RFC 2018, 2). */
export function offerOf({ frame, v4, l4, l4HeaderLength }: Packet): Offer {
  const options = frame.subarray(l4 + TCP, l4 + l4HeaderLength);
  let offer: Offer = { mss: v4 ? 536 : 1220, scale: null, sack: false };
  for (let at = 0; at < options.length; ) {
    const kind = options[at] ?? 0;
    const length = kind === 1 ? 1 : (options[at + 1] ?? 0);
    if (kind === 0 || length === 0 || at + length > options.length) break;
    if (kind === 2 && length === 4) offer = { ...offer, mss: u16(options, at + 2) };
    if (kind === 3 && length === 3) offer = { ...offer, scale: Math.min(14, options[at + 2] ?? 0) };
    if (kind === 4) offer = { ...offer, sack: true };
    at += length;
  }
  return offer;
}

/** The payload of a segment in hand. */
export function payloadOf({ frame, l4, l4HeaderLength, end }: Packet): Uint8Array {
  return frame.subarray(l4 + l4HeaderLength, end);
}

function optionBytes({ mss, scale, sack }: Offer): readonly number[] {
  const scaling = scale === null ? [1, 1, 1] : [3, 3, scale];
  return [2, 4, mss >> 8, mss & 255, 1, ...scaling, 1, 1, ...(sack ? [4, 2] : [1, 1])];
}

function putIp(frame: Uint8Array, v4: boolean, tuple: HexTuple): void {
  if (!v4) {
    frame[ETHERNET] = 0x60;
    put16(frame, ETHERNET + 4, frame.length - ETHERNET - 40);
    frame[ETHERNET + 6] = 6;
    frame[ETHERNET + 7] = TTL;
    putHex(frame, ETHERNET + 8, tuple.source + tuple.destination);
    return;
  }
  frame[ETHERNET] = 0x45;
  put16(frame, ETHERNET + 2, frame.length - ETHERNET);
  put16(frame, ETHERNET + 6, 0x4000);
  frame[ETHERNET + 8] = TTL;
  frame[ETHERNET + 9] = 6;
  putHex(frame, ETHERNET + 12, tuple.source + tuple.destination);
  put16(frame, ETHERNET + 10, modulo(-sumOf(frame, ETHERNET, ETHERNET + 20)));
}
