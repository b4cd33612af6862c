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

describe('a lab with two listening interfaces', () => {
  it('has its clients on both, and an address of its own on each', async () => {
    await using lab = await Lab.create({
      fronts: 2,
      vips: 2,
      clients: [{ front: 0 }, { front: 1 }],
      targets: 1,
    });
    expect(lab.balancer.interfaces.map((each) => each.name)).toEqual(['front0', 'front1', 'back0']);
    for (const [front, client] of lab.clients.entries()) {
      for (const address of [...lab.vips(front).v4, ...lab.vips(front).v6, lab.target().v4]) {
        expect((await client.exec(['ping', '-c', '1', '-W', '2', address])).code).toBe(0);
      }
    }
  });
});

describe('a lab whose targets have no route to the clients', () => {
  it('lets the balancer reach them, and nobody else', async () => {
    await using lab = await Lab.create({ targetRoute: 'none', targets: 1 });
    const fromBalancer = await lab.balancer.exec(['ping', '-c', '1', '-W', '2', lab.target().v6]);
    expect(fromBalancer.code).toBe(0);
    expect(await reaches(lab, lab.target().v4)).toBe(false);
  });
});

describe('a lab without offloads', () => {
  it('has none on any interface, and NAPI where the balancer sends to', async () => {
    await using lab = await Lab.create({ offloads: 'off', wiring: 'direct', targets: 1 });
    for (const [host, device] of [
      [lab.client(), 'eth0'],
      [lab.balancer, 'front0'],
      [lab.balancer, 'back0'],
      [lab.target(), 'eth0'],
    ] as const) {
      const features = await host.run(['ethtool', '-k', device]);
      expect(features).toMatch(/^tx-checksumming: off/m);
      expect(features).toMatch(/^\ttx-tcp-segmentation: off/m);
      if (host !== lab.balancer) expect(features).toMatch(/^generic-receive-offload: on/m);
    }
  });
});

describe('a spec that makes no sense', () => {
  it.each([
    [{ wiring: 'direct', targets: 2 }, 'direct wiring'],
    [{ targets: 251 }, 'targets is 251'],
    [{ clients: [{ front: 1 }] }, 'clients[0].front is 1'],
  ] as const)('%j is refused with the reason', async (spec, reason) => {
    await expect(Lab.create(spec)).rejects.toThrow(reason);
  });
});
