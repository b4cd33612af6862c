import type { HostInterface } from '../../host/index.ts';
import type { Check, Facts } from '../facts.ts';
import type { Finding } from '../finding.ts';
import { isAtLeast } from '../kernel-release.ts';
import { type XdpMode, xdpDevices } from '../xdp-devices.ts';
import { XDP_DRIVERS } from '../xdp-drivers.ts';

const check = 'xdp';

/** The attach mode works on each listening interface: driver, MTU, and nobody else's program in the way. */
export const checkXdp: Check = (subject, facts) =>
  xdpDevices(subject, facts).flatMap(({ device, mode }) => [
    ...(mode === 'native' ? [checkDriver(device, facts)] : [ok(`${device.name} attaches in mode ${mode}`)]),
    ...checkOccupied(device, mode),
  ]);

function checkDriver(device: HostInterface, { kernelRelease }: Facts): Finding {
  const { name, mtu } = device;
  const driver = device.driver ?? device.kind ?? 'unknown';
  const known = XDP_DRIVERS[driver];
  if (known === undefined) {
    return warn(`${name}: the driver ${driver} is not known to have native XDP; generic XDP is slower`, name);
  }
  if (known.sinceKernel !== undefined && !isAtLeast(kernelRelease, known.sinceKernel)) {
    const since = known.sinceKernel.join('.');
    return warn(`${name}: ${driver} has native XDP from Linux ${since} on, this is ${kernelRelease}`, name);
  }
  if (known.maxMtu !== undefined && mtu > known.maxMtu) {
    return {
      check,
      level: 'warn',
      message: `${name}: MTU ${mtu} is beyond what ${driver} takes with native XDP (about ${known.maxMtu})`,
      fix: `ip link set dev ${name} mtu ${known.maxMtu}, or settings.attach: { ${name}: tc }`,
    };
  }
  return ok(`${name}: ${driver} has native XDP`);
}

function checkOccupied({ name, xdp }: HostInterface, mode: XdpMode): Finding[] {
  if (xdp === null || mode === 'tc') return [];
  const id = xdp.programId === null ? '' : ` (program ${xdp.programId})`;
  return [
    {
      check,
      level: 'hint',
      message: `${name} has an XDP program in mode ${xdp.mode} already${id}; another program than Sluice's is in the way`,
      fix: `if it is not Sluice's: ip link set dev ${name} xdp off`,
    },
  ];
}

function warn(message: string, name: string): Finding {
  return { check, level: 'warn', message, fix: `settings.attach: { ${name}: tc }, or generic` };
}

function ok(message: string): Finding {
  return { check, level: 'ok', message };
}
