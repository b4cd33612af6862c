import { beforeEach, describe, expect, it } from 'vitest';
import { curl, fetchMany, httpUrl, startNginx } from '../../lab/index.ts';
import { configOf, FAMILIES, proxy, useScene } from '../support/index.ts';

const FRONTS = ['front0', 'front1'];

const ATTACHMENTS = [
  { name: 'TC', attach: 'tc' },
  { name: 'native XDP in front, TC behind', attach: { front0: 'native', front1: 'native', back0: 'tc' } },
  { name: 'another mode on each', attach: { front0: 'tc', front1: 'generic', back0: 'native' } },
] as const;

const SPEC = { fronts: 2, vips: 2, clients: [{ front: 0 }, { front: 1 }], targets: 2 } as const;

describe('two listening interfaces', () => {
  const scene = useScene({ ...SPEC, offloads: 'off' }, async ({ lab }) => {
    for (const target of lab.targets) await startNginx(target);
  });

  /** Two proxies on all addresses of both, and one on an interface only, attached in some way. */
  function config(attach: (typeof ATTACHMENTS)[number]['attach']) {
    const { lab } = scene;
    const both = FAMILIES.map((family) => ({
      ...proxy({ name: family, port: 80, targets: lab.targets.map((target) => target[family]) }),
      listen: { interfaces: FRONTS, port: 80, address: [0, 1].flatMap((front) => lab.vips(front)[family]) },
    }));
    const targets = lab.targets.map(({ v4 }) => v4);
    return configOf([...both, proxy({ name: 'first', port: 81, targetPort: 80, targets })], { attach });
  }

  describe.each(ATTACHMENTS)('$name', ({ attach }) => {
    beforeEach(() => scene.lend(config(attach)));

    it.each(FAMILIES)('serve every address to the clients of both (%s)', async (family) => {
      const { lab } = scene;
      const addresses = [...lab.vips(0)[family], ...lab.vips(1)[family]];
      const visits = lab.clients.flatMap((client) =>
        addresses.map((address) => fetchMany(client, httpUrl(address), { count: 40 })),
      );
      for (const { errors, byTarget } of await Promise.all(visits)) {
        expect(errors).toEqual({});
        expect(Object.keys(byTarget).sort()).toEqual(['target1', 'target2']);
      }
    });

    it('keep a listener that names one of them off the other', async () => {
      const { lab } = scene;
      for (const address of lab.vips(0).v4) {
        expect((await curl(lab.client(0), [httpUrl(address, 81)])).code).toBe(0);
      }
      for (const address of lab.vips(1).v4) {
        expect((await curl(lab.client(1), [httpUrl(address, 81)])).code).toBe(7);
      }
    });
  });
});
