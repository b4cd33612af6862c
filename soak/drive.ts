import { setTimeout as sleep } from 'node:timers/promises';
import { messageOf } from '../lab/host/index.ts';
import { synFlood } from '../lab/index.ts';
import { DecreaseFinder } from './judge/decreases.ts';
import type { Plan } from './plan.ts';
import { between, onceIn, type Random, randomFrom } from './random.ts';
import type { Changes, Sample } from './record.ts';
import { servicesOf } from './services.ts';
import { configFile, randomSettings, type Settings } from './settings.ts';
import { askPatiently } from './stage/ask.ts';
import { lookAtPackets } from './stage/look.ts';
import { processFigures } from './stage/process-figures.ts';
import type { Stage } from './stage/stage.ts';
import { holdsWithin } from './stage/wait.ts';

const TICK_MS = 25;
/** Of the steady ones; a slow machine takes longer for them. */
const LEAST_SAMPLES = 12;
/** A younger daemon still grows by what it does for the first time. */
const WARM_MS = 5_000;
const ANNOUNCE_TIMEOUT_MS = 60_000;
/** A daemon that is killed may be in the middle of a reload. */
const LONGEST_INTO_RELOAD_MS = 150;

/** Changes everything about a stage that may change, again and again, and looks at what that does. */
export class Driver {
  readonly changes: Changes = {
    reloads: 0,
    slowestReloadMs: 0,
    refusals: [],
    restarts: 0,
    strangers: 0,
    floods: 0,
    syns: 0,
    captures: 0,
    capturedPackets: 0,
    badCaptures: [],
  };
  readonly samples: Sample[] = [];
  readonly counters = new DecreaseFinder();
  readonly #stage: Stage;
  readonly #plan: Plan;
  readonly #random: Random;
  readonly #begunMs = performance.now();
  #flood: Promise<void> = Promise.resolve();
  #look: Promise<void> | null = null;

  constructor(stage: Stage, plan: Plan) {
    this.#stage = stage;
    this.#plan = plan;
    this.#random = randomFrom(plan.seed);
  }

