import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { type OwnedProcess, SocketAgent, startTcpEcho, until } from '../../lab/index.ts';
import type { CapturedPacket, CaptureLine } from '../../src/capture/index.ts';
import { SLUICE, useScene, webConfig } from '../support/index.ts';

const PORT = 7;
const SECRET = 'very secret';

describe('sluice capture', () => {
  const scene = useScene({ targets: 1 }, async (scene) => {
    const { lab } = scene;
    await startTcpEcho(lab.target());
    await scene.start(webConfig({ targets: [lab.target().v4], port: PORT, targetPort: PORT, attach: 'tc' }));
  });

  /** A connection that says something secret, and ends. */
  async function visit(): Promise<void> {
    await using agent = new SocketAgent(scene.lab.client());
    const connection = await agent.connect({ address: scene.lab.balancer.v4, port: PORT });
    await connection.line();
    expect(await connection.ask(SECRET)).toBe(SECRET);
    await connection.reset();
  }

  /** A capture that is in force. */
  async function capture(...argv: string[]): Promise<OwnedProcess> {
    const { adminSocket } = scene.balancer;
    const running = scene.lab.balancer.spawn([SLUICE, 'capture', ...argv, '--admin-socket', adminSocket]);
    await until(() => running.stderr.includes('capturing'), running);
    return running;
  }

  /** What a capture of so many packets of a connection says. */
  async function linesOf(count: number, ...argv: string[]): Promise<readonly CaptureLine[]> {
    const running = await capture('-c', String(count), '-o', 'json', ...argv);
    await visit();
    expect(await running.exited).toBe(0);
    return running.stdout
      .trim()
      .split('\n')
      .map((line): CaptureLine => JSON.parse(line));
  }

  it('shows both directions of a connection, before and after, with their reasons, and no payload', async () => {
    const lines = await linesOf(6, '--hook', 'tc_ingress', 'tcp', 'port', String(PORT));
    const packets = lines.filter((line): line is CapturedPacket => line.type === 'packet');
    expect(packets.slice(0, 3).map((each) => `${each.interface.name} ${each.reason}`)).toEqual([
      'front0 new_flow',
      'back0 reply',
      'front0 established',
    ]);
    const target = `${scene.lab.target().v4}:${PORT}`;
    expect(packets.map((each) => `${each.proxy} ${each.target}`)).toEqual(Array(6).fill(`web ${target}`));
    expect(lines.at(-1)).toMatchObject({ type: 'end', why: 'count', packets: 6, lost: 0 });
    expect(packets.some(({ before }) => Buffer.from(before.bytes, 'base64').includes(SECRET))).toBe(false);
  });

  it('shows payload to who asks for it', async () => {
    const lines = await linesOf(8, '--hook', 'tc_ingress', '--bytes', '256');
    const bytes = lines.flatMap((line) => (line.type === 'packet' ? [line.before.bytes] : []));
    expect(bytes.some((each) => Buffer.from(each, 'base64').includes(SECRET))).toBe(true);
  });

  it('writes a file that tcpdump reads: a packet as it came, and as it left', async () => {
    const file = join(scene.lab.directory, 'capture.pcapng');
    const running = await capture('-c', '2', '-w', file, '--hook', 'tc_ingress', 'tcp', 'port', String(PORT));
    await visit();
    expect(await running.exited).toBe(0);
    const { stdout } = await scene.lab.balancer.exec(['tcpdump', '-n', '-r', file]);
    const [vip, target, client] = [scene.lab.balancer.v4, scene.lab.target().v4, scene.lab.client().v4];
    const ways = stdout
      .trim()
      .split('\n')
      .map((line) => / IP (\S+) > (\S+): Flags \[(\S+)\]/.exec(line)?.slice(1));
    const from = ways[0]?.[0] ?? '';
    expect(from).toMatch(new RegExp(`^${client}\\.\\d+$`));
    expect(ways).toEqual([
      [from, `${vip}.${PORT}`, 'S'],
      [from, `${target}.${PORT}`, 'S'],
      [`${target}.${PORT}`, from, 'S.'],
      [`${vip}.${PORT}`, from, 'S.'],
    ]);
  });

  it('says in words why a packet went no further', async () => {
    const running = await capture('-c', '1', '--reason', 'no_listener', 'dst', 'port', '9');
    await using agent = new SocketAgent(scene.lab.client());
    await expect(agent.connect({ address: scene.lab.balancer.v4, port: 9 })).rejects.toThrow();
    expect(await running.exited).toBe(0);
    expect(running.stdout).toContain('passed no_listener: no proxy listens there: left to the kernel');
  });

  it('is one at a time, and ends when its reader is gone, or its daemon', async () => {
    const first = await capture('--duration', '600');
    await expect(scene.balancer.admin.capture()).rejects.toMatchObject({ code: 'conflict' });
    first.kill('SIGKILL');
    await first.exited;
    // The daemon notices by the end of the reader's connection.
    await vi.waitFor(() => scene.balancer.admin.capture({ durationMs: 600_000 }), { timeout: 20_000 });
    await scene.balancer.crash();
    await scene.balancer.startDaemon();
    expect((await linesOf(1, 'tcp')).at(-1)).toMatchObject({ why: 'count' });
  });
});
