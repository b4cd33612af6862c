import type { Check } from '../facts.ts';
import { pathInterfaces } from '../routes.ts';

const check = 'rp_filter';
const STRICT = 1;

/** Reverse path filtering drops nothing that comes in on one interface and would go out on another. */
export const checkRpFilter: Check = (subject, facts) => {
  const path = pathInterfaces(subject, facts.routes);
  const names = path.filter((name) => facts.settings.get(name)?.rpFilter === STRICT);
  if (names.length === 0) return [{ check, level: 'ok', message: 'no strict reverse path filter' }];
  if (path.length === 1) {
    return [{ check, level: 'ok', message: `strict on ${names[0]}, which is the only interface in use` }];
  }
  return [
    {
      check,
      level: 'warn',
      message: `strict on ${names.join(', ')}: packets whose sender is reached through another interface are dropped`,
      fix: names.map((name) => `sysctl -w net.ipv4.conf.${name.replaceAll('.', '/')}.rp_filter=2`).join('; '),
    },
  ];
};
