import type { Host } from '../../lab/index.ts';

/** Packets and bytes, from the IP header on. */
export interface Traffic {
  readonly packets: number;
  readonly bytes: number;
}

/** What a host has got and sent over TCP, as its own kernel has counted it. */
export interface WireCounts {
  readonly received: Traffic;
  readonly sent: Traffic;
}

const TABLE = 'wire';
const ETHERNET_HEADER = 14;
const MIB_LINES = 2;

/**
 * Counts the TCP packets of a host at its interface: what comes in by a rule there; what goes out by the interface, which counts
 * the segments that are on the wire, less what a rule says was not TCP. Needs an interface without segmentation offload and GRO.
 */
export async function countWire(host: Host, device: string): Promise<void> {
  const ruleset = `table netdev ${TABLE} {
  chain in { type filter hook ingress device ${device} priority 0; meta l4proto tcp counter comment "tcp"; }
  chain out { type filter hook egress device ${device} priority 0; meta l4proto tcp accept; counter comment "other"; }
}
`;
  await host.run(['nft', '-f', '-'], { input: ruleset });
}

/** What {@link countWire} has counted, and the interface since it is there. */
export async function readWire(host: Host, device: string): Promise<WireCounts> {
  const [rules, link] = await Promise.all([
    host.run(['nft', '-j', 'list', 'table', 'netdev', TABLE]),
    host.run(['ip', '-s', '-j', 'link', 'show', device]),
  ]);
  const { tx } = linkCounts(link);
  const other = ruleCount(rules, 'other');
  const packets = tx.packets - other.packets;
  return {
    received: ruleCount(rules, 'tcp'),
    sent: { packets, bytes: tx.bytes - other.bytes - packets * ETHERNET_HEADER },
  };
}

/** What was counted between two looks. */
export function wireBetween(before: WireCounts, after: WireCounts): WireCounts {
  const less = (a: Traffic, b: Traffic) => ({ packets: a.packets - b.packets, bytes: a.bytes - b.bytes });
  return { received: less(after.received, before.received), sent: less(after.sent, before.sent) };
}

/** Segments that a host had to send again. */
export async function retransmissions(host: Host): Promise<number> {
  return tcpCount(await host.run(['cat', '/proc/net/snmp']), 'RetransSegs');
}

function ruleCount(text: string, comment: string): Traffic {
  const { nftables } = JSON.parse(text) as {
    readonly nftables: readonly {
      readonly rule?: { readonly comment?: string; readonly expr: readonly { readonly counter?: Traffic }[] };
    }[];
  };
  const rule = nftables.find((entry) => entry.rule?.comment === comment)?.rule;
  const counter = rule?.expr.find((part) => part.counter !== undefined)?.counter;
  if (counter === undefined) throw new Error(`nft shows no counter ${comment}: ${text}`);
  return counter;
}

function linkCounts(text: string): { readonly tx: Traffic } {
  const [link] = JSON.parse(text) as readonly { readonly stats64: { readonly tx: Traffic } }[];
  if (link === undefined) throw new Error('there is no such interface');
  return link.stats64;
}

/** A counter of the kernel's TCP: a line of names, then one of values. */
function tcpCount(snmp: string, name: string): number {
  const lines = snmp.split('\n').filter((line) => line.startsWith('Tcp:'));
  if (lines.length !== MIB_LINES) throw new Error(`/proc/net/snmp is not as it should be: ${snmp}`);
  const [names = [], values = []] = lines.map((line) => line.split(' '));
  return Number(values[names.indexOf(name)]);
}
