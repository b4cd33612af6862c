import { describe, expect, it } from 'vitest';
import { type Conversation, type Host, SocketAgent, startTcpEcho, synFlood } from '../../lab/index.ts';
import { possibleCpus } from '../../src/libbpf/index.ts';
import { bothFamilies, configOf, useScene } from '../support/index.ts';

const PORT = 7;
/** A walk over the table takes long enough for another one to begin during it. */
const MAX_CONNECTIONS = 200_000;

async function open(agent: SocketAgent, address: string, count: number): Promise<Conversation[]> {
  const opened = await Promise.all(
    Array.from({ length: count }, () => agent.connect({ address, port: PORT })),
  );
  for (const each of opened) expect(await each.line()).toMatch(/^target[12]$/);
  for (const each of opened) expect(await each.ask('hello')).toBe('hello');
  return opened;
}

describe('open flows', () => {
  const scene = useScene({ targets: 2, upstream: true }, async ({ lab }) => {
    for (const target of lab.targets) await startTcpEcho(target);
  });
  const balance = (maxConnections = MAX_CONNECTIONS) =>
    scene.start(configOf(bothFamilies(scene.lab, { name: 'echo', port: PORT }), { maxConnections }));
  const agentOn = (host: Host) => new SocketAgent(host);

  it('are counted right by each of eight answers at the same time', async () => {
    const balancer = await balance();
    await using agent = agentOn(scene.lab.client());
    await open(agent, scene.lab.vip4, 50);
    for (let round = 0; round < 5; round++) {
      const answers = await Promise.all(Array.from({ length: 8 }, () => balancer.admin.stats()));
      const byTarget = answers.map(({ targets }) =>
        targets.reduce((sum, { activeFlows }) => sum + activeFlows, 0),
      );
      expect(answers.map(({ totals }) => totals.activeFlows)).toEqual(Array(8).fill(50));
      expect(byTarget).toEqual(Array(8).fill(50));
    }
  });

  it('are counted apart from those that no client has acknowledged', async () => {
    const balancer = await balance();
    await using agent = agentOn(scene.lab.client());
    await open(agent, scene.lab.vip4, 3);
    await synFlood(scene.lab.client(), { address: scene.lab.vip4, port: PORT, count: 100 });
    const flows = async () => (await balancer.admin.status()).flows;
    await expect.poll(flows).toEqual({ active: 3, pending: 100, max: MAX_CONNECTIONS });
  });

  it('are hardly more than the table is to hold', async () => {
    const max = 500;
    // Each CPU keeps up to 128 entries apart, and evicts as many at once, which may part the halves of as many flows. A
    // whole flow has two entries: F + R <= 2 max + 128 CPUs and F - R <= 128 CPUs, so F <= max + 128 CPUs.
    const most = max + possibleCpus() * 128;
    const balancer = await balance(max);
    await using agent = agentOn(scene.lab.client());
    const seen: number[] = [];
    for (let round = 0; round < 10; round++) {
      await open(agent, scene.lab.vip4, 100);
      seen.push((await balancer.admin.status()).flows.active);
    }
    expect(Math.max(...seen)).toBeGreaterThanOrEqual(max);
    expect(Math.max(...seen)).toBeLessThanOrEqual(most);
  });
});
