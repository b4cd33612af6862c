/** Chains of IPv6 extension headers, up to one more than are stepped over. */
import { put16 } from '../bytes.ts';
import { atHooks, FLOW, type Probe, SEGMENT, soundInputs } from './base.ts';

const LONGEST_CHAIN = 5;
const ETHERNET = 14;
const IPV6 = 40;

/** An extension header: its number, its second byte (how long it is), and the two bytes behind that. */
type Header = readonly [number: number, eights: number, field: number];

const HEADERS = {
  hopByHop: [0, 0, 0],
  longHopByHop: [0, 2, 0],
  farHopByHop: [0, 127, 0],
  routing: [43, 0, 0],
  atomicFragment: [44, 0, 0],
  firstFragment: [44, 0, 1],
  laterFragment: [44, 0, 8],
  authentication: [51, 0, 0],
  nothing: [59, 0, 0],
  destination: [60, 0, 0],
} as const satisfies Readonly<Record<string, Header>>;

/** Every chain of up to two headers, and of more the ones in which each place has one of three kinds. */
export function extensionChains(): readonly Probe[] {
  const all = Object.values(HEADERS);
  const few = [HEADERS.hopByHop, HEADERS.atomicFragment, HEADERS.destination];
  const chains = [
    [],
    ...chainsOf(all, 1),
    ...chainsOf(all, 2),
    ...chainsOf(few, 3),
    ...chainsOf(few, 4),
    ...chainsOf(few, LONGEST_CHAIN),
    ...chainsOf(few, LONGEST_CHAIN - 1).map((chain) => [...chain, HEADERS.firstFragment]),
    ...chainsOf(few, LONGEST_CHAIN - 2).map((chain) => [...chain, HEADERS.laterFragment]),
  ];
  const sounds = [FLOW.v6.tcp, FLOW.v6.udp].map((flow) => ({
    flow,
    way: { end: 'client', hook: 'tc_ingress' } as const,
    content: SEGMENT,
  }));
  return soundInputs(sounds).flatMap((input) =>
    chains.flatMap((chain) => atHooks({ ...input, frame: withChain(input.frame, chain) }, HOOKS_IN)),
  );
}

/** A header that begins as far in the frame as is read, and farther; with a linear part that ends before. */
export function farHeaders(): readonly Probe[] {
  const [input] = soundInputs([
    { flow: FLOW.v6.tcp, way: { end: 'client', hook: 'tc_ingress' }, content: SEGMENT },
  ]);
  if (!input) return [];
  const frames = Array.from({ length: 5 }, (_, count) =>
    Array.from({ length: 128 }, (_, eights) =>
      withChain(input.frame, [...Array<Header>(count).fill(HEADERS.longHopByHop), [0, eights, 0]]),
    ),
  ).flat();
  return frames.flatMap((frame) => [
    ...atHooks({ ...input, frame }, HOOKS_IN),
    { ...input, frame, linear: ETHERNET + IPV6 },
    { ...input, frame, linear: 300 },
  ]);
}

const HOOKS_IN = ['xdp_ingress', 'tc_ingress'] as const;

function chainsOf(headers: readonly Header[], length: number): readonly (readonly Header[])[] {
  if (length === 0) return [[]];
  return chainsOf(headers, length - 1).flatMap((chain) => headers.map((header) => [...chain, header]));
}

function withChain(frame: Uint8Array, chain: readonly Header[]): Uint8Array {
  const upper = frame[ETHERNET + 6] ?? 0;
  const parts = chain.map(([number, eights, field], index) => {
    const part = new Uint8Array(number === 44 ? 8 : (eights + 1) * 8);
    part[0] = chain[index + 1]?.[0] ?? upper;
    part[1] = eights;
    put16(part, 2, field);
    return part;
  });
  const after = Uint8Array.from([
    ...frame.subarray(0, ETHERNET + IPV6),
    ...parts.flatMap((part) => [...part]),
    ...frame.subarray(ETHERNET + IPV6),
  ]);
  after[ETHERNET + 6] = chain[0]?.[0] ?? upper;
  put16(after, ETHERNET + 4, after.length - ETHERNET - IPV6);
  return after;
}
