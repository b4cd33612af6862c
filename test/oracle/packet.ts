import type { Hex } from './address.ts';

/** Addresses and ports of one direction. */
export interface HexTuple {
  readonly source: Hex;
  readonly sourcePort: number;
  readonly destination: Hex;
  readonly destinationPort: number;
}

/** Protocols that Sluice balances, or whose errors it translates. */
export type Upper = 'tcp' | 'udp' | 'icmp';

/** Which part of a datagram: all of it, the first fragment, which has the ports, or a later one, which has none. */
export type Part = 'whole' | 'first' | 'later';

/** A packet that is whole and sound, as far as its headers tell. Offsets count from the frame's beginning. */
export interface Packet {
  readonly frame: Uint8Array;
  readonly v4: boolean;
  readonly protocol: Upper;
  readonly part: Part;
  /** Identification of the datagram; 0 unless it is a fragment. */
  readonly fragmentId: number;
  /** Where the IP header begins, the transport header begins, and the IP packet ends. */
  readonly l3: number;
  readonly l4: number;
  readonly end: number;
  readonly ttl: number;
  /** Ports are 0 where there are none: ICMP and later fragments. */
  readonly tuple: HexTuple;
  /** TCP, of packets that have its header. */
  readonly tcp?: Segment;
  /** Bytes of the TCP or UDP header; 0 where there is none. */
  readonly l4HeaderLength: number;
}

/** Fields of a TCP header. */
export interface Segment {
  readonly sequence: number;
  readonly acknowledgement: number;
  readonly fin: boolean;
  readonly syn: boolean;
  readonly rst: boolean;
  readonly ack: boolean;
}

/** Text by which tables find a tuple. */
export function tupleKey(protocol: string, tuple: HexTuple): string {
  return `${protocol} ${tuple.source} ${tuple.sourcePort} ${tuple.destination} ${tuple.destinationPort}`;
}

/** The tuple of the packets that come the other way. */
export function turned(tuple: HexTuple): HexTuple {
  return {
    source: tuple.destination,
    sourcePort: tuple.destinationPort,
    destination: tuple.source,
    destinationPort: tuple.sourcePort,
  };
}

/** Whether two tuples are the same. */
export function sameTuple(a: HexTuple, b: HexTuple): boolean {
  return tupleKey('', a) === tupleKey('', b);
}
