/** Fragments: the first one teaches the ports of its datagram, the later ones look them up. */
import { addressText } from './address.ts';
import type { Context } from './context.ts';
import type { Packet } from './packet.ts';
import type { Left } from './parse.ts';
import { fragmentKey } from './tables.ts';

/** Epochs for which a first fragment is remembered. */
const LIFE = 30;

/** Remembers the ports of a first fragment of one of our flows. */
export function learnFragment(context: Context, packet: Packet): void {
  const { protocol, part, tuple, fragmentId: id } = packet;
  if (part !== 'first' || protocol === 'icmp') return;
  const { sourcePort, destinationPort } = tuple;
  context.tables.fragments.set(keyOf(packet), {
    row: {
      source: addressText(tuple.source),
      destination: addressText(tuple.destination),
      id,
      protocol,
      sourcePort,
      destinationPort,
    },
    epoch: context.now,
  });
}

/** A first fragment that is not ours: an older datagram of the same name must not claim its rest. */
export function forgetFragment(context: Context, packet: Packet): void {
  if (packet.part === 'first') context.tables.fragments.delete(keyOf(packet));
}

/** Gives a later fragment the ports of its first one. */
export function resolveFragment(context: Context, packet: Packet): Packet | Left {
  if (packet.part !== 'later') return packet;
  const known = context.tables.fragments.get(keyOf(packet));
  if (!known || context.now - known.epoch > LIFE) return { left: 'passed_unknown_fragment' };
  const { sourcePort, destinationPort } = known.row;
  return { ...packet, tuple: { ...packet.tuple, sourcePort, destinationPort } };
}

function keyOf({ tuple, fragmentId, protocol }: Packet): string {
  return fragmentKey(tuple.source, tuple.destination, fragmentId, protocol);
}
