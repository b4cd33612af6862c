import type { Check } from '../facts.ts';
import { count } from '../finding.ts';
import { deliveringRoute } from '../routes.ts';

const check = 'return path';

/** In mode `nat` replies have to come back through this host; only the targets can see to that. */
export const checkReturnPath: Check = (subject, facts) => {
  const remote = subject.targets.flatMap(({ address, mode }) => {
    const route = deliveringRoute(facts, address);
    return mode === 'nat' && route?.type === 'unicast' ? [{ address, route }] : [];
  });
  const [first] = remote;
  if (first === undefined) return [];
  const routed = remote.filter(({ route }) => route.gateway !== null);
  const here = first.route.prefSource ?? 'THIS_HOST';
  if (routed.length > 0) {
    return [
      {
        check,
        level: 'warn',
        message: `${count(routed.length, 'target')} in mode nat behind a router (${routed[0]?.address}): replies reach clients only if they come back through this host`,
        fix: `mode: snat, or route the clients' addresses to ${here} on every router in between`,
      },
    ];
  }
  return [
    {
      check,
      level: 'hint',
      message: `mode nat keeps the client's address: ${count(remote.length, 'target')} must send replies through this host`,
      fix: `on each target: ip route replace default via ${here}   (or mode: snat)`,
    },
  ];
};
