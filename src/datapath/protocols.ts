import type { Protocol } from '../config/index.ts';
import { SluiceError } from '../errors/index.ts';

/** IANA protocol numbers. */
const NUMBERS: Readonly<Record<Protocol, number>> = { tcp: 6, udp: 17 };

/** The number of a protocol in the IP header. */
export function protocolNumber(protocol: Protocol): number {
  return NUMBERS[protocol];
}

/** @throws SluiceError `internal`: the kernel's tables hold no other protocol. */
export function protocolName(number: number): Protocol {
  if (number === NUMBERS.tcp) return 'tcp';
  if (number === NUMBERS.udp) return 'udp';
  throw new SluiceError('internal', `protocol ${number} in a table of the data path`);
}
