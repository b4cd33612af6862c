import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Lab, type LabSpec } from '../../lab/index.ts';

async function reaches(lab: Lab, address: string): Promise<boolean> {
  const result = await lab.client().exec(['ping', '-c', '1', '-W', '2', address]);
  return result.code === 0;
}

const layouts: readonly (readonly [string, LabSpec])[] = [
  ['a switch', { clients: 2, targets: 3 }],
  ['straight links', { wiring: 'direct', targets: 1, offloads: 'off' }],
  ['routers on both sides', { routers: { front: { mtu: 1400 }, back: { mtu: 1300 } } }],
  ['ten hosts without offloads', { clients: 2, targets: 7, offloads: 'off', staticNeighbours: true }],
];

describe.each(layouts)('a lab with %s', (_name, spec) => {
  let lab: Lab;
  beforeAll(async () => {
    lab = await Lab.create(spec);
    console.log(`${lab.hosts.length} hosts in ${lab.createdInMs.toFixed(0)} ms`);
  });
  afterAll(() => lab.close());

  it('reaches the balancer at once', async () => {
    expect(await reaches(lab, lab.vip4)).toBe(true);
    expect(await reaches(lab, lab.vip6)).toBe(true);
  });

  it('routes from a client to every target and back', async () => {
    const addresses = lab.targets.flatMap((target) => [target.v4, target.v6]);
    const answers = await Promise.all(addresses.map((address) => reaches(lab, address)));
    expect(answers).toEqual(addresses.map(() => true));
  });
});
