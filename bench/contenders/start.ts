import { Lab, type Rival } from '../../lab/index.ts';
import type { AnyContender } from './contender.ts';
import { Sluice } from './sluice.ts';

/**
 * Builds the lab of a contender and starts it. All labs are alike: one client, the balancer, one target, joined by
 * veth; checksums in software (native XDP needs that on veth), and every interface polled like a network card's (GRO).
 * @param serve starts what runs on the target
 * @param balance starts what stands between; nothing, for plain routing
 * @throws SluiceError when something does not start; nothing is left behind then
 */
export async function startContender<Name extends string>(
  name: Name,
  serve: (lab: Lab) => Promise<void>,
  balance: (lab: Lab) => Promise<Rival | Sluice | undefined>,
  signal: AbortSignal,
): Promise<AnyContender<Name>> {
  const lab = await Lab.create(
    { clients: 1, targets: 1, wiring: 'direct', offloads: 'off', staticNeighbours: true },
    { signal },
  );
  try {
    for (const device of ['front0', 'back0']) await lab.balancer.run(['ethtool', '-K', device, 'gro', 'on']);
    await serve(lab);
    const balancer = await balance(lab);
    const close = async () => {
      try {
        await balancer?.[Symbol.asyncDispose]();
      } finally {
        await lab.close();
      }
    };
    const address = balancer ? lab.vip4 : lab.target().v4;
    const pins = balancer instanceof Sluice ? balancer.pins : null;
    return { name, lab, address, pins, [Symbol.asyncDispose]: close };
  } catch (error) {
    await lab.close();
    throw error;
  }
}
