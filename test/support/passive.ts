import { type Lab, PacedClients } from '../../lab/index.ts';
import type { Balancer, ConfigFile } from './balancer.ts';
import { webConfig } from './configs.ts';
import { untilChecked } from './health.ts';
import type { Scene } from './scene.ts';

/** Connections a second of {@link clientsOf}. */
export const PER_SECOND = 200;
/** Shares of four targets of which the second is out. */
export const WITHOUT_SECOND = [34, 0, 33, 33];

/** An active check that comes far too late to be what helps. */
const RARE: ConfigFile = { intervalMs: 60_000, timeoutMs: 500, healthyThreshold: 1, unhealthyThreshold: 3 };

/** Starts a balancer for which only clients find a target dead, once its first checks have ended. */
export async function startRarelyChecked(scene: Scene, check: ConfigFile = {}): Promise<Balancer> {
  const settings = { healthCheckEnabled: true, healthCheckDefaults: { ...RARE, ...check } };
  const targets = scene.lab.targets.map((target) => target.v4);
  const balancer = await scene.start(webConfig({ targets, settings }));
  if (check.type !== 'none') await untilChecked(balancer);
  return balancer;
}

/** Connections one after another to port 80, at an even pace. */
export function clientsOf(lab: Lab): PacedClients {
  return new PacedClients(lab.client(), lab.vip4, { perSecond: PER_SECOND });
}
