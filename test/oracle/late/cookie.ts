/** The sequence numbers by which clients prove that they are where they say. */
import { type Hex, isV4 } from '../address.ts';
import type { HexTuple } from '../packet.ts';
import { sipHash } from './siphash.ts';

/** What a SYN offers. */
export interface Offer {
  readonly mss: number;
  /** null: no window scaling. */
  readonly scale: number | null;
  readonly sack: boolean;
}

/** Maximum segment sizes that fit into three bits. */
const MSS_CLASSES = [216, 536, 1220, 1300, 1360, 1400, 1440, 1460] as const;
const NO_SCALE = 15;
const WITH_ISN = 0xfff00000;
const TUPLE = 0x000ffe00;
const OFFER = 0x1ff;

/** The cookie for a SYN; undefined while there is no secret. @param secrets by generation, from 1 on */
export function cookieFor(
  secrets: readonly string[],
  tuple: HexTuple,
  isn: number,
  offer: Offer,
): number | undefined {
  const generation = secrets.length;
  const mssClass = Math.max(
    0,
    MSS_CLASSES.findLastIndex((mss) => mss <= offer.mss),
  );
  const bits = (mssClass << 6) | ((offer.scale ?? NO_SCALE) << 2) | (offer.sack ? 2 : 0) | (generation & 1);
  const secret = secretOf(secrets, generation & 1);
  return secret === undefined ? undefined : whole(secret, tuple, isn, bits);
}

/** What a cookie that came back proves, if the client began with `isn`. */
export function proofOf(
  secrets: readonly string[],
  tuple: HexTuple,
  isn: number,
  cookie: number,
): 'whole' | 'tuple' | 'none' {
  const secret = secretOf(secrets, cookie & 1);
  if (!secret) return 'none';
  const difference = (whole(secret, tuple, isn, cookie & OFFER) ^ cookie) >>> 0;
  if ((difference & TUPLE) !== 0) return 'none';
  return difference === 0 ? 'whole' : 'tuple';
}

/** What a cookie tells of its SYN. */
export function offerIn(cookie: number): Offer {
  const scale = (cookie >>> 2) & 15;
  return {
    mss: MSS_CLASSES[(cookie >>> 6) & 7] ?? 0,
    scale: scale === NO_SCALE ? null : scale,
    sack: (cookie & 2) !== 0,
  };
}

/** The last two secrets are good: one with an odd, one with an even generation. */
function secretOf(secrets: readonly string[], parity: number): string | undefined {
  return secrets.findLast((_, index) => ((index + 1) & 1) === parity);
}

function whole(secret: string, tuple: HexTuple, isn: number, bits: number): number {
  const key = Buffer.from(secret, 'hex');
  const withIsn = Number(sipHash(key, message(tuple, bits, isn)) & 0xffffffffn);
  const without = Number(sipHash(key, message(tuple, bits, null)) & 0xffffffffn);
  return ((withIsn & WITH_ISN) | (without & TUPLE) | bits) >>> 0;
}

/** Addresses, ports (destination first, as a little-endian word has them), offer, and the number if it counts. */
function message(tuple: HexTuple, bits: number, isn: number | null): Buffer {
  const rest = Buffer.alloc(16);
  rest.writeUInt16BE(tuple.destinationPort, 0);
  rest.writeUInt16BE(tuple.sourcePort, 2);
  rest.writeUInt32LE(bits, 4);
  rest.writeUInt32LE(isn ?? 0, 8);
  rest.writeUInt32LE(isn === null ? 0 : 1, 12);
  return Buffer.concat([wideBytes(tuple.source), wideBytes(tuple.destination), rest]);
}

function wideBytes(address: Hex): Buffer {
  return Buffer.from(isV4(address) ? `00000000000000000000ffff${address}` : address, 'hex');
}
