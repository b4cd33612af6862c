import { describe, expect, it } from 'vitest';
import { curl, httpUrl, SocketAgent, startNginx, startTcpEcho } from '../../lab/index.ts';
import { bothFamilies, configOf, FAMILIES, useScene } from '../support/index.ts';

const NEW_MAC = '02:00:00:00:77:01';
/** The kernel asks a stale neighbour at once and gives it up after 0.6 s; TCP sends again after up to twice that. */
const QUICK = {
  base_reachable_time_ms: 500,
  delay_first_probe_time: 0,
  retrans_time_ms: 200,
};
const FOUND_WITHIN_SEC = '20';
const FOUND_WITHIN_MS = 20_000;

describe.each([
  { attach: 'tc', offloads: 'on' },
  { attach: 'native', offloads: 'off' },
] as const)('a target that gets another MAC address, attach $attach', ({ attach, offloads }) => {
  const scene = useScene({ targets: 1, offloads }, async (scene) => {
    const { lab } = scene;
    await Promise.all([startNginx(lab.target()), startTcpEcho(lab.target())]);
    const settings = Object.entries(QUICK).flatMap(([name, value]) =>
      ['ipv4', 'ipv6'].map((family) => `net.${family}.neigh.back0.${name}=${value}`),
    );
    await lab.balancer.run(['sysctl', '-qw', ...settings]);
    const proxies = [80, 7].flatMap((port) => bothFamilies(lab, { name: `port ${port} v`, port }));
    await scene.start(configOf(proxies, { attach }));
  });

  /** What the balancer thinks of its neighbours that are targets: `REACHABLE`, `STALE`, ... */
  async function opinions(): Promise<readonly string[]> {
    const [balancer, target] = [scene.lab.balancer, scene.lab.target()];
    const all = await balancer.run(['ip', '-j', 'neigh', 'show', 'dev', 'back0']);
    const neighbours: { dst: string; state: string[] }[] = JSON.parse(all);
    const own = [...target.addresses4, ...target.addresses6];
    return neighbours.filter(({ dst }) => own.includes(dst)).flatMap(({ state }) => state);
  }

  it('and says nothing of it is found again, by old and by new connections', async () => {
    const { lab } = scene;
    const [client, target] = [lab.client(), lab.target()];
    const addresses = FAMILIES.map((family) => lab.balancer[family]);
    await using agent = new SocketAgent(client);
    const talks = await Promise.all(addresses.map((address) => agent.connect({ address, port: 7 })));
    for (const talk of talks) expect(await talk.line()).toBe('target1');
    for (const talk of talks) expect(await talk.ask('hello')).toBe('hello');
    // Nobody has asked lately: from here on only traffic makes the kernel ask again.
    await expect.poll(opinions, { timeout: 10_000 }).toEqual(['STALE', 'STALE']);

    await target.run(['ip', 'link', 'set', 'dev', 'eth0', 'address', NEW_MAC]);
    for (const talk of talks) talk.send('is it still you?\n');
    const visits = addresses.map((address) =>
      curl(client, ['--max-time', FOUND_WITHIN_SEC, httpUrl(address)]),
    );
    for (const talk of talks) expect(await talk.line(FOUND_WITHIN_MS)).toBe('is it still you?');
    for (const visit of visits) expect((await visit).stdout).toContain('target1');
    expect(await target.run(['ip', 'link', 'show', 'eth0'])).toContain(NEW_MAC);
  });
});
