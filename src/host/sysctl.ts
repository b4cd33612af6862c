import { SluiceError } from '../errors/index.ts';
import { type HostIo, systemIo } from './io.ts';

/**
 * Reads one kernel setting of this network namespace; null when this kernel does not have it.
 * @param path `net.ipv4.ip_forward`, or with slashes when a part has a dot in it:
 *   `net/ipv4/conf/eth0.100/rp_filter`.
 */
export async function readSysctl(path: string, io: HostIo = systemIo): Promise<string | null> {
  const relative = path.includes('/') ? path : path.replaceAll('.', '/');
  return io.readText(`/proc/sys/${relative}`);
}

/** Inclusive range of port numbers. */
export interface PortRange {
  readonly first: number;
  readonly last: number;
}

/**
 * Reads the ports that the kernel gives to outgoing connections, for IPv4 and IPv6 alike.
 * @throws SluiceError `kernel` when the setting cannot be read.
 */
export async function ipLocalPortRange(io: HostIo = systemIo): Promise<PortRange> {
  const text = await readSysctl('net.ipv4.ip_local_port_range', io);
  const match = /^(\d+)\s+(\d+)$/.exec(text ?? '');
  if (match === null) {
    throw new SluiceError('kernel', 'net.ipv4.ip_local_port_range cannot be read', {
      fix: 'mount -t proc proc /proc',
    });
  }
  return { first: Number(match[1]), last: Number(match[2]) };
}
