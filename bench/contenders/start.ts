import {
  Lab,
  type RivalSpec,
  startHaproxy,
  startIpvs,
  startNftDnat,
  startNginx,
  startNginxStream,
} from '../../lab/index.ts';
import { type Contender, type ContenderName, UDP_PORT, WEB_PORT } from './contender.ts';
import { Sluice } from './sluice.ts';

/**
 * Builds the lab of a contender and starts it. All labs are alike: one client, the balancer, one target, joined by
 * veth; checksums in software (native XDP needs that on veth), and every interface polled like a network card's (GRO).
 * @throws SluiceError when something does not start; nothing is left behind then
 */
export async function startContender(name: ContenderName, signal: AbortSignal): Promise<Contender> {
  const lab = await Lab.create(
    { clients: 1, targets: 1, wiring: 'direct', offloads: 'off', staticNeighbours: true },
    { signal },
  );
  try {
    for (const device of ['front0', 'back0']) await lab.balancer.run(['ethtool', '-K', device, 'gro', 'on']);
    await startNginx(lab.target(), { port: WEB_PORT });
    const balancer = await startBalancer(name, lab, signal);
    const close = async () => {
      try {
        await balancer?.[Symbol.asyncDispose]();
      } finally {
        await lab.close();
      }
    };
    const address = name === 'plain' ? lab.target().v4 : lab.vip4;
    return { name, lab, address, [Symbol.asyncDispose]: close };
  } catch (error) {
    await lab.close();
    throw error;
  }
}

async function startBalancer(
  name: ContenderName,
  lab: Lab,
  signal: AbortSignal,
): Promise<AsyncDisposable | undefined> {
  switch (name) {
    case 'plain':
      return undefined;
    case 'nftables':
      await startNftDnat(lab.balancer, rivalSpec(lab, UDP_PORT));
      return startNftDnat(lab.balancer, rivalSpec(lab, WEB_PORT));
    case 'ipvs':
      await startIpvs(lab.balancer, rivalSpec(lab, UDP_PORT));
      return startIpvs(lab.balancer, rivalSpec(lab, WEB_PORT));
    case 'haproxy':
      return startHaproxy(lab.balancer, rivalSpec(lab, WEB_PORT));
    case 'nginx':
      return startNginxStream(lab.balancer, rivalSpec(lab, WEB_PORT));
    case 'sluice-native':
      return startSluice(lab, 'native', signal);
    case 'sluice-tc':
      return startSluice(lab, 'tc', signal);
  }
}

function startSluice(lab: Lab, attach: 'native' | 'tc', signal: AbortSignal): Promise<Sluice> {
  const services = [
    { protocol: 'tcp', port: WEB_PORT },
    { protocol: 'udp', port: UDP_PORT },
  ] as const;
  return Sluice.start(lab, { attach, services, target: lab.target().v4 }, signal);
}

function rivalSpec(lab: Lab, port: number): RivalSpec {
  return { listen: { address: lab.vip4, port }, targets: [{ address: lab.target().v4, port }] };
}
