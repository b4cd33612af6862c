import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { dig, SocketAgent, startDnsmasq, startUdpEcho, udpMany } from '../../lab/index.ts';
import { bothFamilies, configOf, expectShares, FAMILIES, useScene } from '../support/index.ts';

const WEIGHTS = [50, 30, 20];
/** Time after which the data path takes a conversation for a lasting one. */
const LASTING_MS = 2_200;
const SHARES = { target1: 50, target2: 30, target3: 20 };

describe.each([
  { attach: 'tc', offloads: 'on' },
  { attach: 'native', offloads: 'off' },
] as const)('UDP with attach $attach and offloads $offloads', ({ attach, offloads }) => {
  const scene = useScene({ targets: 3, offloads }, async (scene) => {
    const { lab } = scene;
    for (const target of lab.targets) await Promise.all([startDnsmasq(target), startUdpEcho(target)]);
    await scene.start(
      configOf(
        [
          ...bothFamilies(lab, { name: 'dns', port: 53, weights: WEIGHTS }),
          ...bothFamilies(lab, { name: 'echo', port: 7, protocol: 'udp', weights: WEIGHTS }),
          ...bothFamilies(lab, { name: 'nobody', port: 9, protocol: 'udp', targets: [lab.target()] }),
        ],
        { attach },
      ),
    );
  });

  it.each(FAMILIES)('shares DNS questions by weight (%s)', async (family) => {
    const answers = await dig(scene.lab.client(), scene.lab.balancer[family], { count: 200 });
    expect(answers).toHaveLength(200);
    const byTarget: Record<string, number> = {};
    for (const name of answers) byTarget[name] = (byTarget[name] ?? 0) + 1;
    expectShares(byTarget, SHARES);
  });

  it.each(FAMILIES)('keeps a conversation on its target (%s)', async (family) => {
    const result = await udpMany(scene.lab.client(), scene.lab.balancer[family], 7, {
      count: 600,
      messages: 5,
      sizeBytes: 1000,
    });
    expect(result).toMatchObject({ lost: 0, corrupted: 0, switched: 0, errors: {} });
    expectShares(result.byTarget, SHARES);
  });

  it('keeps conversations that live for seconds on their target', async () => {
    const { lab } = scene;
    await using agent = new SocketAgent(lab.client());
    const open = (address: string) => agent.connect({ address, port: 7, protocol: 'udp' });
    const conversations = await Promise.all(
      FAMILIES.flatMap((family) => Array.from({ length: 40 }, () => open(lab.balancer[family]))),
    );
    const askAll = () =>
      Promise.all(conversations.map(async (each) => [await each.ask('who is it?'), await each.line()]));
    const first = await askAll();
    expect(new Set(first.map(([name]) => name)).size).toBe(3);
    for (let round = 0; round < 3; round++) {
      await sleep(LASTING_MS / 2);
      expect(await askAll()).toEqual(first);
    }
  });

  it.each(FAMILIES)('carries datagrams of every size up to the MTU (%s)', async (family) => {
    for (const sizeBytes of [0, 1, family === 'v4' ? 1464 : 1444]) {
      const result = await udpMany(scene.lab.client(), scene.lab.balancer[family], 7, {
        count: 10,
        sizeBytes,
      });
      expect(result).toMatchObject({ lost: 0, corrupted: 0, errors: {} });
    }
  });

  it.each(FAMILIES)('tells the client that a target is not there: ECONNREFUSED (%s)', async (family) => {
    const { lab } = scene;
    await using agent = new SocketAgent(lab.client());
    const conversation = await agent.connect({ address: lab.balancer[family], port: 9, protocol: 'udp' });
    conversation.send('is anybody there?');
    expect(await conversation.closed()).toBe('ECONNREFUSED');
  });
});
