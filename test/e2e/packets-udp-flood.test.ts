import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { SocketAgent, startTcpEcho, startUdpEcho, udpFlood } from '../../lab/index.ts';
import { configOf, proxy, useScene } from '../support/index.ts';

/** Flows that the tables hold; the flood has ten times as many. */
const MAX_CONNECTIONS = 2_000;
const FLOOD = 20_000;
/** Time after which a UDP conversation has proven itself: two epochs of the data path. */
const LASTING_MS = 2_200;

describe('a flood of UDP datagrams from random sources', () => {
  const scene = useScene({ targets: 1, upstream: true }, async (scene) => {
    const target = scene.lab.target();
    await Promise.all([startTcpEcho(target), startUdpEcho(target)]);
    const echo = proxy({ name: 'echo', port: 7, targets: [target.v4] });
    await scene.start(configOf([echo], { maxConnections: MAX_CONNECTIONS }));
  });

  it('cuts neither an idle TCP connection nor a UDP conversation that has lived for two seconds', async () => {
    const { lab } = scene;
    await using agent = new SocketAgent(lab.client());
    const where = { address: lab.balancer.v4, port: 7 };
    const tcp = await agent.connect(where);
    expect(await tcp.line()).toBe('target1');
    const udp = await agent.connect({ ...where, protocol: 'udp' });
    const echoed = async (text: string) => [await udp.ask(text), await udp.line()];
    expect(await echoed('first')).toEqual(['target1', 'first']);
    await sleep(LASTING_MS);
    expect(await echoed('second')).toEqual(['target1', 'second']);
    const before = await scene.balancer.reasons();

    await udpFlood(lab.client(), { ...where, count: FLOOD });

    const after = await scene.balancer.reasons();
    const opened = (after['tc_ingress/new_flow'] ?? 0) - (before['tc_ingress/new_flow'] ?? 0);
    expect(opened).toBeGreaterThan(MAX_CONNECTIONS * 5);
    expect(await tcp.ask('still there?')).toBe('still there?');
    expect(await echoed('third')).toEqual(['target1', 'third']);
    const { connections } = await scene.balancer.admin.connections({ client: lab.client().v4 });
    expect(connections.map(({ state, forward }) => [state, forward.packets > 2]).sort()).toEqual([
      ['established', true],
      ['udp', true],
    ]);
  });
});
