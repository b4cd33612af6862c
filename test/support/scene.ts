import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll } from 'vitest';
import { assertNoLeaks, type KernelSnapshot, Lab, type LabSpec, snapshotKernel } from '../../lab/index.ts';
import { Balancer, type BalancerOptions, type ConfigFile } from './balancer.ts';

/** How long a balancer may take to detach before it is killed and detached from outside. */
const CLOSE_PATIENCE_MS = 30_000;

/** What a scene prepares once, before its tests: servers, and a balancer that all tests share. */
export type Prepare = (scene: Scene) => Promise<unknown>;

/**
 * The lab of one `describe` and the balancers that run in it. A test that fails or times out leaves its balancer to the
 * scene, which ends it before the next test.
 */
export class Scene {
  readonly #spec: LabSpec;
  readonly #prepare: Prepare;
  #lab: Lab | undefined;
  #before: KernelSnapshot | undefined;
  #shared: Balancer[] = [];
  #lent: Balancer | undefined;
  /** Also those that are still starting when their test times out. */
  #started: Promise<Balancer>[] = [];

  constructor(spec: LabSpec, prepare: Prepare) {
    this.#spec = spec;
    this.#prepare = prepare;
  }

  /** The lab. @throws Error outside of tests. */
  get lab(): Lab {
    if (this.#lab === undefined) throw new Error('the lab stands only while tests run');
    return this.#lab;
  }

  /** The balancer that is lent, or else was started by `prepare`. @throws Error when there is none. */
  get balancer(): Balancer {
    const balancer = this.#lent ?? this.#shared[0];
    if (balancer === undefined) throw new Error('the scene has no balancer');
    return balancer;
  }

  /**
   * Starts a balancer that ends with the test, or with the scene when `prepare` starts it. One that is lent ends before:
   * both might listen on the same ports.
   */
  start(config: ConfigFile, options: BalancerOptions = {}): Promise<Balancer> {
    const balancer = this.#endLent().then(() => Balancer.start(this.lab, config, options));
    this.#started.push(balancer);
    return balancer;
  }

  /**
   * The balancer that the tests of the scene lend each other, with this configuration: reloaded where it runs, else started.
   * To load the programs costs more than most tests do; so this is for those to which it is all one what a balancer has
   * seen before. A test that fails ends it.
   */
  async lend(config: ConfigFile): Promise<Balancer> {
    if (this.#lent?.process.running) await this.#lent.reload(config);
    else {
      await this.#endLent();
      this.#lent = await Balancer.start(this.lab, config);
    }
    return this.#lent;
  }

  async open(): Promise<void> {
    this.#before = await snapshotKernel();
    this.#lab = await Lab.create(this.#spec);
    await this.#prepare(this);
    this.#shared = await Promise.all(this.#started.splice(0));
  }

  /** Ends the balancers of the test that has just run; the one that is lent only when it has failed. */
  async endTest(hasFailed: boolean): Promise<void> {
    await closeAll(await startedOnes(this.#started.splice(0)));
    if (hasFailed) await this.#endLent();
  }

  /** @throws Error that names everything that was left behind. */
  async close(): Promise<void> {
    const balancers = [...(await startedOnes(this.#started.splice(0))), ...this.#shared.splice(0)];
    try {
      await this.#endLent();
      await closeAll(balancers);
    } finally {
      await this.#lab?.close();
    }
    if (this.#before !== undefined) await assertNoLeaks(this.#before);
  }

  async #endLent(): Promise<void> {
    const lent = this.#lent;
    this.#lent = undefined;
    if (lent !== undefined) await closeAll([lent]);
  }
}

/** Builds a lab for the tests of the surrounding `describe`, and checks at their end that nothing is left. */
export function useScene(spec: LabSpec, prepare: Prepare = async () => {}): Scene {
  const scene = new Scene(spec, prepare);
  beforeAll(() => scene.open());
  afterEach(({ task }) => scene.endTest(task.result?.state === 'fail'));
  afterAll(() => scene.close());
  return scene;
}

/** The ones that did start; the others have cleaned up after themselves. */
async function startedOnes(starts: readonly Promise<Balancer>[]): Promise<Balancer[]> {
  const results = await Promise.allSettled(starts);
  return results.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
}

async function closeAll(balancers: readonly Balancer[]): Promise<void> {
  const results = await Promise.allSettled(balancers.map(closeInTime));
  for (const result of results) if (result.status === 'rejected') throw result.reason;
}

async function closeInTime(balancer: Balancer): Promise<void> {
  const patience = new AbortController();
  const late = sleep(CLOSE_PATIENCE_MS, true, { signal: patience.signal }).catch(() => false);
  const isLate = await Promise.race([balancer.close().then(() => false), late]);
  patience.abort();
  if (!isLate) return;
  await balancer.crash();
  await balancer.close();
  throw new Error(`the balancer did not detach within ${CLOSE_PATIENCE_MS} ms: ${balancer.process.output}`);
}
