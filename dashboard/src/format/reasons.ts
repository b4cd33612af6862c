/** What reasons mean to somebody who does not know the data path; those not here say it in their names. */
const MEANINGS: Readonly<Record<string, string>> = {
  dropped_no_target: 'no target is left in the pool',
  dropped_no_snat_port: 'no source port is free towards the target',
  dropped_tuple_conflict: 'the same client port talks to the same target by another way',
  dropped_table_full: 'the flow table has no room',
  dropped_no_route: 'no route to the target or client',
  dropped_forwarding_disabled: 'forwarding is off: sysctl net.ipv4.ip_forward=1',
  dropped_ttl_expired: 'the packet was on its way for too long',
  dropped_too_big: 'larger than the MTU of the way',
  dropped_rewrite_failed: 'the kernel refused to rewrite it',
  dropped_rate_limited_source: 'the client opens too many connections',
  dropped_rate_limited_target: 'no target may have more right now',
  dropped_nothing_held: 'its connection has no first bytes here yet',
  dropped_out_of_room: 'more than can be held before the target is known',
  dropped_busy: 'two CPUs held bytes of one connection at once',
  passed_malformed: 'not a whole, sound packet: left alone',
  passed_martian: 'from a source that no client can have',
  passed_no_flow: 'of no known connection: the kernel refuses it',
  passed_unknown_fragment: 'a fragment whose first one was not seen',
};

/** Reasons of packets that are passed on and still worth a look. */
const ODD = ['passed_malformed', 'passed_martian', 'passed_no_flow', 'passed_unknown_fragment'];

/** `dropped_no_target` as words: `no target`. */
export function reasonName(reason: string): string {
  return reason.replace(/^(dropped|passed|forwarded)_/, '').replaceAll('_', ' ');
}

/** What a reason means; empty when its name says it. */
export function reasonMeaning(reason: string): string {
  return MEANINGS[reason] ?? '';
}

/** Whether packets of a reason are lost or odd, so that somebody should know. */
export function isTrouble({
  reason,
  outcome,
}: {
  readonly reason: string;
  readonly outcome: string;
}): boolean {
  return outcome === 'dropped' || ODD.includes(reason);
}
