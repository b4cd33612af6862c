import { describe, expect, it } from 'vitest';
import { fetchMany, type Host, httpUrl, startNginx, synFlood } from '../../lab/index.ts';
import { configOf, proxy, useScene } from '../support/index.ts';

/** Twice as many as there are source ports towards one target. */
const FLOOD_SYNS = 60_000;
const VISITS = 300;
/** A machine that stands still for a second has clients repeat SYNs that were never lost. */
const FEW = 0.05;

/** SYNs that a host has sent again, which a client waits a second for. */
async function repeatedSyns(host: Host): Promise<number> {
  const counters = await host.run(['nstat', '-asz', 'TcpExtTCPSynRetrans']);
  return Number(/TCPSynRetrans\s+(\d+)/.exec(counters)?.[1]);
}

describe('snat under a flood of SYNs', () => {
  const scene = useScene({ clients: 2, targets: 1, offloads: 'off', upstream: true }, async (scene) => {
    const { lab } = scene;
    // A target that remembers half-open connections makes a client wait who gets the port of one of them.
    await lab.target().run(['sysctl', '-qw', 'net.ipv4.tcp_syncookies=2']);
    await startNginx(lab.target());
    const web = proxy({ name: 'web', port: 80, mode: 'snat', targets: [lab.target().v4] });
    await scene.start(configOf([web], { attach: 'native' }));
  });

  it('has a source port for every client, during it and after it', async () => {
    const { lab } = scene;
    const [attacker, visitor] = [lab.client(0), lab.client(1)];
    const visit = (count: number) =>
      fetchMany(visitor, httpUrl(lab.vip4), { count, concurrency: 4, timeoutMs: 10_000 });
    let isOver = false;
    const flood = synFlood(attacker, { address: lab.vip4, port: 80, count: FLOOD_SYNS }).finally(() => {
      isOver = true;
    });
    let visits = 0;
    while (!isOver) {
      expect((await visit(20)).errors).toEqual({});
      visits += 20;
    }
    await flood;
    expect((await visit(VISITS)).errors).toEqual({});

    const reasons = await scene.balancer.reasons();
    const { 'xdp_ingress/new_flow': xdp = 0, 'tc_ingress/new_flow': tc = 0 } = reasons;
    expect(xdp + tc).toBeGreaterThan(FLOOD_SYNS * 0.95);
    const dropped = (await scene.balancer.admin.stats()).reasons.filter((each) => each.outcome === 'dropped');
    expect(dropped.filter(({ packets }) => packets > 0)).toEqual([]);
    expect(visits).toBeGreaterThan(0);
    expect(await repeatedSyns(visitor)).toBeLessThan((visits + VISITS) * FEW);
  });
});
