import { randomBytes } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SluiceError } from '../src/errors/index.ts';
import { build, turnOffloadsOff } from './build.ts';
import { onProcessEnd } from './exit-hook.ts';
import { Host, type HostOwner, type OwnedProcess } from './host/index.ts';
import { currentCreator, labId } from './naming.ts';
import { LAB_VARIABLE, removeLabs, sweepStaleLabs } from './removal.ts';
import { fullSpec, type LabSpec, layOut, type Topology } from './topology/index.ts';

/**
 * Clients, a balancer and targets in network namespaces of this machine. Owns the namespaces, every process started
 * in them, and a temporary directory; {@link close} removes all of it, and so does the end of this process.
 */
export class Lab implements AsyncDisposable {
  /** `sluice-lab-PID-START-RANDOM`; every namespace name begins with it. */
  readonly id: string;
  /** Temporary directory of the lab's configuration, pid and data files. */
  readonly directory: string;
  /** How long {@link create} took, milliseconds. */
  readonly createdInMs: number;
  readonly hosts: readonly Host[];
  readonly #ground: Ground;
  readonly #topology: Topology;

  private constructor(ground: Ground, topology: Topology, createdInMs: number) {
    this.id = ground.id;
    this.directory = ground.directory;
    this.hosts = topology.hosts.map((plan) => new Host(plan, ground));
    this.#topology = topology;
    this.createdInMs = createdInMs;
    this.#ground = ground;
  }

  /**
   * Builds a lab; addresses are usable when it returns. Labs of dead processes are swept away first.
   * @throws SluiceError `usage` for a spec that makes no sense, `permission` without root, `kernel` when the kernel
   * refuses a part; nothing is left behind then. The signal's reason when aborted.
   */
  static async create(spec: LabSpec = {}, options: { readonly signal?: AbortSignal } = {}): Promise<Lab> {
    const started = performance.now();
    const full = fullSpec(spec);
    if (process.getuid?.() !== 0) {
      throw new SluiceError('permission', 'lab: making network namespaces needs root', {
        fix: 'run it as root',
      });
    }
    options.signal?.throwIfAborted();
    sweepStaleLabs();
    const ground = new Ground();
    try {
      const topology = layOut(full, (host) => `${ground.id}-${host}`);
      await build(topology, full, options.signal);
      return new Lab(ground, topology, performance.now() - started);
    } catch (error) {
      await ground.close();
      throw error;
    }
  }

  /** The host with the balancer's interfaces `front0` (and `front1`) and `back0`. */
  get balancer(): Host {
    return this.host('balancer');
  }

  /** Client number `index`, counting from 0; its host name counts from 1. */
  client(index = 0): Host {
    return this.host(`client${index + 1}`);
  }

  /** Target number `index`, counting from 0; its host name counts from 1. */
  target(index = 0): Host {
    return this.host(`target${index + 1}`);
  }

  /** All clients. */
  get clients(): readonly Host[] {
    return this.hosts.filter((host) => host.name.startsWith('client'));
  }

  /** All targets. */
  get targets(): readonly Host[] {
    return this.hosts.filter((host) => host.name.startsWith('target'));
  }

  /** Addresses of a listening interface of the balancer, first the one of `vips[0]`. */
  vips(front = 0): { readonly v4: readonly string[]; readonly v6: readonly string[] } {
    const device = this.balancer.interface(`front${front}`);
    return { v4: device.addresses4, v6: device.addresses6 };
  }

  /** The first IPv4 address of `front0`. */
  get vip4(): string {
    return this.balancer.v4;
  }

  /** The first IPv6 address of `front0`. */
  get vip6(): string {
    return this.balancer.v6;
  }

  /** The host of this name (`client1`, `back-router2`, ...). @throws Error when there is none. */
  host(name: string): Host {
    const found = this.hosts.find((host) => host.name === name);
    if (!found)
      throw new Error(`the lab has no host ${name}, only ${this.hosts.map((each) => each.name).join(', ')}`);
    return found;
  }

  /** From now on as if the spec had said `offloads: 'off'`, for a lab that is used with and without. */
  turnOffloadsOff(): Promise<void> {
    return turnOffloadsOff(this.#topology);
  }

  /** Ends every process and removes everything. Safe to call more than once. */
  close(): Promise<void> {
    return this.#ground.close();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }
}

/** What a lab stands on: its id, directory, processes and exit hook. Exists before the namespaces do. */
class Ground implements HostOwner {
  readonly id = labId(currentCreator(), randomBytes(4).toString('hex'));
  readonly directory = join(tmpdir(), this.id);
  readonly env = { [LAB_VARIABLE]: this.id };
  readonly #processes: OwnedProcess[] = [];
  readonly #abort = new AbortController();
  readonly #exitHook: Disposable;

  constructor() {
    this.#exitHook = onProcessEnd(() => removeLabs([this.id]));
    mkdirSync(this.directory, { mode: 0o755 });
  }

  get signal(): AbortSignal {
    return this.#abort.signal;
  }

  adopt(process: OwnedProcess): void {
    this.#processes.push(process);
  }

  async close(): Promise<void> {
    this.#abort.abort(new Error(`lab ${this.id} is closed`));
    await Promise.all(this.#processes.splice(0).map((process) => process.close()));
    removeLabs([this.id]);
    this.#exitHook[Symbol.dispose]();
  }
}
