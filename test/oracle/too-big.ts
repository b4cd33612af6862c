/** "Packet too big" from the balancer itself (RFC 1191, 4; RFC 4443, 3.2), for packets of snat flows. */

import { modulo, put16, put32, sumOf, u16 } from './bytes.ts';
import { checksumOf, pseudoSum } from './checksum.ts';
import type { Packet } from './packet.ts';

/** How much of the transport part is quoted. */
const QUOTE = 24;
const TTL = 64;
const ETHERNET = 14;
const ICMP_HEADER = 8;

/** Whether the sender must be told: an unfragmented packet, of IPv4 one that forbids fragments; none with options. */
export function mustBeTold(packet: Packet): boolean {
  const { v4, part, l3, l4, end, frame } = packet;
  if (part !== 'whole' || l4 - l3 !== (v4 ? 20 : 40) || end - l4 < QUOTE) return false;
  return !v4 || (u16(frame, l3 + 6) & 0x4000) !== 0;
}

/** The answer to the sender of a packet that is longer than `mtu`. */
export function tooBigAnswer(packet: Packet, mtu: number): Uint8Array {
  const headerLength = packet.v4 ? 20 : 40;
  const l4 = ETHERNET + headerLength;
  const quote = neutralQuote(packet, headerLength);
  const answer = new Uint8Array(l4 + ICMP_HEADER + quote.length);
  answer.set(packet.frame.subarray(6, 12), 0);
  answer.set(packet.frame.subarray(0, 6), 6);
  answer.set(packet.frame.subarray(12, 14), 12);
  answer.set(quote, l4 + ICMP_HEADER);
  writeIpHeader(answer, packet, headerLength);
  answer[l4] = packet.v4 ? 3 : 2;
  answer[l4 + 1] = packet.v4 ? 4 : 0;
  put32(answer, l4 + 4, mtu);
  const ip = { v4: packet.v4, l3: ETHERNET, l4, end: answer.length };
  const pseudo = packet.v4 ? 0 : pseudoSum(answer, ip, 58);
  put16(answer, l4 + 2, checksumOf({ bytes: answer, from: l4, to: answer.length, pseudo }));
  return answer;
}

/**
 * The beginning of the packet. Its transport bytes are made to sum to zero (the checksum is cleared, the last two bytes
 * make up the difference): whoever finishes a partial checksum in them, later, does not spoil ours.
 */
function neutralQuote({ frame, l3, protocol }: Packet, headerLength: number): Uint8Array {
  const quote = frame.slice(l3, l3 + headerLength + QUOTE);
  const last = quote.length - 2;
  put16(quote, headerLength + (protocol === 'tcp' ? 16 : 6), 0);
  put16(quote, last, modulo(-sumOf(quote, headerLength, last)));
  return quote;
}

/** From the address to which the packet was sent, to its sender. */
function writeIpHeader(answer: Uint8Array, { frame, v4, l3 }: Packet, headerLength: number): void {
  const size = v4 ? 4 : 16;
  const from = v4 ? 12 : 8;
  answer[ETHERNET] = v4 ? 0x45 : 0x60;
  answer.set(frame.subarray(l3 + from + size, l3 + from + 2 * size), ETHERNET + from);
  answer.set(frame.subarray(l3 + from, l3 + from + size), ETHERNET + from + size);
  if (v4) {
    put16(answer, ETHERNET + 2, answer.length - ETHERNET);
    answer[ETHERNET + 8] = TTL;
    answer[ETHERNET + 9] = 1;
    const covered = { bytes: answer, from: ETHERNET, to: ETHERNET + headerLength, pseudo: 0 };
    put16(answer, ETHERNET + 10, checksumOf(covered));
  } else {
    put16(answer, ETHERNET + 4, answer.length - ETHERNET - headerLength);
    answer[ETHERNET + 6] = 58;
    answer[ETHERNET + 7] = TTL;
  }
}
