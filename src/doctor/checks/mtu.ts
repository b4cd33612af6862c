import type { HostInterface } from '../../host/index.ts';
import type { Check, Facts } from '../facts.ts';
import { deliveringRoute } from '../routes.ts';

const check = 'mtu';

/** The way to each target takes packets as large as the listening interfaces do. */
export const checkMtu: Check = (subject, facts) => {
  const listening = subject.interfaces.flatMap(({ name }) => deviceNamed(facts, name) ?? []);
  const largest = Math.max(0, ...listening.filter(({ kind }) => kind !== 'loopback').map(({ mtu }) => mtu));
  const paths = subject.targets.flatMap(({ address }) => {
    const mtu = pathMtu(address, facts);
    return mtu === null ? [] : [{ address, mtu }];
  });
  const narrow = paths.filter(({ mtu }) => mtu < largest);
  if (narrow.length === 0)
    return paths.length === 0 ? [] : [{ check, level: 'ok', message: 'no target is behind a smaller MTU' }];
  const [first] = narrow;
  return [
    {
      check,
      level: 'warn',
      message: `${narrow.length} of ${subject.targets.length} targets are behind a smaller MTU (${first?.address}: ${first?.mtu}) than clients (${largest}); clients that ignore ICMP will hang`,
      fix: `make them equal: ip link set dev INTERFACE mtu ${largest}`,
    },
  ];
};

function pathMtu(address: string, facts: Facts): number | null {
  const route = deliveringRoute(facts, address);
  if (route?.type !== 'unicast') return null;
  return route.mtu ?? deviceNamed(facts, route.dev)?.mtu ?? null;
}

function deviceNamed({ interfaces }: Facts, name: string): HostInterface | undefined {
  return interfaces.find((entry) => entry.name === name);
}
