import { type DecodedIp, decodeFrame, PROTOCOL } from '../../lab/index.ts';
import { encodeAddress, encodePrefix } from '../../src/datapath/address.ts';
import type { CaptureCondition, CapturedRow, CaptureRow, Input, Outcome } from '../engines/index.ts';

/** Bytes of a packet that the programs keep. */
const MOST_BYTES = 256;
const ERRORS = { icmp: [3, 11, 12], icmpv6: [1, 2, 3, 4] };
const VERDICTS = {
  xdp: { aborted: 0, drop: 1, pass: 2, redirect: 4 },
  tc: { aborted: 0, drop: 2, pass: -1, redirect: 7 },
} as const;

/** Addresses, ports and protocol, as far as a packet has them. */
interface Tuple {
  readonly version: 4 | 6;
  readonly protocol: number;
  readonly source: string;
  readonly destination: string;
  /** 0: it has none. */
  readonly sourcePort: number;
  readonly destinationPort: number;
}

/**
 * What a reader must be told of a packet, written from docs/capture.md: undefined for nothing. Whose the packet is, is
 * the engine's to say.
 * @param outcome what came of it while nobody looked
 */
export function expectedCapture(
  row: CaptureRow,
  input: Input,
  outcome: Outcome,
): Omit<CapturedRow, 'proxy' | 'target'> | undefined {
  const [reason = ''] = Object.keys(outcome.reasons);
  if (row.expired) return undefined;
  if (row.hooks?.includes(input.hook) === false || row.reasons?.includes(reason) === false) return undefined;
  if (row.ifindex !== undefined && row.ifindex !== input.ifindex) return undefined;
  if (!isAsked(row, input.frame) && !isAsked(row, outcome.frame)) return undefined;
  const bytes = Math.min(row.maxBytes ?? MOST_BYTES, MOST_BYTES);
  return {
    hook: input.hook,
    reason,
    ifindex: input.ifindex,
    length: input.frame.length,
    before: Uint8Array.from(input.frame.subarray(0, bytes)),
    lengthAfter: outcome.frame.length,
    after: Uint8Array.from(outcome.frame.subarray(0, bytes)),
    verdict: VERDICTS[input.hook === 'xdp_ingress' ? 'xdp' : 'tc'][outcome.verdict],
  };
}

/** Whether the filter asks about addresses, ports or protocols: then a packet must be sound to be compared. */
export function asksAboutTuples(row: CaptureRow): boolean {
  return row.protocol !== undefined || row.family !== undefined || (row.conditions ?? []).length > 0;
}

function isAsked(row: CaptureRow, frame: Uint8Array): boolean {
  return !asksAboutTuples(row) || tuplesOf(frame).some((tuple) => isWanted(row, tuple));
}

function isWanted(row: CaptureRow, tuple: Tuple): boolean {
  return (
    (row.protocol === undefined || row.protocol === tuple.protocol) &&
    (row.family === undefined || row.family === tuple.version) &&
    (row.conditions ?? []).every((condition) => isMet(condition, tuple))
  );
}

function isMet({ ends, network, port }: CaptureCondition, tuple: Tuple): boolean {
  const isEnd = (address: string, itsPort: number) =>
    (network === undefined || contains(network, address)) && (port === undefined || port === itsPort);
  const source = isEnd(tuple.source, tuple.sourcePort);
  const destination = isEnd(tuple.destination, tuple.destinationPort);
  return ends === 'either' ? source || destination : { source, destination }[ends];
}

function contains(network: string, address: string): boolean {
  const { bytes, bits } = encodePrefix(network);
  return bitsOf(encodeAddress(address)).slice(0, bits) === bitsOf(bytes).slice(0, bits);
}

function bitsOf(bytes: Buffer): string {
  return [...bytes].map((byte) => byte.toString(2).padStart(8, '0')).join('');
}

/** The packet's own tuple, and that of the flow that an ICMP error is about, in the direction in which the error goes. */
function tuplesOf(frame: Uint8Array): readonly Tuple[] {
  const { ip } = decodeFrame(frame);
  if (ip === undefined) return [];
  const quoted = quotedBy(ip);
  return quoted === undefined ? [tupleOf(ip)] : [tupleOf(ip), turned(quoted)];
}

function tupleOf(ip: DecodedIp): Tuple {
  const isLater = (ip.fragment?.offset ?? 0) > 0;
  const hasPorts =
    !isLater && ip.payload.length >= 4 && (ip.protocol === PROTOCOL.tcp || ip.protocol === PROTOCOL.udp);
  const payload = Buffer.from(ip.payload);
  return {
    version: ip.version,
    protocol: ip.protocol,
    source: ip.source,
    destination: ip.destination,
    sourcePort: hasPorts ? payload.readUInt16BE(0) : 0,
    destinationPort: hasPorts ? payload.readUInt16BE(2) : 0,
  };
}

function quotedBy(ip: DecodedIp): Tuple | undefined {
  const { transport } = ip;
  if (ip.fragment !== undefined || (transport?.kind !== 'icmp' && transport?.kind !== 'icmpv6'))
    return undefined;
  const { quoted } = transport;
  if (!quoted || !ERRORS[transport.kind].includes(transport.type) || (quoted.fragment?.offset ?? 0) > 0) {
    return undefined;
  }
  // Of a quote only a fragment header is stepped over, and a header that contradicts itself is no quote.
  const isPlain =
    quoted.version === 4 ? quoted.header.length >= 20 : quoted.header.length <= (quoted.fragment ? 48 : 40);
  if (!isPlain) return undefined;
  const isKnown = quoted.protocol === PROTOCOL.tcp || quoted.protocol === PROTOCOL.udp;
  return isKnown && quoted.payload.length >= 8 ? tupleOf(quoted) : undefined;
}

function turned(tuple: Tuple): Tuple {
  return {
    ...tuple,
    source: tuple.destination,
    destination: tuple.source,
    sourcePort: tuple.destinationPort,
    destinationPort: tuple.sourcePort,
  };
}
