import { type DecodedFrame, type DecodedIp, ethernetFrame, type Host } from '../../lab/index.ts';

/** Puts a packet into the frame in which a host would send it to its default gateway. */
export function toGateway(host: Host, packet: Buffer, device = 'eth0'): Buffer {
  const { gatewayMac } = host;
  if (gatewayMac === undefined) throw new Error(`${host.name} has no default route`);
  return ethernetFrame({ source: host.interface(device).mac, destination: gatewayMac }, packet);
}

/** The IP packets of a capture. */
export function packetsOf(frames: readonly DecodedFrame[]): readonly DecodedIp[] {
  return frames.flatMap(({ ip }) => ip ?? []);
}
