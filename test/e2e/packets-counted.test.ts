import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { fetchMany, httpUrl, sendFrames, startNginx, startUdpEcho, udpMany } from '../../lab/index.ts';
import {
  bothFamilies,
  configOf,
  packetsWithOptions,
  packetsWithoutPorts,
  toGateway,
  useScene,
} from '../support/index.ts';

const DEVICES = ['front0', 'back0'];
const SETTLE_TRIES = 20;
const SETTLE_MS = 100;

/** Packets that the kernel and the hooks have seen. */
interface Seen {
  readonly received: number;
  readonly sent: number;
  readonly hooks: Readonly<Record<string, number>>;
  /** Left by XDP to the hooks behind it. */
  readonly passedByXdp: number;
}

describe.each(['tc', 'native'] as const)('every packet is counted once for a reason, attach %s', (attach) => {
  const scene = useScene({ targets: 2, offloads: 'off' }, async (scene) => {
    const { lab } = scene;
    for (const target of lab.targets) await Promise.all([startNginx(target), startUdpEcho(target)]);
    const proxies = [80, 7, 9].flatMap((port) => bothFamilies(lab, { name: `port ${port} v`, port }));
    await scene.start(configOf(proxies, { attach }));
  });

  async function interfaceCount(device: string, counter: string): Promise<number> {
    const text = await scene.lab.balancer.run(['ip', '-s', '-j', 'link', 'show', device]);
    const [link] = JSON.parse(text) as readonly {
      readonly stats64: Record<string, { readonly packets: number }>;
    }[];
    return link?.stats64[counter]?.packets ?? 0;
  }

  async function seen(): Promise<Seen> {
    const sum = async (counter: string) =>
      (await Promise.all(DEVICES.map((device) => interfaceCount(device, counter)))).reduce(
        (a, b) => a + b,
        0,
      );
    const [received, sent] = [await sum('rx'), await sum('tx')];
    const hooks: Record<string, number> = {};
    let passedByXdp = 0;
    for (const { hook, outcome, packets } of (await scene.balancer.admin.stats()).reasons) {
      hooks[hook] = (hooks[hook] ?? 0) + packets;
      if (hook === 'xdp_ingress' && outcome === 'passed') passedByXdp += packets;
    }
    return { received, sent, hooks, passedByXdp };
  }

  /** Counts when no packet is on its way: twice the same. */
  async function settled(): Promise<Seen> {
    let last = await seen();
    for (let tries = 0; tries < SETTLE_TRIES; tries++) {
      await sleep(SETTLE_MS);
      const now = await seen();
      if (JSON.stringify(now) === JSON.stringify(last)) return now;
      last = now;
    }
    throw new Error('the counters never come to rest');
  }

  it('whatever is sent', async () => {
    const { lab } = scene;
    const client = lab.client();
    const before = await settled();
    for (const family of ['v4', 'v6'] as const) {
      const address = lab.balancer[family];
      await fetchMany(client, httpUrl(address), { count: 100 });
      await fetchMany(client, httpUrl(address, 9), { count: 5 });
      await fetchMany(client, httpUrl(lab.target()[family]), { count: 20 });
      await udpMany(client, address, 7, { count: 20, sizeBytes: 4000 });
      const path = { source: client[family], destination: address, sourcePort: 6000, destinationPort: 80 };
      const odd = [...packetsWithOptions(family, path), ...packetsWithoutPorts(family, path)];
      await sendFrames(
        client,
        'eth0',
        odd.map(({ packet }) => toGateway(client, packet)),
      );
    }
    const after = await settled();
    const delta = (hook: string) => (after.hooks[hook] ?? 0) - (before.hooks[hook] ?? 0);
    const received = after.received - before.received;
    expect(received).toBeGreaterThan(2000);
    if (attach === 'tc') {
      expect(delta('tc_ingress')).toBe(received);
      expect(delta('tc_egress')).toBe(after.sent - before.sent);
      return;
    }
    expect(delta('xdp_ingress')).toBe(received);
    expect(delta('tc_ingress')).toBe(after.passedByXdp - before.passedByXdp);
  });
});
