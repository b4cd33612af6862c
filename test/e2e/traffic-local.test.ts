import { describe, expect, it } from 'vitest';
import {
  curl,
  fetchMany,
  type Host,
  httpUrl,
  makeFile,
  SocketAgent,
  startNginx,
  startUdpEcho,
  udpMany,
} from '../../lab/index.ts';
import { configOf, FAMILIES, proxy, useScene } from '../support/index.ts';

const FILE_BYTES = 20 * 1024 * 1024;

async function downloadDigest(client: Host, address: string, port: number, name: string): Promise<string> {
  const url = httpUrl(address, port, `/files/${name}`);
  const script = `curl --silent --globoff --fail --max-time 30 '${url}' | sha256sum`;
  return (await client.run(['sh', '-c', script])).split(' ')[0] ?? '';
}

describe.each([
  { attach: 'tc', offloads: 'on' },
  { attach: 'native', offloads: 'off' },
] as const)('targets on the host of the balancer, attach $attach', ({ attach, offloads }) => {
  const scene = useScene(
    { targets: 1, offloads, balancerSysctls: { 'net.ipv4.conf.all.route_localnet': 1 } },
    async (scene) => {
      const { lab } = scene;
      await startNginx(lab.balancer, { name: 'here', port: 8080 });
      await startNginx(lab.target(), { port: 8080 });
      const back = lab.balancer.interface('back0');
      const own = { v4: back.addresses4[0] ?? '', v6: back.addresses6[0] ?? '' };
      await startUdpEcho(lab.balancer, { name: 'here', port: 8007, addresses: [own.v4, own.v6] });
      const proxies = FAMILIES.flatMap((family) => {
        const address = lab.balancer[family];
        const each = { address, targets: [own[family]] };
        return [
          proxy({ ...each, name: `web ${family}`, port: 80, targetPort: 8080 }),
          proxy({ ...each, name: `echo ${family}`, port: 7, targetPort: 8007 }),
          proxy({ ...each, name: `nobody ${family}`, port: 9 }),
          proxy({ ...each, name: `snat ${family}`, port: 81, targetPort: 8080, mode: 'snat' }),
          proxy({
            ...each,
            name: `mixed ${family}`,
            port: 82,
            targetPort: 8080,
            targets: [own[family], lab.target()[family]],
          }),
        ];
      });
      const loopback = { name: 'loopback', address: lab.vip4, port: 83, targetPort: 8080 };
      await scene.start(configOf([...proxies, proxy({ ...loopback, targets: ['127.0.0.1'] })], { attach }));
    },
  );

  it.each(FAMILIES)('get new connections, and see the client (%s)', async (family) => {
    const url = httpUrl(scene.lab.balancer[family]);
    const result = await fetchMany(scene.lab.client(), url, { count: 200 });
    expect(result).toMatchObject({ byTarget: { here: 200 }, errors: {} });
    const { stdout } = await curl(scene.lab.client(), [url]);
    expect(stdout.split(' ')[1]).toBe(scene.lab.client()[family]);
    expect((await scene.balancer.reasons())['tc_egress/reply']).toBeGreaterThan(600);
  });

  it.each(FAMILIES)('send 20 MB unchanged (%s)', async (family) => {
    const { lab } = scene;
    const file = await makeFile(lab.target(), 'local', FILE_BYTES);
    expect(await downloadDigest(lab.client(), lab.balancer[family], 80, 'local')).toBe(file.sha256);
  });

  it.each(FAMILIES)('get UDP conversations (%s)', async (family) => {
    const result = await udpMany(scene.lab.client(), scene.lab.balancer[family], 7, {
      count: 100,
      messages: 3,
    });
    expect(result).toMatchObject({ byTarget: { here: 100 }, lost: 0, corrupted: 0, switched: 0, errors: {} });
  });

  it.each(FAMILIES)('refuse clients, over TCP and UDP (%s)', async (family) => {
    await using agent = new SocketAgent(scene.lab.client());
    const address = scene.lab.balancer[family];
    expect(await agent.begin({ address, port: 9 }).closed()).toBe('ECONNREFUSED');
    const unreachable = await agent.connect({ address, port: 9, protocol: 'udp' });
    unreachable.send('is anybody there?');
    expect(await unreachable.closed()).toBe('ECONNREFUSED');
  });

  it.each(FAMILIES)('see the client also in snat mode (%s)', async (family) => {
    const { stdout } = await curl(scene.lab.client(), [httpUrl(scene.lab.balancer[family], 81)]);
    expect(stdout.split(' ').slice(0, 2)).toEqual(['here', scene.lab.client()[family]]);
  });

  it.each(FAMILIES)('share a pool with targets elsewhere (%s)', async (family) => {
    const url = httpUrl(scene.lab.balancer[family], 82);
    const result = await fetchMany(scene.lab.client(), url, { count: 100 });
    expect(result.errors).toEqual({});
    expect(Object.keys(result.byTarget).sort()).toEqual(['here', 'target1']);
  });

  it('may be on 127.0.0.1, where route_localnet allows it', async () => {
    const result = await fetchMany(scene.lab.client(), httpUrl(scene.lab.vip4, 83), { count: 100 });
    expect(result).toMatchObject({ byTarget: { here: 100 }, errors: {} });
    const file = await makeFile(scene.lab.target(), 'loopback', FILE_BYTES);
    expect(await downloadDigest(scene.lab.client(), scene.lab.vip4, 83, 'loopback')).toBe(file.sha256);
  });
});

describe.each([
  { family: 'v4', address: '127.0.0.1' },
  { family: 'v6', address: '::1' },
] as const)('a listener and a target on loopback ($family)', ({ address }) => {
  const scene = useScene({ targets: 0 }, async (scene) => {
    const { lab } = scene;
    await startNginx(lab.balancer, { name: 'here', port: 8080 });
    await startUdpEcho(lab.balancer, { name: 'here', port: 8080, addresses: ['127.0.0.1', '::1'] });
    const loopback = { name: 'web', interfaces: ['lo'], address, port: 80, targetPort: 8080 };
    await scene.start(configOf([proxy({ ...loopback, targets: [address] })]));
  });

  it('serves clients of the same host', async () => {
    const { lab } = scene;
    const tcp = await fetchMany(lab.balancer, httpUrl(address), { count: 200 });
    expect(tcp).toMatchObject({ byTarget: { here: 200 }, errors: {} });
    const udp = await udpMany(lab.balancer, address, 80, { count: 100, messages: 3 });
    expect(udp).toMatchObject({ byTarget: { here: 100 }, lost: 0, corrupted: 0, switched: 0, errors: {} });
  });

  it('carries 20 MB unchanged', async () => {
    const file = await makeFile(scene.lab.balancer, 'lo', FILE_BYTES);
    expect(await downloadDigest(scene.lab.balancer, address, 80, 'lo')).toBe(file.sha256);
  });

  it('leaves the port of the target as it is for those who use it directly', async () => {
    const result = await fetchMany(scene.lab.balancer, httpUrl(address, 8080), { count: 50 });
    expect(result).toMatchObject({ byTarget: { here: 50 }, errors: {} });
  });
});
