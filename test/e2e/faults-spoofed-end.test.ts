import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import {
  Capture,
  type Conversation,
  ipPacket,
  PROTOCOL,
  SocketAgent,
  sendFrames,
  startTcpEcho,
  type TcpFields,
  tcpSegment,
} from '../../lab/index.ts';
import {
  type Balancer,
  bothFamilies,
  configOf,
  FAMILIES,
  type Family,
  packetsOf,
  toGateway,
  useScene,
} from '../support/index.ts';

const PORT = 7;
/** Longer than a closing flow lives, and long enough for a sweep after that. */
const SPOOFED_WAIT_MS = 3_000;
/** How far from the truth the sequence numbers of an attacker are, who sees nothing of the connection. */
const GUESSES = [2 ** 31, 2 ** 29, 2 ** 32 - 2 ** 24, 2 ** 24];

/** RSTs and FINs that are near the mark by nothing but their addresses and ports. */
function guesses(next: number) {
  return GUESSES.flatMap((guess) =>
    ['R', 'FA'].map((flags) => ({ flags, sequence: (next + guess) % 2 ** 32, acknowledgement: guess })),
  );
}

interface Ends {
  readonly source: string;
  readonly destination: string;
  readonly sourcePort: number;
  readonly destinationPort: number;
}

describe.each([
  { attach: 'tc', offloads: 'on' },
  { attach: 'native', offloads: 'off' },
] as const)('an established connection, attach $attach', ({ attach, offloads }) => {
  const scene = useScene({ clients: 2, targets: 1, offloads }, ({ lab }) => startTcpEcho(lab.target()));
  const balance = (closingTimeoutSec: number) =>
    scene.start(
      configOf(bothFamilies(scene.lab, { name: 'echo', port: PORT }), { attach, closingTimeoutSec }),
    );

  async function open(
    agent: SocketAgent,
    address: string,
  ): Promise<{ talk: Conversation; localPort: number }> {
    const talk = await agent.connect({ address, port: PORT });
    const { state } = talk;
    if (state.kind !== 'open') throw new Error(`the connection is ${state.kind}`);
    expect(await talk.line()).toBe('target1');
    return { talk, localPort: state.localPort };
  }

  /** Says something, and returns the sequence numbers that the client and the target are about at. */
  async function numbers(talk: Conversation, client: string): Promise<{ client: number; target: number }> {
    const filter = `src host ${client} and tcp port ${PORT}`;
    await using capture = await Capture.start(scene.lab.client(0), { interface: 'eth0', filter });
    expect(await talk.ask('hello')).toBe('hello');
    const last = packetsOf(await capture.decoded()).at(-1)?.transport;
    if (last?.kind !== 'tcp') throw new Error('the client has said nothing');
    return { client: last.sequence, target: last.acknowledgement };
  }

  /** Sends segments as if they came from one of the ends. */
  async function spoof(
    ends: Ends,
    segments: readonly Pick<TcpFields, 'flags' | 'sequence' | 'acknowledgement'>[],
  ): Promise<void> {
    const attacker = scene.lab.client(1);
    const packets = segments.map((fields) =>
      ipPacket({ ...ends, protocol: PROTOCOL.tcp }, tcpSegment({ ...ends, ...fields })),
    );
    await sendFrames(
      attacker,
      'eth0',
      packets.map((packet) => toGateway(attacker, packet)),
    );
  }

  const states = async (balancer: Balancer) =>
    (await balancer.admin.connections()).connections.map(({ state }) => state);

  /** Opens a connection, and attacks both of its directions. */
  async function openAndSpoof(agent: SocketAgent, family: Family): Promise<Conversation> {
    const { lab } = scene;
    const { talk, localPort } = await open(agent, lab.balancer[family]);
    const client = lab.client(0)[family];
    const next = await numbers(talk, client);
    const forward = {
      source: client,
      sourcePort: localPort,
      destination: lab.balancer[family],
      destinationPort: PORT,
    };
    const reply = {
      source: lab.target()[family],
      sourcePort: PORT,
      destination: client,
      destinationPort: localPort,
    };
    await spoof(forward, guesses(next.client));
    await spoof(reply, guesses(next.target));
    // One that acknowledges what another one then begins with.
    const far = (next.target + 2 ** 30) % 2 ** 32;
    await spoof(forward, [{ flags: 'A', sequence: far, acknowledgement: far }]);
    await spoof(reply, [{ flags: 'R', sequence: far, acknowledgement: 0 }]);
    return talk;
  }

  it('is not ended by RSTs and FINs of somebody who guesses', async () => {
    const balancer = await balance(1);
    await using agent = new SocketAgent(scene.lab.client(0));
    const talks = [await openAndSpoof(agent, 'v4'), await openAndSpoof(agent, 'v6')];
    await sleep(SPOOFED_WAIT_MS);
    expect(await states(balancer)).toEqual(['established', 'established']);
    const { connections } = await balancer.admin.connections();
    for (const { forward, reply } of connections) {
      expect(forward.packets).toBeGreaterThan(2 * GUESSES.length);
      expect(reply.packets).toBeGreaterThan(2 * GUESSES.length);
    }
    for (const talk of talks) expect(await talk.ask('still there?')).toBe('still there?');
  });

  it.each(FAMILIES)('is closing after a RST or a close of its own (%s)', async (family) => {
    const { lab } = scene;
    const balancer = await balance(60);
    await using agent = new SocketAgent(lab.client(0));
    const { talk: reset } = await open(agent, lab.balancer[family]);
    const { talk: ended } = await open(agent, lab.balancer[family]);
    const { talk: kept } = await open(agent, lab.balancer[family]);
    for (const each of [reset, ended, kept]) expect(await each.ask('hello')).toBe('hello');
    expect(await states(balancer)).toEqual(['established', 'established', 'established']);
    await reset.reset();
    await ended.end();
    await expect
      .poll(async () => (await states(balancer)).sort())
      .toEqual(['closing', 'closing', 'established']);
    expect(await kept.ask('still there?')).toBe('still there?');
  });
});
