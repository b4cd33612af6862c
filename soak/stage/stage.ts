import { join } from 'node:path';
import { Lab } from '../../lab/index.ts';
import { SluiceError } from '../../src/errors/index.ts';
import type { Plan, StageName } from '../plan.ts';
import type { Allowed, ChurnArguments, ChurnCount } from '../programs/churn.ts';
import type { HolderArguments, HolderCount } from '../programs/holder.ts';
import type { ServerArguments, ServerCount } from '../programs/server.ts';
import { allServices, servicesOf } from '../services.ts';
import {
  allowedTargets,
  configFile,
  fullSettings,
  type Places,
  routedTarget,
  type Settings,
} from '../settings.ts';
import { Daemon } from './daemon.ts';
import { heldSpecs } from './held-specs.ts';
import { Helper } from './helper.ts';
import { holdsWithin } from './wait.ts';

const TARGETS = 3;
const CLIENTS = 2;
const START_TIMEOUT_MS = 60_000;
/** Often enough that no conversation is idle for longer than the timeout of UDP, with room for a slow machine. */
const PAUSE_PART_OF_TIMEOUT = 0.3;

/** A lab with servers, clients and a balancer. */
export class Stage implements AsyncDisposable {
  readonly name: StageName;
  readonly lab: Lab;
  readonly daemon: Daemon;
  readonly places: Places;
  readonly servers: readonly Helper<ServerCount>[];
  #holder: Helper<HolderCount> | undefined;
  #churns: readonly Helper<ChurnCount>[] = [];

  private constructor(name: StageName, lab: Lab, plan: Plan) {
    this.name = name;
    this.lab = lab;
    this.daemon = new Daemon(lab);
    this.places = placesOf(name, lab, plan);
    this.servers = lab.targets.map((target) => {
      const addresses = { v4: target.v4, v6: target.v6 };
      const args: ServerArguments = { name: target.name, services: allServices(), addresses };
      return new Helper<ServerCount>(target, 'server', args);
    });
  }

  /** Builds the lab, starts servers and the balancer, no clients yet. @throws SluiceError; nothing is left behind then */
  static async open(name: StageName, plan: Plan, signal: AbortSignal): Promise<Stage> {
    const offloads = name === 'native' ? 'off' : 'on';
    const spec = { clients: CLIENTS, targets: TARGETS, offloads, upstream: true } as const;
    const stage = new Stage(name, await Lab.create(spec, { signal }), plan);
    try {
      await stage.#started(() => stage.servers.every((server) => server.hasReported), 'the servers', signal);
      await stage.daemon.write(configFile(stage.places, fullSettings(stage.places)));
      await stage.daemon.start();
      return stage;
    } catch (error) {
      await stage.close();
      throw error;
    }
  }

  /** The program that holds conversations. @throws Error before {@link startClients} */
  get holder(): Helper<HolderCount> {
    if (this.#holder === undefined) throw new Error('the clients have not started');
    return this.#holder;
  }

  /** The programs that open short connections, one in each client. */
  get churns(): readonly Helper<ChurnCount>[] {
    return this.#churns;
  }

  /** Opens the conversations to hold, then begins with the short ones. @throws SluiceError when they cannot be opened */
  async startClients(plan: Plan, signal: AbortSignal): Promise<void> {
    const args: HolderArguments = {
      conversations: heldSpecs(plan, this.places.vip, this.lab.client(0)),
      pauseMs: plan.udpTimeoutSec * 1000 * PAUSE_PART_OF_TIMEOUT,
    };
    const holder = new Helper<HolderCount>(this.lab.client(0), 'holder', args);
    this.#holder = holder;
    await this.#started(() => holder.hasReported && holder.count.ready, 'the held conversations', signal);
    this.#churns = this.lab.clients.map((host) => {
      const churn: ChurnArguments = {
        web: servicesOf('web', 'routed', 'named', 'headed', 'introduced'),
        talk: servicesOf('talk'),
        vip: this.places.vip,
        source: { v4: host.v4, v6: host.v6 },
        connectionsPerSecond: plan.connectionsPerSecond / CLIENTS,
        conversationsPerSecond: plan.conversationsPerSecond / CLIENTS,
        talkForMs: Math.max(plan.durationMs - plan.udpTimeoutSec * 1000, plan.durationMs / 4),
      };
      return new Helper<ChurnCount>(host, 'churn', churn);
    });
    const churning = () => this.#churns.every((churn) => churn.hasReported);
    await this.#started(churning, 'the short connections', signal);
    this.announce(fullSettings(this.places));
  }

  /** Tells the clients who may answer from now on; null while that changes. */
  announce(settings: Settings | null): void {
    for (const [index, churn] of this.#churns.entries()) {
      churn.tell(settings && this.#allowedFor(index, settings));
    }
  }

  async close(): Promise<void> {
    const clients = [...this.#churns, ...(this.#holder ? [this.#holder] : [])];
    await Promise.all(clients.map((each) => each.close()));
    try {
      await this.daemon.close();
    } finally {
      await this.lab.close();
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  /** The second client has routes of its own. */
  #allowedFor(client: number, settings: Settings): Allowed {
    const allowed = allowedTargets(settings);
    if (client === 0) return allowed;
    const routed = servicesOf('routed').map(({ name }) => [name, [routedTarget(this.places)]]);
    return { ...allowed, ...Object.fromEntries(routed) };
  }

  async #started(condition: () => boolean, what: string, signal: AbortSignal): Promise<void> {
    if (await holdsWithin(START_TIMEOUT_MS, signal, condition)) return;
    throw new SluiceError('internal', `soak: ${what} of ${this.name} did not start`);
  }
}

/** Where a stage's daemon writes its access log. */
export function accessLogOf(lab: Lab): string {
  return join(lab.directory, 'access.log');
}

function placesOf(stage: StageName, lab: Lab, plan: Plan): Places {
  const second = lab.client(1);
  return {
    stage,
    vip: { v4: lab.vip4, v6: lab.vip6 },
    targets: Object.fromEntries(lab.targets.map(({ name, v4, v6 }) => [name, { v4, v6 }])),
    secondClient: { v4: `${second.v4}/32`, v6: `${second.v6}/128` },
    udpTimeoutSec: plan.udpTimeoutSec,
    accessLog: accessLogOf(lab),
  };
}
