/** Which packets the `feed` program hands to the program under test; mirrors `struct feed` in cost.bpf.c. */
export interface Feed {
  /** Interface, with an XDP program on it, on which the packets seem to arrive. */
  readonly ifindex: number;
  /** A frame of 64 bytes; the client's address and port in it are overwritten packet by packet. */
  readonly frame: Buffer;
  /** Different clients. */
  readonly flows: number;
  /** Addresses that they have together: client number i has address i % clientAddresses. */
  readonly clientAddresses: number;
  /** The first of these addresses, dotted. */
  readonly firstAddress: string;
  /** The client is the packet's destination. */
  readonly isReply: boolean;
}

/** Length of every frame, bytes: the shortest that Ethernet knows. */
export const FRAME_BYTES = 64;
const HEADER_BYTES = 24;

/** The bytes of a feed as the program reads them. @param next number of its next packet */
export function encodeFeed(feed: Feed, next: bigint): Buffer {
  const bytes = Buffer.alloc(HEADER_BYTES + FRAME_BYTES);
  bytes.writeUInt32LE(feed.flows, 0);
  bytes.writeUInt32LE(feed.clientAddresses, 4);
  bytes.writeUInt32LE(addressNumber(feed.firstAddress), 8);
  bytes.writeUInt32LE(feed.isReply ? 1 : 0, 12);
  bytes.writeBigUInt64LE(next, 16);
  feed.frame.copy(bytes, HEADER_BYTES);
  return bytes;
}

function addressNumber(dotted: string): number {
  return dotted.split('.').reduce((number, byte) => number * 256 + Number(byte), 0);
}
