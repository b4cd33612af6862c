import { u16, u32 } from './bytes.ts';
import type { Part } from './packet.ts';
import type { Left } from './parse.ts';

/** What follows the headers that were stepped over. */
export interface Chain {
  /** Number of the upper protocol. */
  readonly number: number;
  readonly l4: number;
  readonly part: Part;
  readonly fragmentId: number;
}

const HOP_BY_HOP = 0;
const ROUTING = 43;
const FRAGMENT = 44;
const DESTINATION_OPTIONS = 60;
/** How many headers are stepped over, and how deep in the frame one may begin: a limit of the data path, not of RFC 8200. */
const MOST_HEADERS = 4;
const DEEPEST_HEADER = 1023;

const EXTENSION_HEADERS: Left = { left: 'passed_extension_headers' };
const MALFORMED: Left = { left: 'passed_malformed' };

/**
 * Walks the extension headers of RFC 8200, 4, from `offset` on. Behind a fragment header stands the fragmentable part,
 * of which a later fragment does not know the headers; so headers there are not stepped over in the first one either.
 */
export function walkExtensionHeaders(
  frame: Uint8Array,
  offset: number,
  firstHeader: number,
  bounds: { readonly end: number; readonly readable: number },
): Chain | Left {
  let chain: Chain = { number: firstHeader, l4: offset, part: 'whole', fragmentId: 0 };
  for (let count = 0; count < MOST_HEADERS && isSteppable(chain.number) && chain.part === 'whole'; count++) {
    const next = step(frame, chain, bounds.readable);
    if (!next || next.l4 > bounds.end) return MALFORMED;
    if (next.part !== 'later' && next.l4 > DEEPEST_HEADER) return EXTENSION_HEADERS;
    chain = next;
  }
  return isSteppable(chain.number) || chain.number === ROUTING ? EXTENSION_HEADERS : chain;
}

/** Reads the fragment header of RFC 8200, 4.5; undefined if it is not whole. */
export function fragmentHeader(frame: Uint8Array, chain: Chain, readable: number): Chain | undefined {
  if (chain.l4 + 8 > readable) return undefined;
  const field = u16(frame, chain.l4 + 2);
  const part: Part = (field & 0xfff8) !== 0 ? 'later' : (field & 1) !== 0 ? 'first' : 'whole';
  return {
    number: frame[chain.l4] ?? 0,
    l4: chain.l4 + 8,
    part,
    fragmentId: part === 'whole' ? 0 : u32(frame, chain.l4 + 4),
  };
}

function step(frame: Uint8Array, chain: Chain, readable: number): Chain | undefined {
  if (chain.number === FRAGMENT) return fragmentHeader(frame, chain, readable);
  if (chain.l4 + 2 > readable) return undefined;
  const bytes = ((frame[chain.l4 + 1] ?? 0) + 1) * 8;
  return { ...chain, number: frame[chain.l4] ?? 0, l4: chain.l4 + bytes };
}

function isSteppable(number: number): boolean {
  return number === HOP_BY_HOP || number === FRAGMENT || number === DESTINATION_OPTIONS;
}
