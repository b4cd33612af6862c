import { describe, expect, it } from 'vitest';
import {
  addressBytes,
  curl,
  fetchMany,
  httpUrl,
  makeFile,
  type NginxService,
  SocketAgent,
  startNginx,
  startUdpEcho,
  udpMany,
} from '../../lab/index.ts';
import { bothFamilies, configOf, expectShares, FAMILIES, useScene } from '../support/index.ts';

const WEIGHTS = [50, 30, 20];
const SHARES = { target1: 50, target2: 30, target3: 20 };

describe.each([
  { attach: 'tc', offloads: 'on' },
  { attach: 'native', offloads: 'off' },
] as const)('snat to targets without a route to the client, attach $attach', ({ attach, offloads }) => {
  let nginx: NginxService;
  const scene = useScene({ targets: 3, offloads, targetRoute: 'none' }, async (scene) => {
    const { lab } = scene;
    nginx = await startNginx(lab.target());
    await Promise.all([1, 2].map((index) => startNginx(lab.target(index))));
    for (const target of lab.targets) await startUdpEcho(target);
    const targets = [lab.target()];
    await scene.start(
      configOf(
        [
          ...bothFamilies(lab, { name: 'web', port: 80, mode: 'snat', weights: WEIGHTS }),
          ...bothFamilies(lab, { name: 'echo', port: 7, mode: 'snat', weights: WEIGHTS }),
          ...bothFamilies(lab, { name: 'one', port: 81, targetPort: 80, mode: 'snat', targets }),
          ...bothFamilies(lab, { name: 'nobody', port: 9, mode: 'snat', targets }),
          ...bothFamilies(lab, { name: 'nat', port: 82, targetPort: 80, targets }),
        ],
        { attach },
      ),
    );
  });

  it.each([
    ['v4', 5000],
    ['v6', 1000],
  ] as const)('shares new TCP connections by weight (%s, %d)', async (family, count) => {
    const result = await fetchMany(scene.lab.client(), httpUrl(scene.lab.balancer[family]), { count });
    expect(result.errors).toEqual({});
    expectShares(result.byTarget, SHARES);
  });

  it.each(FAMILIES)('shares UDP conversations by weight and keeps them (%s)', async (family) => {
    const result = await udpMany(scene.lab.client(), scene.lab.balancer[family], 7, {
      count: 1000,
      messages: 3,
    });
    expect(result).toMatchObject({ lost: 0, corrupted: 0, switched: 0, errors: {} });
    expectShares(result.byTarget, SHARES);
  });

  it.each(FAMILIES)('shows the target an address of the balancer (%s)', async (family) => {
    const { stdout } = await curl(scene.lab.client(), [httpUrl(scene.lab.balancer[family])]);
    const { addresses4, addresses6 } = scene.lab.balancer.interface('back0');
    const [own = ''] = family === 'v4' ? addresses4 : addresses6;
    expect(addressBytes(stdout.split(' ')[1] ?? '')).toEqual(addressBytes(own));
  });

  it.each(FAMILIES)('is what makes them reachable: nat does not (%s)', async (family) => {
    const url = httpUrl(scene.lab.balancer[family], 82);
    const { code } = await curl(scene.lab.client(), ['--connect-timeout', '0.5', url]);
    expect(code).toBe(28);
  });

  it.each(FAMILIES)('carries 20 MB both ways unchanged (%s)', async (family) => {
    const { lab } = scene;
    const file = await makeFile(lab.target(), `snat-${family}`, 20 * 1024 * 1024);
    const at = (path: string) => httpUrl(lab.balancer[family], 81, path);
    const up = await curl(lab.client(), ['--fail', '--upload-file', file.path, at(`/upload/${family}`)]);
    expect(up).toMatchObject({ code: 0, stderr: '' });
    expect(await nginx.uploadSha256(family)).toBe(file.sha256);
    const script = `curl --silent --globoff --fail --max-time 30 '${at(`/files/snat-${family}`)}' | sha256sum`;
    expect((await lab.client().run(['sh', '-c', script])).split(' ')[0]).toBe(file.sha256);
  });

  it.each(FAMILIES)('passes on that a target refuses, over TCP and UDP (%s)', async (family) => {
    await using agent = new SocketAgent(scene.lab.client());
    const address = scene.lab.balancer[family];
    const refused = agent.begin({ address, port: 9 });
    expect(await refused.closed()).toBe('ECONNREFUSED');
    const unreachable = await agent.connect({ address, port: 9, protocol: 'udp' });
    unreachable.send('is anybody there?');
    expect(await unreachable.closed()).toBe('ECONNREFUSED');
  });
});
