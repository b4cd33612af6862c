import type { Check, Facts, SubjectTarget } from '../facts.ts';
import { count, type Finding } from '../finding.ts';

const check = 'route';

/** Every target can be reached: a route, and a neighbour that answers. */
export const checkRoutes: Check = (subject, facts) => {
  if (subject.targets.length === 0) return [];
  const findings = subject.targets.flatMap((target) => checkTarget(target, facts));
  if (findings.length > 0) return findings;
  const local = subject.targets.filter(({ address }) => facts.routes.get(address)?.type === 'local').length;
  const where = local === 0 ? '' : `, ${local} of them on this host`;
  return [
    { check, level: 'ok', message: `${count(subject.targets.length, 'target')} can be routed to${where}` },
  ];
};

function checkTarget({ proxy, address }: SubjectTarget, facts: Facts): Finding[] {
  const route = facts.routes.get(address) ?? null;
  const what = `target ${address} of "${proxy}"`;
  if (route === null) return [fail(`there is no route to ${what}`, `ip route add ${address} via GATEWAY`)];
  switch (route.type) {
    case 'unicast':
      return checkNeighbour(what, route.gateway ?? address, route.dev, facts);
    case 'local':
      return [];
    default:
      return [fail(`the route to ${what} is "${route.type}"`, `ip route get ${address}`)];
  }
}

function checkNeighbour(what: string, nextHop: string, dev: string, facts: Facts): Finding[] {
  const found = facts.neighbours.find((entry) => entry.address === nextHop && entry.dev === dev);
  if (found?.state !== 'FAILED' && found?.state !== 'INCOMPLETE') return [];
  return [
    {
      check,
      level: 'warn',
      message: `${nextHop} on ${dev}, the next hop to ${what}, does not answer (${found.state})`,
      fix: `check that it is up and on this link: ip neigh show to ${nextHop}`,
    },
  ];
}

function fail(message: string, fix: string): Finding {
  return { check, level: 'fail', message, fix };
}
