import type { Logger } from 'pino';
import { AccessLog } from '../access-log/index.ts';
import { isoTimes, systemClock } from '../clock/index.ts';
import type { AccessLogConfig, Settings } from '../config/index.ts';
import type { Datapath, FlowEventEntry } from '../datapath/index.ts';
import { nameHash } from '../datapath/index.ts';
import type { EventFeed, FlowClosed, FlowEnd, FlowOpened, FlowPlace } from '../events/index.ts';
import type { FlowEventsReport, TargetName } from '../report/index.ts';
import type { DesiredState } from './desired.ts';
import { guarded } from './guarded.ts';
import { repeat } from './repeat.ts';
import { proxyNames } from './reports.ts';
import type { TableState } from './table-state.ts';

/** What telling of flows needs of the balancer. */
export interface FlowTellerParts {
  readonly kernel: {
    readonly datapath: { readonly flowEvents: Pick<Datapath['flowEvents'], 'tell' | 'read' | 'losses'> };
    readonly state: Pick<TableState, 'proxies'>;
    readonly desired: Pick<DesiredState, 'proxies'>;
  };
  readonly feed: Pick<EventFeed, 'emitFlow' | 'wantsFlows' | 'on'>;
  readonly logger: Logger;
}

/** What is in force, and what operators want of targets. */
export interface InForce {
  readonly applied: { readonly config: { readonly settings: Settings } };
  readonly targetStates: { readonly wasReady: (of: TargetName, atMs: number) => boolean };
}

/**
 * How long one turn may take of the event loop, and the pauses between two: with nothing to do, and with more to read. Whatever else
 * waits has its turn in the shortest pause, too.
 */
const BUDGET_MS = 5;
const PAUSE_MS = 25;
const SHORT_PAUSE_MS = 1;
const NS_PER_MS = 1e6;
const BYTES_PER_MB = 1_000_000;

/** Takes what the kernel tells of flows, with names instead of ids, to who reads events and to the access log. */
export class FlowTeller {
  readonly #parts: FlowTellerParts;
  readonly #inForce: InForce;
  readonly #off: () => void;
  #applying: Promise<void> = Promise.resolve();
  #log: AccessLog | undefined;
  #logConfig: AccessLogConfig | undefined;
  /** Of access logs that were closed. */
  #written = 0;
  #dropped = 0;
  #events = 0;
  #oneIn = 0;
  readonly #isoTime = isoTimes();
  #names: ReadonlyMap<number, string> = new Map();
  #sniNames:
    | { readonly of: FlowTellerParts['kernel']['desired']; readonly names: ReadonlyMap<string, string> }
    | undefined;

  constructor(parts: FlowTellerParts, inForce: InForce) {
    this.#parts = parts;
    this.#inForce = inForce;
    this.#off = parts.feed.on('configurationApplied', () => this.#follow());
  }

  /** Tells the kernel and the access log what the settings want; from then on it follows them. @throws BpfError */
  async begin(): Promise<void> {
    await this.#apply();
  }

