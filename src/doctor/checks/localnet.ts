import type { Check } from '../facts.ts';

const check = 'route_localnet';

/** Targets in 127.0.0.0/8 can be reached from the listening interfaces. */
export const checkLocalnet: Check = (subject, facts) => {
  if (!subject.targets.some(({ address }) => address.startsWith('127.'))) return [];
  const closed = subject.interfaces.filter(
    ({ name }) => !isLoopback(name, facts.interfaces) && facts.settings.get(name)?.routeLocalnet === false,
  );
  if (closed.length === 0) return [{ check, level: 'ok', message: 'targets in 127.0.0.0/8 can be reached' }];
  return [
    {
      check,
      level: 'fail',
      message: `the kernel drops packets for 127.0.0.0/8 that come in on ${closed.map(({ name }) => name).join(', ')}`,
      fix: closed
        .map(({ name }) => `sysctl -w net.ipv4.conf.${name.replaceAll('.', '/')}.route_localnet=1`)
        .join('; '),
    },
  ];
};

function isLoopback(name: string, interfaces: readonly { name: string; kind: string | null }[]): boolean {
  return interfaces.some((entry) => entry.name === name && entry.kind === 'loopback');
}
