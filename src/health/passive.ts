/** Connections of clients to one target since the last reading of the counters. */
export interface Attempts {
  /** The target sent a SYN-ACK. */
  readonly answered: number;
  /** The target sent a RST instead. */
  readonly refused: number;
  /** The target sent nothing in time. */
  readonly unanswered: number;
}

/** Failures in a row, with no answer in between as far as readings can tell. */
export type Streak = Pick<Attempts, 'refused' | 'unanswered'>;

/** No failure since the last answer. */
export const NO_STREAK: Streak = { refused: 0, unanswered: 0 };

/**
 * The streak after one more reading. Which came first within a reading nobody knows, so an answer in it counts as the last:
 * a target that still answers some is not taken out for the others.
 */
export function afterAttempts(streak: Streak, { answered, refused, unanswered }: Attempts): Streak {
  if (answered > 0) return NO_STREAK;
  return { refused: streak.refused + refused, unanswered: streak.unanswered + unanswered };
}

/** Why a streak takes a target out; null when it is too short for that. */
export function passiveVerdict({ refused, unanswered }: Streak, threshold: number): string | null {
  if (refused + unanswered < threshold) return null;
  return refused >= unanswered ? 'refused connections' : 'does not answer SYNs';
}

const FIRST_HOLD_MS = 5000;
const LONGEST_HOLD_MS = 300_000;
/** A target that is well for so long begins anew. */
const FORGIVEN_AFTER_MS = 60_000;

/** How often clients have taken a target out lately, and until when it stays so whatever its checks say. */
export interface Hold {
  readonly times: number;
  readonly untilMs: number;
}

/** Never taken out. */
export const NO_HOLD: Hold = { times: 0, untilMs: 0 };

/**
 * The hold that follows when clients take a target out. A target that is checked is not held the first time: its checks
 * bring it back. When clients take it out again soon after, they see what its checks do not (a firewall, say), and each time
 * it stays out for twice as long. A target that is not checked has nothing else to bring it back, and is held from the
 * first time on.
 */
export function nextHold(hold: Hold, nowMs: number, isChecked: boolean): Hold {
  const times = nowMs - hold.untilMs > FORGIVEN_AFTER_MS ? 1 : hold.times + 1;
  const doublings = isChecked ? times - 2 : times - 1;
  const holdMs = doublings < 0 ? 0 : Math.min(FIRST_HOLD_MS * 2 ** doublings, LONGEST_HOLD_MS);
  return { times, untilMs: nowMs + holdMs };
}
