import { existsSync, readdirSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';
import { type Conversation, SocketAgent, startTcpEcho, startUdpEcho } from '../../../lab/index.ts';
import type { Balancer, ConfigFile } from '../../support/balancer.ts';
import { ECHO_PORT, Held } from '../../support/held.ts';
import { pinFolder } from '../../support/pinned.ts';
import type { Scene } from '../../support/scene.ts';
import { twoConfigs } from './configs.ts';
import { KernelCalls } from './kernel-calls.ts';
import { readView, type View } from './view.ts';

/** A configuration, and what the kernel holds when it is in force. */
export interface Act {
  readonly config: ConfigFile;
  readonly view: View;
}

/** The lab that faults are tried in. */
export const STAGE_SPEC = { clients: 2, targets: 3, offloads: 'off' } as const;

/** How long a daemon may take to mend by itself what failed. */
export const MENDED_WITHIN_MS = 10_000;
/** A sweep over every point takes an hour where others work, too. */
export const SWEEP_TIMEOUT_MS = 4 * 3_600_000;

/** Two configurations, probes of old and new connections, and the calls of daemons into the kernel. */
export class Stage implements AsyncDisposable {
  readonly calls: KernelCalls;
  readonly one: Act;
  readonly other: Act;
  readonly #scene: Scene;
  readonly #agent: SocketAgent;

  private constructor(scene: Scene, calls: KernelCalls, one: Act, other: Act) {
    this.#scene = scene;
    this.calls = calls;
    this.one = one;
    this.other = other;
    this.#agent = new SocketAgent(scene.lab.client(1));
  }

  /** Starts the echo servers of a lab of {@link STAGE_SPEC} and learns how it looks when nothing fails. */
  static async open(scene: Scene): Promise<Stage> {
    const { lab } = scene;
    const servers = lab.targets.flatMap((target) => [startTcpEcho(target), startUdpEcho(target)]);
    const [calls] = await Promise.all([KernelCalls.build(lab.balancer), ...servers]);
    const { one, other } = twoConfigs(lab);
    await using balancer = await scene.start(one, { wrap: calls.wrap });
    const before = await readView(balancer.instance);
    await balancer.reload(other);
    const after = await readView(balancer.instance);
    return new Stage(scene, calls, { config: one, view: before }, { config: other, view: after });
  }

  /** Starts a balancer whose calls are in our hands; it ends with the test. */
  start(act: Act): Promise<Balancer> {
    return this.#scene.start(act.config, { wrap: this.calls.wrap });
  }

  /** Opens connections and conversations that are to last. */
  hold(): Promise<Held> {
    return Held.open(this.#scene.lab.client(0), this.#scene.lab.vip4, 2);
  }

  /** Makes sure that a daemon runs, and with this configuration. */
  async restore(balancer: Balancer, { config }: Act): Promise<void> {
    if (!balancer.process.running) await balancer.startDaemon();
    await balancer.reload(config);
  }

  /** A new connection gets an answer. @throws SluiceError when not */
  async probe(): Promise<void> {
    const fresh = await this.#connect();
    await fresh.line();
    await fresh.end();
  }

  /** A new connection is refused by the balancer's host itself: nothing listens there. @throws Error when not */
  async probeNothing(): Promise<void> {
    const answer = await this.#connect()
      .then((fresh) => fresh.line())
      .catch(() => null);
    if (answer !== null) throw new Error(`${answer} has answered where nothing should`);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.calls[Symbol.dispose]();
    await this.#agent.close();
  }

  #connect(): Promise<Conversation> {
    return this.#agent.connect({ address: this.#scene.lab.vip4, port: ECHO_PORT });
  }
}

/** Starts a daemon; whether it did start. @throws Error when it neither starts nor ends */
export async function startsOrEnds(balancer: Balancer): Promise<boolean> {
  try {
    await balancer.startDaemon();
    return true;
  } catch (error) {
    if (!balancer.process.running) return false;
    await balancer.crash();
    throw error;
  }
}

/** Descriptors of maps, programs and links that a daemon has open. */
export function bpfDescriptors(balancer: Balancer): number {
  const folder = `/proc/${balancer.process.pid}/fd`;
  const names = readdirSync(folder).map((fd) => linkOf(join(folder, fd)));
  return names.filter((name) => name.startsWith('anon_inode:bpf')).length;
}

/** Files of an instance that are there: its pins and its locks. */
export function filesOf({ instance }: Balancer): readonly string[] {
  const locks = readdirSync('/run/sluice').filter((name) => name.startsWith(`${instance}.lock`));
  return [pinFolder(instance), ...locks].filter((path) => !path.startsWith('/') || existsSync(path));
}

function linkOf(path: string): string {
  try {
    return readlinkSync(path);
  } catch {
    return '';
  }
}
