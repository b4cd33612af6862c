import { beforeAll, describe, expect, it } from 'vitest';
import {
  curl,
  fetchMany,
  httpUrl,
  iperf3,
  type LabFile,
  makeFile,
  type NginxService,
  startIperf3,
  startNginx,
} from '../../lab/index.ts';
import { bothFamilies, configOf, FAMILIES, useScene } from '../support/index.ts';

const FILE_BYTES = 100 * 1024 * 1024;

/** In this order: offloads are turned off and stay so. */
const WAYS = [
  { attach: 'tc', offloads: 'on', measured: { family: 'v4', reverse: false } },
  { attach: 'native', offloads: 'off', measured: { family: 'v6', reverse: true } },
  { attach: 'generic', offloads: 'off', measured: { family: 'v4', reverse: true } },
] as const;

describe('transfers', () => {
  let nginx: NginxService;
  let file: LabFile;
  const scene = useScene({ targets: 3 }, async (scene) => {
    const { lab } = scene;
    nginx = await startNginx(lab.target());
    await Promise.all([1, 2].map((index) => startNginx(lab.target(index))));
    for (const address of [lab.target().v4, lab.target().v6]) await startIperf3(lab.target(), { address });
    file = await makeFile(lab.target(), 'big', FILE_BYTES);
    await scene.start(config('tc'));
  });

  function config(attach: string) {
    const { lab } = scene;
    const targets = [lab.target()];
    const proxies = [
      ...bothFamilies(lab, { name: 'web', port: 80 }),
      ...bothFamilies(lab, { name: 'one', port: 81, targetPort: 80, targets }),
      ...bothFamilies(lab, { name: 'iperf', port: 5201, targets }),
    ];
    return configOf(proxies, { attach });
  }

  describe.each(WAYS)('with attach $attach and offloads $offloads', ({ attach, offloads, measured }) => {
    beforeAll(async () => {
      if (offloads === 'off') await scene.lab.turnOffloadsOff();
      await scene.balancer.reload(config(attach));
    });

    it.each(FAMILIES)('100 MB come down unchanged (%s)', async (family) => {
      const url = httpUrl(scene.lab.balancer[family], 81, '/files/big');
      const script = `curl --silent --globoff --fail --max-time 30 '${url}' | sha256sum`;
      expect((await scene.lab.client().run(['sh', '-c', script])).split(' ')[0]).toBe(file.sha256);
    });

    it.each(FAMILIES)('100 MB go up unchanged (%s)', async (family) => {
      const url = httpUrl(scene.lab.balancer[family], 81, `/upload/${attach}${family}`);
      const { code, stderr } = await curl(scene.lab.client(), ['--fail', '--upload-file', file.path, url]);
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
      expect(await nginx.uploadSha256(`${attach}${family}`)).toBe(file.sha256);
    });

    it.each(FAMILIES)(
      '500 clients at once keep their connection for 5 requests each (%s)',
      async (family) => {
        const result = await fetchMany(scene.lab.client(), httpUrl(scene.lab.balancer[family]), {
          count: 500,
          concurrency: 500,
          requestsPerConnection: 5,
        });
        expect(result).toMatchObject({ errors: {}, switched: 0 });
        expect(Object.keys(result.byTarget).sort()).toEqual(['target1', 'target2', 'target3']);
      },
    );

    it('iperf3 measures TCP one way and UDP the other', async () => {
      const { family, reverse } = measured;
      const [client, address] = [scene.lab.client(), scene.lab.balancer[family]];
      const tcp = await iperf3(client, address, { reverse: !reverse, parallel: 4 });
      expect(tcp.bitsPerSecond).toBeGreaterThan(100e6);
      // So little that the receiver's buffer has room for half a second, in which it may have to wait for a core.
      const udp = await iperf3(client, address, { udp: true, bandwidth: '2M', reverse });
      expect(udp.bitsPerSecond).toBeGreaterThan(1e6);
      expect(udp.lostPercent).toBeLessThan(5);
    });
  });
});
