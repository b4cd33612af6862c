import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { type Conversation, SocketAgent, startTcpEcho } from '../../lab/index.ts';
import { configOf, useScene } from '../support/index.ts';
import { pinnedMap } from '../support/pinned.ts';
import { TLS_PORT } from '../support/sni.ts';

const SYN_TIMEOUT_SEC = 2;
/** As many as there are (docs/sni.md). */
const BUFFERS = 2048;
/** The beginning of a ClientHello of 508 bytes: it may still have a name. */
const HELLO = '\x16\x03\x01\x02\x00\x01\x00\x01\x7c\x03\x03';

describe('a connection that is bound late', () => {
  const scene = useScene({ targets: 1 }, async (scene) => {
    const { lab } = scene;
    await startTcpEcho(lab.target(), { port: TLS_PORT });
    const target = { ip: lab.target().v4, port: TLS_PORT };
    const listen = { interfaces: ['front0'], port: TLS_PORT, protocol: 'tcp', address: lab.balancer.v4 };
    const sniRoutes = [{ sniHostname: 'a.example', target }];
    await scene.start(
      configOf([{ name: 'tls', listen, defaultTarget: target, sniRoutes }], {
        attach: 'tc',
        synTimeoutSec: SYN_TIMEOUT_SEC,
      }),
    );
  });

  /** Opens a connection; the client must speak first. */
  function begin(agent: SocketAgent, localPort?: number): Promise<Conversation> {
    const address = scene.lab.balancer.v4;
    return agent.connect({ address, port: TLS_PORT, ...(localPort === undefined ? {} : { localPort }) });
  }

  async function greeted(agent: SocketAgent, localPort?: number): Promise<Conversation> {
    const conversation = await begin(agent, localPort);
    expect(await conversation.ask('hello')).toBe('target1');
    expect(await conversation.line()).toBe('hello');
    return conversation;
  }

  it('ends with FINs of both sides', async () => {
    await using agent = new SocketAgent(scene.lab.client());
    for (let time = 0; time < 10; time++) {
      const conversation = await greeted(agent);
      await conversation.end();
      expect(conversation.state).toEqual({ kind: 'closed', error: null });
    }
  });

  it('ends with a RST of the client, and its port can be used again', async () => {
    await using agent = new SocketAgent(scene.lab.client());
    for (let time = 0; time < 3; time++) await (await greeted(agent, 40_001)).reset();
    const last = await greeted(agent, 40_001);
    expect(await last.ask('again')).toBe('again');
  });

  it('with a FIN right behind its first bytes gets them back, and the FIN of its target', async () => {
    await using agent = new SocketAgent(scene.lab.client());
    const conversation = await begin(agent);
    conversation.send('short\n');
    await conversation.end();
    expect(await conversation.line()).toBe('target1');
    expect(await conversation.line()).toBe('short');
  });

  it('has its keep-alives answered before its first byte', async () => {
    const { lab } = scene;
    // A second and two more without an answer, and the client's kernel ends the connection.
    const to = `TCP:${lab.balancer.v4}:${TLS_PORT},keepalive,keepidle=1,keepintvl=1,keepcnt=2`;
    const script = `(sleep 3.5; echo hello; sleep 0.3) | socat -t 2 - ${to}`;
    expect(await lab.client().run(['sh', '-c', script])).toBe('target1\nhello\n');
  });

  it('that sends a byte at a time and never a whole name holds one buffer, and is reset when its time is up', async () => {
    using held = pinnedMap(scene.balancer.instance, 'late');
    const before = [...held.keys()].length;
    await using agent = new SocketAgent(scene.lab.client());
    const slow = await begin(agent);
    let sent = 0;
    for (const byte of HELLO) {
      slow.send(byte);
      sent += 1;
      if (sent > 5) await sleep(100);
      else await expect.poll(() => [...held.keys()].length, { interval: 100 }).toBe(before + 1);
    }
    const resets = async () => (await scene.balancer.reasons())['tc_ingress/reset'] ?? 0;
    const resetsBefore = await resets();
    while (slow.state.kind === 'open') {
      slow.send('\x01');
      await sleep(300);
    }
    expect(slow.state).toEqual({ kind: 'closed', error: 'ECONNRESET' });
    expect(await resets()).toBeGreaterThan(resetsBefore);
  });

  it('gives its buffer to a later one when all are held, and hears of it', async () => {
    await using agent = new SocketAgent(scene.lab.client());
    const oldest = await begin(agent);
    oldest.send('\x16');
    await sleep(100);
    for (let count = 0; count < BUFFERS; count += 128) {
      const more = await Promise.all(Array.from({ length: 128 }, () => begin(agent)));
      for (const one of more) one.send('\x16');
    }
    const resetsBefore = (await scene.balancer.reasons())['tc_ingress/reset'] ?? 0;
    oldest.send('\x03');
    expect(await oldest.closed()).toBe('ECONNRESET');
    expect((await scene.balancer.reasons())['tc_ingress/reset']).toBeGreaterThan(resetsBefore);
    // And the next one finds room.
    await greeted(agent);
  });
});
