import {
  type Lab,
  type Rival,
  type RivalSpec,
  startHaproxy,
  startIpvs,
  startNftDnat,
  startNginx,
  startNginxStream,
} from '../../lab/index.ts';
import { type Contender, type ContenderName, UDP_PORT, WEB_PORT } from './contender.ts';
import { Sluice } from './sluice.ts';
import { startContender } from './start.ts';

/**
 * Builds the lab of a way to a web service and starts it.
 * @throws SluiceError when something does not start; nothing is left behind then
 */
export function startWebContender(name: ContenderName, signal: AbortSignal): Promise<Contender> {
  const serve = async (lab: Lab) => {
    await startNginx(lab.target(), { port: WEB_PORT });
  };
  return startContender(name, serve, (lab) => startBalancer(name, lab, signal), signal);
}

async function startBalancer(
  name: ContenderName,
  lab: Lab,
  signal: AbortSignal,
): Promise<Rival | Sluice | undefined> {
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
