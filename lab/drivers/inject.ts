import { randomBytes, randomInt } from 'node:crypto';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Host, messageOf } from '../host/index.ts';
import {
  addressText,
  type EthernetFields,
  ethernetFrame,
  ipPacket,
  PROTOCOL,
  tcpSegment,
  udpDatagram,
} from '../packet/index.ts';

const SEND_TIMEOUT_MS = 60_000;
const MIN_FRAME_BYTES = 60;
/** Packets made at once, so that a large flood does not block this process. */
const FLOOD_BATCH = 10_000;
/** How often a batch is sent anew when the queues behind the interface were full, which a flood may well make them. */
const CROWDED_TRIES = 20;
const CROWDED_PAUSE_MS = 50;

/** Options of {@link synFlood} and {@link udpFlood}. */
export interface FloodOptions {
  readonly address: string;
  readonly port: number;
  /** Packets to send at least, each from a random address and port. At most 1,000,000. */
  readonly count: number;
  /** Default `eth0`. */
  readonly interface?: string;
}

/** Sends Ethernet frames as they are out of a host's interface, in order. Frames below 60 bytes are padded. */
export async function sendFrames(host: Host, device: string, frames: readonly Uint8Array[]): Promise<void> {
  for (const run of runsOfEqualLength(frames.map(padded))) {
    const file = join(host.owner.directory, `frames-${randomBytes(4).toString('hex')}`);
    await writeFile(file, Buffer.concat(run));
    // With the block size of one frame, every read from the file becomes one packet.
    const block = String(run[0]?.length ?? 0);
    const argv = ['socat', '-u', '-b', block, `OPEN:${file},rdonly`, `INTERFACE:${device}`];
    try {
      await host.run(argv, { timeoutMs: SEND_TIMEOUT_MS });
    } finally {
      await rm(file);
    }
  }
}

/**
 * Sends SYNs from random sources (100.64.0.0/10 or fd64::/16) as fast as one core can, then returns. Give the balancer
 * a route back (`upstream: true`), or it answers every SYN-ACK with "unreachable".
 */
export function synFlood(host: Host, options: FloodOptions): Promise<void> {
  return flood(host, options, randomSyn);
}

/** The same with small UDP datagrams. */
export function udpFlood(host: Host, options: FloodOptions): Promise<void> {
  return flood(host, options, randomDatagram);
}

type MakeFrame = (ethernet: EthernetFields, address: string, port: number) => Buffer;

async function flood(host: Host, options: FloodOptions, makeFrame: MakeFrame): Promise<void> {
  const { address, port, count, interface: device = 'eth0' } = options;
  const { gatewayMac } = host;
  if (gatewayMac === undefined) throw new Error(`${host.name} has no default route to send a flood to`);
  if (count > 1_000_000) throw new Error(`a flood of ${count} packets is more than 1,000,000`);
  const ethernet = { source: host.interface(device).mac, destination: gatewayMac };
  for (let left = count; left > 0; left -= FLOOD_BATCH) {
    const frames = Array.from({ length: Math.min(left, FLOOD_BATCH) }, () =>
      makeFrame(ethernet, address, port),
    );
    await sendCrowding(host, device, frames);
  }
}

/** Sends frames of which the first ones may be sent more than once, when the way is too crowded for all at once. */
async function sendCrowding(host: Host, device: string, frames: readonly Buffer[]): Promise<void> {
  for (let tries = 1; ; tries++) {
    try {
      await sendFrames(host, device, frames);
      return;
    } catch (error) {
      const isCrowded = messageOf(error).includes('No buffer space available');
      if (!isCrowded || tries === CROWDED_TRIES) throw error;
      await sleep(CROWDED_PAUSE_MS);
    }
  }
}

function randomSyn(ethernet: EthernetFields, destination: string, destinationPort: number): Buffer {
  const source = randomSource(destination.includes(':'));
  const sourcePort = randomInt(1024, 65_536);
  const sequence = randomInt(2 ** 32);
  const syn = tcpSegment({ source, destination, sourcePort, destinationPort, sequence, flags: 'S' });
  return ethernetFrame(ethernet, ipPacket({ source, destination, protocol: PROTOCOL.tcp }, syn));
}

function randomDatagram(ethernet: EthernetFields, destination: string, destinationPort: number): Buffer {
  const source = randomSource(destination.includes(':'));
  const sourcePort = randomInt(1024, 65_536);
  const payload = Buffer.from('flood');
  const datagram = udpDatagram({ source, destination, sourcePort, destinationPort, payload });
  return ethernetFrame(ethernet, ipPacket({ source, destination, protocol: PROTOCOL.udp }, datagram));
}

function randomSource(wide: boolean): string {
  const random = randomBytes(wide ? 16 : 4);
  if (wide) random.writeUInt16BE(0xfd64, 0);
  else random.writeUInt16BE(0x6440 | (random.readUInt16BE(0) & 0x3f), 0);
  return addressText(random);
}

function padded(frame: Uint8Array): Uint8Array {
  if (frame.length >= MIN_FRAME_BYTES) return frame;
  return Buffer.concat([frame, Buffer.alloc(MIN_FRAME_BYTES - frame.length)]);
}

function runsOfEqualLength(frames: readonly Uint8Array[]): readonly Uint8Array[][] {
  const runs: Uint8Array[][] = [];
  for (const frame of frames) {
    const last = runs.at(-1);
    if (last?.[0]?.length === frame.length) last.push(frame);
    else runs.push([frame]);
  }
  return runs;
}
