import { describe, expect, it } from 'vitest';
import {
  fetchMany,
  httpUrl,
  SocketAgent,
  startNginx,
  startTcpEcho,
  startUdpEcho,
  udpMany,
} from '../../lab/index.ts';
import { bothFamilies, configOf, FAMILIES, useScene } from '../support/index.ts';

const MAX_CONNECTIONS = 1000;
const BATCH = 100;

describe('a table that holds 1,000 flows', () => {
  const scene = useScene({ targets: 2 }, async (scene) => {
    const { lab } = scene;
    for (const target of lab.targets) {
      await Promise.all([startNginx(target), startTcpEcho(target), startUdpEcho(target)]);
    }
    const proxies = [80, 7].flatMap((port) => bothFamilies(lab, { name: `port ${port} v`, port }));
    await scene.start(configOf(proxies, { maxConnections: MAX_CONNECTIONS }));
  });

  it.each(FAMILIES)('lets 3,000 UDP conversations through, one after another (%s)', async (family) => {
    const options = { count: 3000, messages: 2 };
    const result = await udpMany(scene.lab.client(), scene.lab.balancer[family], 7, options);
    expect(result).toMatchObject({ lost: 0, corrupted: 0, switched: 0, errors: {} });
  });

  it.each(FAMILIES)('lets 3,000 connections through, one after another (%s)', async (family) => {
    const url = httpUrl(scene.lab.balancer[family]);
    const result = await fetchMany(scene.lab.client(), url, { count: 3000 });
    expect(result.errors).toEqual({});
    expect((await scene.balancer.admin.status()).flows.max).toBe(MAX_CONNECTIONS);
  });

  it('gives up old connections for new ones that stay open', async () => {
    await using agent = new SocketAgent(scene.lab.client());
    const where = { address: scene.lab.vip4, port: 7 };
    for (let opened = 0; opened < 1.5 * MAX_CONNECTIONS; opened += BATCH) {
      const fresh = await Promise.all(Array.from({ length: BATCH }, () => agent.connect(where)));
      for (const each of fresh) expect(await each.line()).toMatch(/^target[12]$/);
      for (const each of fresh) expect(await each.ask('hello')).toBe('hello');
    }
    const { connections } = await scene.balancer.admin.connections({ limit: 5 * MAX_CONNECTIONS });
    const held = connections.filter(({ state }) => state === 'established').length;
    expect(held).toBeGreaterThan(MAX_CONNECTIONS / 2);
    expect(held).toBeLessThan(1.5 * MAX_CONNECTIONS);
  });
});
