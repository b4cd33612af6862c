import type { HostInterface } from '../../host/index.ts';
import type { Check, SubjectInterface } from '../facts.ts';
import type { Finding } from '../finding.ts';

const check = 'interface';

/** The listening interfaces are there and up. */
export const checkInterfaces: Check = (subject, facts) =>
  subject.interfaces.map((wanted) => checkOne(wanted, facts.interfaces));

function checkOne({ name }: SubjectInterface, interfaces: readonly HostInterface[]): Finding {
  const device = interfaces.find((entry) => entry.name === name);
  if (device === undefined) {
    const others = interfaces.map((entry) => entry.name).join(', ');
    return { check, level: 'fail', message: `${name} does not exist`, fix: `use one of: ${others}` };
  }
  if (!device.up) {
    return { check, level: 'fail', message: `${name} is down`, fix: `ip link set dev ${name} up` };
  }
  if (!device.running) {
    return { check, level: 'warn', message: `${name} has no carrier`, fix: 'check the cable or the peer' };
  }
  if (device.addresses.length === 0) {
    return {
      check,
      level: 'warn',
      message: `${name} has no address: a proxy that names only it listens nowhere`,
      fix: `ip address add ADDRESS/PREFIX dev ${name}, or set listen.address`,
    };
  }
  const addresses = device.addresses.map((entry) => entry.address).join(', ');
  return { check, level: 'ok', message: `${name} is up (${device.driver ?? device.kind}): ${addresses}` };
}
