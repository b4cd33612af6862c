import type { ListenConfig } from '../model.ts';

/** Two listeners that would both take the same packets. */
export interface ListenerConflict {
  /** Index of the earlier listener. */
  readonly first: number;
  /** Index of the later listener. */
  readonly second: number;
  /** What they share: an address or an interface, a port and a protocol. */
  readonly shared: string;
}

/**
 * Finds listeners that overlap, as far as their text tells: the same address, port and protocol; or the same
 * interface, port and protocol where at least one takes every address of it. Only the first overlap of a pair is
 * told. A listener given by address alone may still overlap with one given by interface: the host knows.
 */
export function listenerConflicts(
  listens: readonly (ListenConfig | undefined)[],
): readonly ListenerConflict[] {
  const conflicts = new Map<string, ListenerConflict>();
  const claims = new Map<string, Claims>();
  for (const [index, listen] of listens.entries()) {
    for (const claim of listen === undefined ? [] : claimsOf(listen)) {
      const earlier = claims.get(claim.shared) ?? { whole: undefined, part: undefined };
      const first = earlier.whole ?? (claim.whole ? earlier.part : undefined);
      const pair = `${first} ${index}`;
      if (first !== undefined && first !== index && !conflicts.has(pair)) {
        conflicts.set(pair, { first, second: index, shared: claim.shared });
      }
      if (claim.whole) claims.set(claim.shared, { ...earlier, whole: earlier.whole ?? index });
      else claims.set(claim.shared, { ...earlier, part: earlier.part ?? index });
    }
  }
  return [...conflicts.values()];
}

/** Who claimed something first: all of it, or a part of it. */
interface Claims {
  readonly whole: number | undefined;
  readonly part: number | undefined;
}

interface Claim {
  readonly shared: string;
  /** Whether the listener takes all of it: false for an interface of which it takes only some addresses. */
  readonly whole: boolean;
}

function claimsOf(listen: ListenConfig): readonly Claim[] {
  const whole = listen.addresses.length === 0;
  return listen.protocols.flatMap((protocol) => [
    ...listen.addresses.map((address) => ({
      shared: `address ${address}, port ${listen.port}, ${protocol}`,
      whole: true,
    })),
    ...listen.interfaces.map((name) => ({
      shared: `interface ${name}, port ${listen.port}, ${protocol}`,
      whole,
    })),
  ]);
}
