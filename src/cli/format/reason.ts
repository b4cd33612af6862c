/** What each reason means, in a few words for people. */
export const REASON_WORDS: Readonly<Record<string, string>> = {
  forwarded_established: 'a packet of a known connection, on its way to the target',
  forwarded_new_flow: 'the first packet of a connection: a target was chosen',
  forwarded_reply: "a target's answer, on its way to the client",
  forwarded_fragment: 'a later fragment of a known connection',
  forwarded_icmp_error: 'an ICMP error about a known connection, translated',
  forwarded_too_big: 'too big for the way: turned into "packet too big" for its sender',
  forwarded_cookie: 'a SYN to a listener with SNI routes: answered by a SYN cookie',
  forwarded_held: 'kept until the target can be chosen, or has answered',
  forwarded_replayed: 'turned into held bytes on their way to the target',
  forwarded_reset: 'turned into a RST: what the connection needs is no longer held',
  passed_not_ip: 'no IP: left to the kernel',
  passed_vlan: 'with a VLAN tag: left to the kernel',
  passed_other_host: 'its MAC address is not ours: a flooded frame, or a group',
  passed_malformed: 'its headers contradict each other: left to the kernel',
  passed_extension_headers: 'IPv6 extension headers that are not stepped over',
  passed_other_protocol: 'neither TCP nor UDP, nor an ICMP error about them',
  passed_unknown_fragment: 'a later fragment whose first one was not seen',
  passed_no_listener: 'no proxy listens there: left to the kernel',
  passed_martian: 'for a listener, but from a source that no client can have',
  passed_no_flow: 'for a listener, but of no known connection: the kernel answers RST',
  passed_to_tc: 'XDP leaves it to tc_ingress of the same interface',
  passed_to_egress: 'an answer that tc_egress will rewrite on its way out',
  dropped_no_target: 'the pool has no target',
  dropped_no_snat_port: 'no source port is free towards the target',
  dropped_tuple_conflict: 'the same client port talks to the same target by another proxy',
  dropped_table_full: 'a table of connections has no room',
  dropped_no_route: 'no route leads to where it should go',
  dropped_forwarding_disabled: 'forwarding is off: sysctl net.ipv4.ip_forward, net.ipv6.conf.all.forwarding',
  dropped_ttl_expired: 'its TTL has expired here',
  dropped_too_big: 'too big for the way, and its sender cannot be told',
  dropped_rewrite_failed: 'the kernel had no memory to rewrite it',
  dropped_rate_limited_source: 'its source opens too many connections',
  dropped_rate_limited_target: 'no target that was tried may have more connections now',
  dropped_nothing_held: 'of a connection whose first bytes are not here (yet)',
  dropped_out_of_room: 'beyond what is held of a connection before its target is chosen',
  dropped_busy: 'two CPUs want to add to the held bytes of one connection',
};

/** The words for a reason; its name, where there are none. */
export function reasonWords(outcome: string, reason: string): string {
  return REASON_WORDS[`${outcome}_${reason}`] ?? reason.replaceAll('_', ' ');
}
