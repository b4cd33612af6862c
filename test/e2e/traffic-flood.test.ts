import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { fetchMany, httpUrl, SocketAgent, startNginx, startTcpEcho, synFlood } from '../../lab/index.ts';
import { bothFamilies, configOf, useScene } from '../support/index.ts';

const FLOOD_SYNS = 200_000;
/** Much less than the flood, so that it could push out everything else. */
const MAX_CONNECTIONS = 10_000;

/**
 * Between visits. Among many thousands of them some lose to a flood at full speed, which fills this small table of half-open
 * flows faster than the two cores, which it shares, get through a handshake.
 */
const PAUSE_MS = 200;

describe('a flood of SYNs', () => {
  const scene = useScene({ clients: 2, targets: 2, offloads: 'off', upstream: true }, async (scene) => {
    const { lab } = scene;
    for (const target of lab.targets) await Promise.all([startNginx(target), startTcpEcho(target)]);
    const proxies = [80, 7].flatMap((port) => bothFamilies(lab, { name: `port ${port} v`, port }));
    await scene.start(configOf(proxies, { attach: 'native', maxConnections: MAX_CONNECTIONS }));
  });

  it('of 200,000 random sources keeps no client out and ends no connection', async () => {
    const { lab } = scene;
    const [attacker, visitor, address] = [lab.client(0), lab.client(1), lab.vip4];
    await using agent = new SocketAgent(visitor);
    const idle = await agent.connect({ address, port: 7 });
    expect(await idle.line()).toMatch(/^target[12]$/);

    let isOver = false;
    const flood = Promise.allSettled([synFlood(attacker, { address, port: 7, count: FLOOD_SYNS })]).finally(
      () => {
        isOver = true;
      },
    );
    let visits = 0;
    while (!isOver) {
      const { errors } = await fetchMany(visitor, httpUrl(address), { count: 50, concurrency: 4 });
      expect(errors).toEqual({});
      const conversation = await agent.connect({ address, port: 7 });
      expect(await conversation.line()).toMatch(/^target[12]$/);
      await conversation.end();
      visits++;
      await sleep(PAUSE_MS);
    }
    expect(await flood).toEqual([{ status: 'fulfilled', value: undefined }]);

    expect(visits).toBeGreaterThan(2);
    const { errors } = await fetchMany(visitor, httpUrl(address), { count: 200 });
    expect(errors).toEqual({});
    expect(await idle.ask('still there?')).toBe('still there?');
    const reasons = await scene.balancer.reasons();
    expect(reasons['xdp_ingress/new_flow']).toBeGreaterThan(FLOOD_SYNS * 0.95);
  });
});
