/** What oddities do to a finished frame. */
import { put16, u16 } from '../bytes.ts';
import type { Oddity } from './packet-choice.ts';

/** A frame on its way to become an input. */
export interface Draft {
  readonly frame: Uint8Array;
  readonly ifindex: number;
  readonly gso?: { readonly size: number; readonly segments: number };
  readonly linear?: number;
  readonly partialChecksum?: boolean;
  readonly vlanStripped?: boolean;
}

const ETHERNET = 14;
/** Shorter frames cannot be handed to a kernel. */
const SHORTEST_FRAME = 14;

/** The draft with one oddity more; those that concern the headers' making are left to the one who makes them. */
export function applyOddity(draft: Draft, oddity: Oddity): Draft {
  switch (oddity.kind) {
    case 'gso':
      return { ...draft, gso: { size: oddity.size, segments: oddity.segments } };
    case 'linear':
      return { ...draft, linear: oddity.bytes };
    case 'partial':
      return isPlain(draft.frame) ? { ...draft, partialChecksum: true } : draft;
    case 'vlanStripped':
      return { ...draft, vlanStripped: true };
    case 'cut':
      return {
        ...draft,
        frame: draft.frame.slice(0, Math.max(SHORTEST_FRAME, draft.frame.length - oddity.bytes)),
      };
    case 'pad':
      return {
        ...draft,
        frame: Uint8Array.from([...draft.frame, ...Array<number>(oddity.bytes).fill(0xa5)]),
      };
    default:
      return { ...draft, frame: changed(draft.frame, oddity) };
  }
}

/** Whole TCP or UDP without options or extension headers: what a host leaves to hardware to finish. */
function isPlain(frame: Uint8Array): boolean {
  const v4 = u16(frame, 12) === 0x0800;
  const number = frame[ETHERNET + (v4 ? 9 : 6)];
  const isWhole = !v4 || (frame[ETHERNET] === 0x45 && (u16(frame, ETHERNET + 6) & 0x3fff) === 0);
  return isWhole && (number === 6 || number === 17);
}

function changed(frame: Uint8Array, oddity: Oddity): Uint8Array {
  const after = Uint8Array.from(frame);
  const v4 = u16(frame, 12) === 0x0800;
  const l4 = ETHERNET + (v4 ? ((frame[ETHERNET] ?? 0) & 0x0f) * 4 : 40);
  switch (oddity.kind) {
    case 'ttl':
      setTtl(after, v4, oddity.ttl);
      break;
    case 'destinationMac':
      after.set(Buffer.from(oddity.mac.replaceAll(':', ''), 'hex'), 0);
      break;
    case 'etherType':
      put16(after, 12, oddity.value);
      break;
    case 'flip':
      after[oddity.offset % after.length] = (after[oddity.offset % after.length] ?? 0) ^ oddity.mask;
      break;
    case 'ipLength':
      add16(after, ETHERNET + (v4 ? 2 : 4), oddity.by);
      break;
    case 'udpLength':
      add16(after, l4 + 4, oddity.by);
      break;
    case 'checksum':
      setChecksum(after, l4 + (frame[ETHERNET + (v4 ? 9 : 6)] === 6 ? 16 : 6), oddity.value);
      break;
  }
  return after;
}

/** Keeps IPv4's header checksum as right as it was (RFC 1624). */
function setTtl(frame: Uint8Array, v4: boolean, ttl: number): void {
  const at = ETHERNET + (v4 ? 8 : 7);
  const old = frame[at] ?? 0;
  frame[at] = ttl;
  if (v4) put16(frame, ETHERNET + 10, (u16(frame, ETHERNET + 10) + (old - ttl) * 0x100 + 0xffff) % 0xffff);
}

function setChecksum(frame: Uint8Array, at: number, value: 'zero' | 'ones' | 'wrong'): void {
  if (at + 2 > frame.length) return;
  put16(frame, at, { zero: 0, ones: 0xffff, wrong: u16(frame, at) ^ 0x1234 }[value]);
}

function add16(frame: Uint8Array, at: number, by: number): void {
  if (at + 2 <= frame.length) put16(frame, at, (u16(frame, at) + by + 0x10000) % 0x10000);
}
