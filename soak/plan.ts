/** How the balancer hangs on the interfaces of a stage; each stage is a lab with a balancer of its own. */
export const STAGES = ['tc', 'native'] as const;
/** One of them. */
export type StageName = (typeof STAGES)[number];

/** What is run, and for how long. */
export interface Plan {
  readonly stages: readonly StageName[];
  /** Whatever chance decides comes from it: the same seed makes the same changes in the same order. */
  readonly seed: number;
  /** Time with traffic and changes, without set-up and draining. */
  readonly durationMs: number;
  /** Short HTTP connections a second, of one stage. */
  readonly connectionsPerSecond: number;
  /** Short UDP conversations a second, of one stage. */
  readonly conversationsPerSecond: number;
  /** TCP connections that are held all the time, of one stage. */
  readonly heldTcp: number;
  /** UDP conversations that are held all the time, of one stage. */
  readonly heldUdp: number;
  readonly reloadEveryMs: number;
  readonly floodEveryMs: number;
  /** SYNs of one burst. */
  readonly floodSyns: number;
  /** Daemons that are ended and started, evenly in the first half; in the second half one daemon's memory is watched. */
  readonly restarts: number;
  readonly sampleEveryMs: number;
  readonly captureEveryMs: number;
  readonly udpTimeoutSec: number;
}

/** What the command line can wish for. */
export interface PlanOptions {
  readonly minutes?: number;
  /** Instead of minutes. */
  readonly seconds?: number;
  readonly seed: number;
  /** Short HTTP connections a second, of all stages together. */
  readonly rate: number;
  /** Stages to run; all without. */
  readonly only?: readonly StageName[];
}

/** Without `--minutes` and `--seconds`. */
export const DEFAULT_MINUTES = 20;
const MS_PER_MINUTE = 60_000;
const RESTART_EVERY_MS = 60_000;
const MAX_RESTARTS = 30;
/** Shorter runs than this have shorter everything. */
const SHORT_MS = 2 * MS_PER_MINUTE;

/** Turns wishes into a plan. */
export function planOf(options: PlanOptions): Plan {
  const stages = STAGES.filter((stage) => options.only === undefined || options.only.includes(stage));
  const durationMs =
    options.seconds === undefined
      ? (options.minutes ?? DEFAULT_MINUTES) * MS_PER_MINUTE
      : options.seconds * 1000;
  const isShort = durationMs < SHORT_MS;
  return {
    stages,
    seed: options.seed,
    durationMs,
    connectionsPerSecond: options.rate / stages.length,
    conversationsPerSecond: 10,
    heldTcp: isShort ? 48 : 200,
    heldUdp: isShort ? 24 : 100,
    reloadEveryMs: 1000,
    floodEveryMs: isShort ? 8_000 : 30_000,
    floodSyns: isShort ? 3_000 : 20_000,
    restarts: Math.min(Math.max(2, Math.floor(durationMs / 2 / RESTART_EVERY_MS)), MAX_RESTARTS),
    sampleEveryMs: isShort ? 500 : 2000,
    captureEveryMs: isShort ? 4_000 : 10_000,
    udpTimeoutSec: isShort ? 8 : 15,
  };
}
