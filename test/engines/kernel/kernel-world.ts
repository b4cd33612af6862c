import { randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { onProcessEnd } from '../../../lab/exit-hook.ts';
import { run } from '../../../lab/host/index.ts';
import { currentCreator, labId } from '../../../lab/naming.ts';
import { removeLabs, sweepStaleLabs } from '../../../lab/removal.ts';
import { ThreadNamespace } from './thread-namespace.ts';
import {
  creationBatch,
  farBatch,
  forwardingSettings,
  quietSettings,
  type Settings,
  worldBatch,
} from './world-script.ts';

/**
 * {@link WORLD} in a network namespace of this machine; the other ends of its interfaces lie in a second one and keep
 * silent. Both are removed with it, at the latest when this process ends.
 */
export class KernelWorld implements Disposable {
  readonly #id: string;
  readonly #exitHook: Disposable;
  readonly #namespaces: ThreadNamespace[] = [];

  private constructor() {
    this.#id = labId(currentCreator(), randomBytes(3).toString('hex'));
    this.#exitHook = onProcessEnd(() => removeLabs([this.#id]));
  }

  /** Builds it. @throws SluiceError `kernel` with what `ip` said; nothing is left behind then. */
  static async create(): Promise<KernelWorld> {
    sweepStaleLabs();
    const world = new KernelWorld();
    try {
      await world.#build();
      return world;
    } catch (error) {
      world.close();
      throw error;
    }
  }

  /** Runs `work`, which must be synchronous, inside the namespace. */
  within<T>(work: () => T): T {
    const [inside] = this.#namespaces;
    if (inside === undefined) throw new Error('the world was removed before');
    return inside.within(work);
  }

  /** Removes the namespaces. Safe to call again. */
  close(): void {
    for (const namespace of this.#namespaces.splice(0)) namespace[Symbol.dispose]();
    this.#exitHook[Symbol.dispose]();
    removeLabs([this.#id]);
  }

  [Symbol.dispose](): void {
    this.close();
  }

  async #build(): Promise<void> {
    const [world, far] = [`${this.#id}-world`, `${this.#id}-far`];
    await batch([], creationBatch(world, far));
    const inside = new ThreadNamespace(`/run/netns/${world}`);
    this.#namespaces.push(inside);
    using outside = new ThreadNamespace(`/run/netns/${far}`);
    for (const each of [inside, outside]) each.within(() => apply(quietSettings()));
    await batch(['-n', far], farBatch());
    await batch(['-n', world], worldBatch());
    inside.within(() => apply(forwardingSettings()));
  }
}

async function batch(options: readonly string[], input: string): Promise<void> {
  await run(['ip', ...options, '-batch', '-'], { input });
}

function apply(settings: Settings): void {
  for (const [path, value] of settings) writeFileSync(join('/proc/sys/net', path), value);
}