  async #apply(): Promise<void> {
    const { statsEnabled, flowSampling, accessLog } = this.#inForce.applied.config.settings;
    const isOn = statsEnabled || accessLog.enabled;
    await this.#parts.kernel.datapath.flowEvents.tell(
      isOn ? { oneIn: flowSampling, opened: statsEnabled } : null,
    );
    this.#oneIn = isOn ? flowSampling : 0;
    if (JSON.stringify(accessLog) === JSON.stringify(this.#logConfig)) return;
    await this.#closeLog();
    this.#logConfig = accessLog;
    if (accessLog.enabled) this.#log = this.#openLog(accessLog);
  }

  /** One after another: settings may change again meanwhile. */
  #follow(): void {
    this.#applying = this.#applying.then(() =>
      guarded(this.#parts.logger, 'telling of flows as the settings want', () => this.#apply()),
    );
  }

  /** Reads and tells until the signal aborts, a little at a time. */
  async run(signal: AbortSignal): Promise<void> {
    await repeat(signal, PAUSE_MS, async () => {
      let isLate = false;
      await guarded(this.#parts.logger, 'reading what the kernel tells of flows', async () => {
        isLate = this.turn();
      });
      return isLate ? SHORT_PAUSE_MS : PAUSE_MS;
    });
  }

  /** Tells what is there, for as long as the budget lasts; true when it did not. @throws BpfError */
  turn(): boolean {
    const endMs = performance.now() + BUDGET_MS;
    let isLate = false;
    const [nowMs, nowNs] = [systemClock.nowMs(), process.hrtime.bigint()];
    const wallMs = (ns: bigint) => nowMs - Number(nowNs - ns) / NS_PER_MS;
    this.#events += this.#parts.kernel.datapath.flowEvents.read(
      (event) => this.#tell(event, wallMs),
      () => {
        isLate = performance.now() >= endMs;
        return isLate;
      },
    );
    return isLate;
  }

  /** What was told and what was lost. @throws BpfError */
  report(): FlowEventsReport {
    const { written, dropped } = this.#log?.counts ?? { written: 0, dropped: 0 };
    return {
      oneIn: this.#oneIn,
      read: this.#events,
      lost: this.#parts.kernel.datapath.flowEvents.losses(),
      accessLog: { written: this.#written + written, dropped: this.#dropped + dropped },
    };
  }

  /** Opens the file of the access log anew, for who rotates it. */
  async reopenLog(): Promise<void> {
    await this.#log?.reopen();
  }

  /** Closes the access log after a start that failed; what the kernel has told is left to the next daemon. */
  async abandon(): Promise<void> {
    this.#off();
    await this.#applying;
    await this.#closeLog();
  }

  /** Tells what is there still, and closes the access log. What the kernel tells later the next daemon reads. */
  async close(): Promise<void> {
    this.#off();
    await this.#applying;
    this.turn();
    await this.#closeLog();
  }

  #tell(event: FlowEventEntry, wallMs: (ns: bigint) => number): void {
    const { feed } = this.#parts;
    const isWanted = feed.wantsFlows;
    if (event.what === 'opened') {
      if (isWanted) feed.emitFlow(this.#opened(event), wallMs(event.openedNs));
      return;
    }
    if (!isWanted && this.#log === undefined) return;
    const flow = this.#closed(event, event.what, wallMs);
    const endedAtMs = wallMs(event.seenNs);
    this.#log?.note({ flow, endedAtMs });
    if (isWanted) feed.emitFlow(flow, endedAtMs);
  }

  #opened(event: FlowEventEntry): FlowOpened {
    return { type: 'flowOpened', ...this.#place(event) };
  }

  #closed(event: FlowEventEntry, end: FlowEnd, wallMs: (ns: bigint) => number): FlowClosed {
    const place = this.#place(event);
    const { forward, reply, complete, openedNs, seenNs } = event;
    // Not the state of now: this is told some time after the flow has ended.
    const isDrained = end === 'fin' && !this.#inForce.targetStates.wasReady(place, wallMs(seenNs));
    return {
      type: 'flowClosed',
      ...place,
      reason: isDrained ? 'drained' : end,
      openedAt: this.#isoTime(wallMs(openedNs)),
      durationMs: Math.max(0, Number(seenNs - openedNs) / NS_PER_MS),
      forward,
      reply,
      complete,
    };
  }

  #place(event: FlowEventEntry): FlowPlace {
    const { protocol, client, listener, target, route } = event;
    const proxy = this.#proxyName(event.proxyId);
    return { proxy, protocol, client, listener, target, route, sni: this.#sniName(proxy, event) };
  }

  /** Ids are never given to another proxy, so what is known stays true. */
  #proxyName(id: number): string {
    const known = this.#names.get(id);
    if (known !== undefined) return known;
    this.#names = proxyNames(this.#parts.kernel.state);
    return this.#names.get(id) ?? '';
  }

  #sniName(proxy: string, { route, nameHash: hash }: FlowEventEntry): string | null {
    if (route !== 'sni') return null;
    const of = this.#parts.kernel.desired;
    if (this.#sniNames?.of !== of) this.#sniNames = { of, names: sniNames(of) };
    return this.#sniNames.names.get(`${proxy} ${hash}`) ?? null;
  }

  #openLog({ path, format, maxSizeMb, maxFiles }: AccessLogConfig): AccessLog {
    const { logger } = this.#parts;
    return new AccessLog({
      path,
      format,
      maxBytes: maxSizeMb * BYTES_PER_MB,
      maxFiles,
      nowMs: () => performance.now(),
      onLoss: (lost, why) => logger.warn({ path, lost, why }, 'records of the access log are lost'),
    });
  }

  async #closeLog(): Promise<void> {
    const log = this.#log;
    this.#log = undefined;
    await log?.close();
    this.#written += log?.counts.written ?? 0;
    this.#dropped += log?.counts.dropped ?? 0;
  }
}

function sniNames({ proxies }: Pick<DesiredState, 'proxies'>): ReadonlyMap<string, string> {
  return new Map(
    proxies.flatMap(({ name, sniRoutes }) =>
      sniRoutes.map((route) => [`${name} ${nameHash(route.name)}`, route.name] as const),
    ),
  );
}
