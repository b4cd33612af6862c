import { setTimeout as sleep } from 'node:timers/promises';
import { fetchMany, httpUrl, udpMany } from '../../../lab/index.ts';
import { FAMILIES } from '../../support/proxies.ts';
import { expectEqual, expectThat } from './expect.ts';
import { type GuestScene, PORTS, UDP_TIMEOUT_SECONDS } from './scene.ts';

/** Enough that both targets are met for certain: by chance one in 2^39. */
const CONNECTIONS = 40;
const CONVERSATIONS = 8;
const SWEEP_PATIENCE_MS = 20_000;

/** TCP in both modes and families; the counters must say just what happened. */
export async function checkConnections(scene: GuestScene): Promise<string> {
  const { lab, client, balancer } = scene;
  const before = await balancer.admin.stats();
  for (const family of FAMILIES) {
    for (const port of [PORTS.nat, PORTS.snat]) {
      const url = httpUrl(lab.balancer[family], port);
      const result = await fetchMany(client, url, {
        count: CONNECTIONS,
        requestsPerConnection: 3,
        timeoutMs: 20_000,
      });
      const targets = Object.keys(result.byTarget).sort();
      expectEqual(
        url,
        { errors: result.errors, switched: result.switched, targets },
        {
          errors: {},
          switched: 0,
          targets: ['target1', 'target2'],
        },
      );
    }
  }
  const after = await balancer.admin.stats();
  expectEqual('flows counted', after.totals.flows - before.totals.flows, CONNECTIONS * 4);
  for (const direction of ['forward', 'reply'] as const) {
    const packets = after.totals[direction].packets - before.totals[direction].packets;
    // At least SYN, three requests and a FIN, each way; far from what a value of another CPU's garbage would be.
    const [least, most] = [CONNECTIONS * 4 * 5, CONNECTIONS * 4 * 40];
    expectThat(
      packets >= least && packets <= most,
      `${direction} packets: ${packets}, not ${least} to ${most}`,
    );
  }
  await expectPath(scene);
  return `${CONNECTIONS * 4} connections`;
}

/** The program that should have carried the traffic did. */
async function expectPath({ attach, balancer }: GuestScene): Promise<void> {
  const place = `${attach === 'native' ? 'xdp' : 'tc'}_ingress/established`;
  const reasons = await balancer.reasons();
  const complaint = `${place} should have grown: ${JSON.stringify(reasons)}`;
  expectThat((reasons[place] ?? 0) > CONNECTIONS * 4, complaint);
}

/** UDP in both families, then the kernel's sweep of what has become idle. */
export async function checkConversations({ lab, client, balancer }: GuestScene): Promise<string> {
  for (const family of FAMILIES) {
    const options = { count: CONVERSATIONS, messages: 3, timeoutMs: 10_000 };
    const { lost, corrupted } = await udpMany(client, lab.balancer[family], PORTS.echo, options);
    expectEqual(`UDP ${family}`, { lost, corrupted }, { lost: 0, corrupted: 0 });
  }
  const open = await balancer.admin.connections();
  expectThat(
    open.connections.some(({ state }) => state === 'udp'),
    'no UDP flow is listed',
  );
  const started = performance.now();
  for (;;) {
    const { connections } = await balancer.admin.connections();
    if (!connections.some(({ state }) => state === 'udp')) break;
    expectThat(
      performance.now() - started < SWEEP_PATIENCE_MS,
      `still there: ${JSON.stringify(connections)}`,
    );
    await sleep(200);
  }
  return `swept ${Math.round(performance.now() - started)} ms later (idle time ${UDP_TIMEOUT_SECONDS} s)`;
}
