import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { type Host, makeFile, type NginxService, sha256, synFlood } from '../../lab/index.ts';
import { configOf, useScene } from '../support/index.ts';
import { pinnedMap } from '../support/pinned.ts';
import { curlByName, getByName, sniProxies, startTlsTargets, TLS_PORT } from '../support/sni.ts';

/** Segments are lost on their way in: one in so many. */
function loseOneIn(host: Host, device: string, one: number): Promise<string> {
  return host.run([
    'nft',
    `add table netdev l; add chain netdev l in { type filter hook ingress device ${device} priority 0; }; ` +
      `add rule netdev l in tcp dport ${TLS_PORT} numgen random mod ${one} 0 drop; ` +
      `add rule netdev l in tcp sport ${TLS_PORT} numgen random mod ${one} 0 drop`,
  ]);
}

describe('TLS connections by host name', () => {
  let nginx: readonly NginxService[] = [];
  const scene = useScene({ clients: [{ addresses: 2 }] }, async (scene) => {
    nginx = await startTlsTargets(scene);
    await scene.start(configOf(sniProxies(scene)));
  });

  it('are refused when their target refuses them', async () => {
    const { lab } = scene;
    await lab
      .target()
      .run(['nft', 'add table inet r; add chain inet r in { type filter hook input priority 0; }']);
    await lab.target().run(['nft', `add rule inet r in tcp dport ${TLS_PORT} reject with tcp reset`]);
    const result = await getByName(scene, 'v4', 'a.example');
    await lab.target().run(['nft', 'delete table inet r']);
    expect(result.error).toBe('ECONNRESET');
  });

  it('get through to a silent target as soon as it answers', async () => {
    const { lab } = scene;
    await lab
      .target()
      .run(['nft', 'add table inet s; add chain inet s in { type filter hook input priority 0; }']);
    await lab.target().run(['nft', `add rule inet s in tcp dport ${TLS_PORT} drop`]);
    const pending = getByName(scene, 'v4', 'a.example', { timeoutMs: 20_000 });
    await sleep(500);
    await lab.target().run(['nft', 'delete table inet s']);
    const result = await pending;
    expect(result).toMatchObject({ verified: true, error: null });
    expect(result.body).toMatch(/^target1 /);
  });

  it('find their target with segments of 536 bytes', async () => {
    const { lab } = scene;
    await lab.client().run(['ip', 'route', 'add', lab.balancer.v4, 'dev', 'eth0', 'mtu', '576']);
    const result = await getByName(scene, 'v4', 'a.example', { moreHelloBytes: 2500 });
    await lab.client().run(['ip', 'route', 'del', lab.balancer.v4, 'dev', 'eth0', 'mtu', '576']);
    expect(result).toMatchObject({ verified: true, error: null });
    expect(result.body).toMatch(/^target1 /);
  });

  it('that are flooded with SYNs hold nothing', async () => {
    const { lab, balancer } = scene;
    using held = pinnedMap(balancer.instance, 'late');
    using pending = pinnedMap(balancer.instance, 'pending');
    const kept = () => [...held.keys()].length + [...pending.keys()].length;
    const before = kept();
    await synFlood(lab.client(), { address: lab.balancer.v4, port: TLS_PORT, count: 20_000 });
    expect(kept()).toBeLessThanOrEqual(before);
    expect((await balancer.reasons())['tc_ingress/cookie']).toBeGreaterThanOrEqual(20_000);
    expect((await getByName(scene, 'v4', 'a.example')).body).toMatch(/^target1 /);
  });

  it('survive the loss of every 20th segment, on both sides, handshakes and files', async () => {
    const { lab } = scene;
    const file = await makeFile(lab.target(), 'lossy', 3_000_000);
    await Promise.all([lab.client(), lab.target()].map((host) => loseOneIn(host, 'eth0', 20)));
    const results = [];
    for (let i = 0; i < 30; i++) {
      results.push(await getByName(scene, 'v4', 'a.example', { moreHelloBytes: 1600, timeoutMs: 30_000 }));
    }
    expect(results.map(({ error }) => error)).toEqual(results.map(() => null));
    const copy = join(lab.directory, 'lossy');
    await curlByName(scene, 'v4', 'a.example', '/files/lossy', ['-o', copy]);
    await curlByName(scene, 'v4', 'a.example', '/upload/lossy', ['-T', file.path]);
    for (const host of [lab.client(), lab.target()]) await host.run(['nft', 'delete table netdev l']);
    expect(await sha256(copy)).toBe(file.sha256);
    expect(await nginx[0]?.uploadSha256('lossy')).toBe(file.sha256);
  });
});
