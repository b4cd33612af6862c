import { isIP } from 'node:net';
import type { Check, Facts, Subject } from '../facts.ts';
import type { Finding } from '../finding.ts';
import { pathInterfaces } from '../routes.ts';

const check = 'forwarding';
type Family = 4 | 6;

/** The kernel forwards what comes in on the interfaces that clients and targets use, for each family that has a target elsewhere. */
export const checkForwarding: Check = (subject, facts) =>
  ([4, 6] as const).flatMap((family) => checkFamily(family, subject, facts));

function checkFamily(family: Family, subject: Subject, facts: Facts): Finding[] {
  const known = subject.targets.length > 0;
  if (known && !hasRemoteTarget(family, subject, facts)) return [];
  const off = pathInterfaces(subject, facts.routes).filter((name) => isOff(family, name, facts));
  if (off.length === 0) return [{ check, level: 'ok', message: `IPv${family} forwarding is on` }];
  return [
    {
      check,
      level: known ? 'fail' : 'hint',
      message: `IPv${family} forwarding is off on ${off.join(', ')}; targets on other hosts need it`,
      fix: family === 4 ? 'sysctl -w net.ipv4.ip_forward=1' : 'sysctl -w net.ipv6.conf.all.forwarding=1',
    },
  ];
}

function hasRemoteTarget(family: Family, { targets }: Subject, { routes }: Facts): boolean {
  return targets.some(({ address }) => isIP(address) === family && routes.get(address)?.type === 'unicast');
}

function isOff(family: Family, name: string, { settings }: Facts): boolean {
  const found = settings.get(name);
  return (family === 4 ? found?.forwarding4 : found?.forwarding6) === false;
}
