import { Lab } from '../../lab/index.ts';
import { runChild } from '../child.ts';
import { Sluice, type SluiceSpec } from '../contenders/sluice.ts';
import { interfaceIndex } from '../interface-index.ts';
import { pinned } from '../machine.ts';
import { benchObject, benchProgram } from '../paths.ts';
import type { CostPlan } from '../plan.ts';
import {
  CLIENT_ADDRESSES,
  COST_PORT,
  type CostArguments,
  type CostSamples,
  LATE_PORT,
  LIMITED_PORT,
  type NetworkInterface,
} from './samples.ts';

const TIMEOUT_MS = 300_000;
/** New connections a second of one source: more than a sample has. */
const NEVER_REACHED = 100_000;

/**
 * Measures what a packet costs in Sluice's programs and in the yardsticks, in a lab of its own. `settings`: more of Sluice's, as a
 * file has them.
 * @throws SluiceError when something does not start, or packets do not take the way to be measured; the signal's reason
 */
export async function measureCost(
  plan: CostPlan,
  step: (done: number, all: number) => void,
  signal: AbortSignal,
  settings: NonNullable<SluiceSpec['settings']> = {},
): Promise<readonly CostSamples[]> {
  await using lab = await Lab.create(
    {
      clients: [{ addresses: CLIENT_ADDRESSES }],
      targets: 1,
      wiring: 'direct',
      offloads: 'off',
      staticNeighbours: true,
    },
    { signal },
  );
  const target = lab.target().v4;
  const services = [
    { protocol: 'tcp', port: COST_PORT },
    { protocol: 'tcp', port: LATE_PORT, hostName: 'a.example' },
    { protocol: 'tcp', port: LIMITED_PORT, perSource: NEVER_REACHED },
  ] as const;
  await using sluice = await Sluice.start(lab, { attach: 'native', services, target, settings }, signal);
  const args: CostArguments = {
    plan,
    object: benchObject('cost'),
    pins: sluice.pins,
    adminSocket: sluice.adminSocket,
    front: await interfaceOf(lab, 'front0'),
    back: await interfaceOf(lab, 'back0'),
    listen: lab.vip4,
    target,
    client: lab.client().v4,
  };
  // Before all other work: what flows remember must not be forgotten in mid-round.
  const argv = ['nice', '--adjustment=-20', ...pinned(benchProgram('cost/program', args))];
  return await runChild<readonly CostSamples[]>(lab.balancer, argv, { timeoutMs: TIMEOUT_MS, signal, step });
}

async function interfaceOf(lab: Lab, device: string): Promise<NetworkInterface> {
  const ifindex = await interfaceIndex(lab.balancer, device);
  return { ifindex, mac: lab.balancer.interface(device).mac };
}
