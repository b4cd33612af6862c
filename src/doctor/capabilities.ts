import { SluiceError } from '../errors/index.ts';
import { type HostIo, systemIo } from '../host/index.ts';

/** Bit numbers of linux/capability.h. */
const CAPABILITIES = { CAP_NET_ADMIN: 12, CAP_SYS_ADMIN: 21, CAP_PERFMON: 38, CAP_BPF: 39 } as const;

/** Capabilities without which no program can be loaded and attached. */
const NEEDED = ['CAP_BPF', 'CAP_NET_ADMIN', 'CAP_PERFMON'] as const;

/** A capability that Sluice needs. */
export type NeededCapability = (typeof NEEDED)[number];

/** The command that gives a capable process to someone who is not root. */
export const PRIVILEGE_FIX = 'run with sudo, or give the service CAP_BPF, CAP_NET_ADMIN and CAP_PERFMON';

/** Reads the effective capabilities of this process; null when /proc cannot be read. */
export async function readCapabilities(io: HostIo = systemIo): Promise<bigint | null> {
  const match = /^CapEff:\s*([0-9a-f]+)$/m.exec((await io.readText('/proc/self/status')) ?? '');
  return match === null ? null : BigInt(`0x${match[1]}`);
}

/** The needed capabilities that `mask` lacks. CAP_SYS_ADMIN stands for CAP_BPF and CAP_PERFMON. */
export function missingCapabilities(mask: bigint): NeededCapability[] {
  const has = (bit: number) => ((mask >> BigInt(bit)) & 1n) === 1n;
  const admin = has(CAPABILITIES.CAP_SYS_ADMIN);
  return NEEDED.filter((name) => !has(CAPABILITIES[name]) && !(admin && name !== 'CAP_NET_ADMIN'));
}

/**
 * Makes sure that this process may load and attach programs.
 * @throws SluiceError `permission` that names what is missing.
 */
export async function requirePrivileges(io: HostIo = systemIo): Promise<void> {
  const mask = await readCapabilities(io);
  const missing = mask === null ? [] : missingCapabilities(mask);
  if (missing.length === 0) return;
  throw new SluiceError('permission', `this needs root: ${missing.join(', ')} missing`, {
    fix: PRIVILEGE_FIX,
  });
}
