import type { DatagramTally } from '../programs/conversation.ts';
import type { DatagramCount } from '../programs/server.ts';
import type { StageRecord } from '../record.ts';
import { type Family, servicesOf } from '../services.ts';
import type { Finding } from './check.ts';

/** IP and UDP headers. */
const HEADER_BYTES: Readonly<Record<Family, number>> = { v4: 28, v6: 48 };

/** One direction of a service, as its sender, Sluice and its receiver counted it. */
interface Journey {
  readonly what: string;
  readonly sent: number;
  readonly counted: number;
  readonly received: number;
  /** What may have been lost on the way, and was sent again. */
  readonly lost: number;
}

/**
 * Every datagram is counted once: by who sent it, by Sluice, by who got it. One that was lost before or after Sluice (and
 * sent again) may be missing; more must not. Without loss all three are equal, and so are the bytes.
 */
export function datagramFinding(record: StageRecord): Finding {
  const journeys = servicesOf('talk').flatMap(({ name, family }) => journeysOf(record, name, family));
  const wrong = journeys.filter(
    ({ sent, counted, received, lost }) =>
      counted > sent || received > counted || sent - received > lost || sent === 0,
  );
  const packets = journeys.filter(({ what }) => what.endsWith('packets'));
  const sum = packets.reduce((total, { counted }) => total + counted, 0);
  return {
    name: 'datagrams and bytes: sent = counted = received',
    figure: `${wrong.length} of ${journeys.length} differ (${sum} packets)`,
    limit: '0',
    passed: wrong.length === 0,
    complaints: wrong.map(
      ({ what, sent, counted, received }) => `${what}: sent ${sent}, Sluice ${counted}, received ${received}`,
    ),
  };
}

function journeysOf(record: StageRecord, service: string, family: Family): readonly Journey[] {
  const tallies = [record.holder, ...record.churns].flatMap(({ datagrams }) => datagrams[service] ?? []);
  const servers = Object.values(record.servers);
  const asked = sum(tallies.map(({ sent }) => sent));
  const got = sum(servers.map(({ received }) => received[service] ?? NOTHING));
  const replied = sum(servers.map(({ sent }) => sent[service] ?? NOTHING));
  const heard = sum(tallies.map(({ received }) => received));
  const targets = record.stats.targets.filter(({ proxy }) => proxy === service);
  const forward = sum(targets.map((target) => target.forward));
  const reply = sum(targets.map((target) => target.reply));
  const lost = resent(tallies);
  return [
    ...journeysThrough(`${service} forward`, asked, forward, got, lost, HEADER_BYTES[family]),
    ...journeysThrough(`${service} reply`, replied, reply, heard, lost, HEADER_BYTES[family]),
  ];
}

function journeysThrough(
  what: string,
  sent: DatagramCount,
  counted: DatagramCount,
  received: DatagramCount,
  lost: number,
  header: number,
): readonly Journey[] {
  const withHeaders = ({ packets, bytes }: DatagramCount) => bytes + packets * header;
  const packets = { sent: sent.packets, counted: counted.packets, received: received.packets, lost };
  const bytes = { sent: withHeaders(sent), counted: counted.bytes, received: withHeaders(received) };
  const lostBytes = sent.packets === received.packets ? 0 : lost * MAX_DATAGRAM_BYTES;
  return [
    { what: `${what} packets`, ...packets },
    { what: `${what} bytes`, ...bytes, lost: lostBytes },
  ];
}

/** Longer than any that the clients send. */
const MAX_DATAGRAM_BYTES = 200;
const NOTHING: DatagramCount = { packets: 0, bytes: 0 };

function resent(tallies: readonly DatagramTally[]): number {
  return tallies.reduce((total, tally) => total + tally.resent, 0);
}

function sum(counts: readonly DatagramCount[]): DatagramCount {
  return counts.reduce(
    (total, { packets, bytes }) => ({ packets: total.packets + packets, bytes: total.bytes + bytes }),
    NOTHING,
  );
}