  /** Goes on for the time of the plan, and until memory can be judged. @throws SluiceError when a part of the stage is gone; the signal's reason */
  async run(signal: AbortSignal): Promise<void> {
    const { durationMs, reloadEveryMs, sampleEveryMs, floodEveryMs, captureEveryMs } = this.#plan;
    const floods = every(floodEveryMs, floodEveryMs / 2);
    const samples = every(sampleEveryMs, 0);
    const captures = every(captureEveryMs, captureEveryMs / 2);
    const reloads = every(reloadEveryMs, reloadEveryMs);
    while (this.#atMs < durationMs || this.steadySamples.length < LEAST_SAMPLES) {
      if (samples(this.#atMs)) await this.sample();
      if (floods(this.#atMs)) this.#startFlood();
      if (captures(this.#atMs)) this.#startLook();
      if (reloads(this.#atMs)) await this.#change(signal);
      await sleep(TICK_MS, undefined, { signal });
    }
    await this.#flood;
    await this.#look;
  }

  /** Brings a stage back to given settings. */
  async settle(settings: Settings, signal: AbortSignal): Promise<void> {
    await this.#announced(null, signal);
    await this.#reload(settings);
    await this.#announced(settings, signal);
  }

  /** Looks at the daemon and its counters. */
  async sample(): Promise<void> {
    const { daemon } = this.#stage;
    this.counters.take(await askPatiently(() => daemon.admin.stats()));
    const figures = await processFigures(daemon.pid, daemon.heapFile);
    const isSteady = this.#atMs >= this.#plan.durationMs / 2 && daemon.ageMs >= WARM_MS;
    this.samples.push({ ...figures, atMs: this.#atMs, isSteady });
  }

  /** The samples between which memory is compared. */
  get steadySamples(): readonly Sample[] {
    return this.samples.filter(({ isSteady }) => isSteady);
  }

  get #atMs(): number {
    return performance.now() - this.#begunMs;
  }

  async #change(signal: AbortSignal): Promise<void> {
    const settings = randomSettings(this.#stage.places, this.#random);
    await this.#announced(null, signal);
    if (this.#isRestartDue()) await this.#restart(settings, signal);
    else if (!(await this.#reload(settings))) return;
    await this.#announced(settings, signal);
  }

  /** Returns whether it went well; if not, the settings are what they were, or in between. */
  async #reload(settings: Settings): Promise<boolean> {
    const startedMs = this.#atMs;
    try {
      await this.#stage.daemon.reload(configFile(this.#stage.places, settings));
      this.changes.reloads++;
      const tookMs = Math.round(this.#atMs - startedMs);
      this.changes.slowestReloadMs = Math.max(this.changes.slowestReloadMs, tookMs);
      return true;
    } catch (error) {
      this.changes.refusals.push(messageOf(error));
      return false;
    }
  }

  /** Due evenly over the first half. */
  #isRestartDue(): boolean {
    const { restarts, durationMs } = this.#plan;
    const next = ((this.changes.restarts + 1) * durationMs) / 2 / (restarts + 1);
    return this.changes.restarts < restarts && this.#atMs >= next;
  }

  /** Ends the daemon, in good order or not, and starts the next one on another configuration. */
  async #restart(settings: Settings, signal: AbortSignal): Promise<void> {
    const { daemon, places } = this.#stage;
    await this.sample();
    const isCrash = this.changes.restarts++ % 2 === 1;
    await daemon.write(configFile(places, settings));
    if (isCrash && onceIn(this.#random, 2)) {
      daemon.hangUp();
      await sleep(between(this.#random, 0, LONGEST_INTO_RELOAD_MS), undefined, { signal });
    }
    await daemon.end(isCrash ? 'SIGKILL' : 'SIGTERM');
    await daemon.start();
    if (!daemon.hasAdopted) this.changes.strangers++;
    await this.sample();
  }

  /** Returns once every client knows. */
  async #announced(settings: Settings | null, signal: AbortSignal): Promise<void> {
    const goals = this.#stage.churns.map((churn) => churn.count.generation + 1);
    this.#stage.announce(settings);
    const know = () =>
      this.#stage.churns.every(({ count }, index) => count.generation >= (goals[index] ?? 0));
    if (await holdsWithin(ANNOUNCE_TIMEOUT_MS, signal, know)) return;
    throw new Error(`soak: a client of ${this.#stage.name} does not listen`);
  }

  /** One after another; how it ends is told by {@link run}. */
  #startFlood(): void {
    const { lab, places } = this.#stage;
    const flooded = servicesOf('flooded');
    const service = flooded[this.changes.floods % flooded.length];
    if (service === undefined) return;
    this.changes.floods++;
    this.changes.syns += this.#plan.floodSyns;
    const options = { address: places.vip[service.family], port: service.port, count: this.#plan.floodSyns };
    this.#flood = this.#flood.then(() => synFlood(lab.client(0), options));
    // It is awaited at the end; until then its failure is no unhandled one.
    this.#flood.catch(() => undefined);
  }

  /** Not while an earlier one goes on. */
  #startLook(): void {
    this.#look ??= this.#lookOnce().finally(() => {
      this.#look = null;
    });
  }

  /** A look that a restart has cut off counts for nothing. */
  async #lookOnce(): Promise<void> {
    const { restarts } = this.changes;
    const { admin } = this.#stage.daemon;
    const result = await askPatiently(() => lookAtPackets(admin)).catch(messageOf);
    if (restarts !== this.changes.restarts) return;
    this.changes.captures++;
    if (typeof result === 'number') this.changes.capturedPackets += result;
    else this.changes.badCaptures.push(result);
  }
}

/** Tells whether the next of a series of moments has come; those that were missed are left out. */
function every(periodMs: number, firstMs: number): (atMs: number) => boolean {
  let next = firstMs;
  return (atMs) => {
    if (atMs < next) return false;
    next += periodMs * (1 + Math.floor((atMs - next) / periodMs));
    return true;
  };
}
