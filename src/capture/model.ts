/** What somebody wants to see of the packets that pass, and for how long. What is absent does not matter. */
export interface CaptureRequest {
  /** Addresses, ports and protocols in tcpdump's words: `host 10.0.0.7 and tcp port 443`; see docs/capture.md. */
  readonly filter?: string | undefined;
  /** Only what these programs are done with. */
  readonly hooks?: readonly CaptureHook[] | undefined;
  /** Only what left for one of these reasons: `no_target`, `dropped_no_target`, or a whole outcome: `dropped`. */
  readonly reasons?: readonly string[] | undefined;
  /** Only on this interface. */
  readonly interface?: string | undefined;
  /** Of so many packets that match, on each CPU, one is told. */
  readonly oneIn?: number | undefined;
  /** First bytes of each packet, payload or not, 1 to 256; without it there are headers only. */
  readonly bytes?: number | undefined;
  /** Packets after which it ends; default 1,000. */
  readonly count?: number | undefined;
  /** Time after which it ends, milliseconds; default one minute. */
  readonly durationMs?: number | undefined;
}

/** The programs, by their hooks. */
export const CAPTURE_HOOKS = ['xdp_ingress', 'tc_ingress', 'tc_egress'] as const;
/** One of them. */
export type CaptureHook = (typeof CAPTURE_HOOKS)[number];

/** What became of a packet. */
export const CAPTURE_OUTCOMES = ['forwarded', 'passed', 'dropped'] as const;
/** One of them. */
export type CaptureOutcome = (typeof CAPTURE_OUTCOMES)[number];

/** Bounds of a {@link CaptureRequest}, and what it is when it does not say. */
export const CAPTURE_BOUNDS = {
  bytes: { min: 1, max: 256 },
  oneIn: { min: 1, max: 1_000_000, preset: 1 },
  count: { min: 1, max: 1_000_000, preset: 1_000 },
  durationMs: { min: 1, max: 3_600_000, preset: 60_000 },
} as const;

/** The first bytes of a frame. */
export interface CapturedFrame {
  /** Of the whole frame, bytes. */
  readonly length: number;
  /** Base64. */
  readonly bytes: string;
}

/** A packet as a program of the data path has seen it. */
export interface CapturedPacket {
  readonly type: 'packet';
  /** When it left the program, microseconds since 1970. */
  readonly timeUs: number;
  readonly hook: CaptureHook;
  readonly interface: { readonly index: number; readonly name: string };
  readonly outcome: CaptureOutcome;
  /** Why: `established`, `no_listener`... */
  readonly reason: string;
  /** What the program returned to the kernel: XDP_PASS, TC_ACT_SHOT... as a number. */
  readonly verdict: number;
  /** Whose packet it was; null when it was of no proxy. */
  readonly proxy: string | null;
  /** The target of its flow, `ip:port`. */
  readonly target: string | null;
  /** As it came. */
  readonly before: CapturedFrame;
  /** As it left; null when it was dropped. */
  readonly after: CapturedFrame | null;
}

/** The last that is told. */
export interface CaptureEnd {
  readonly type: 'end';
  /** `stopped`: by the reader, or the daemon ends. */
  readonly why: 'count' | 'time' | 'stopped';
  /** Packets that were told. */
  readonly packets: number;
  /** Packets that the filter was for. */
  readonly matched: number;
  /** Of those that should have been told: too many at once, or a reader too slow. */
  readonly lost: number;
}

/** What a reader is told, one after another. */
export type CaptureLine = CapturedPacket | CaptureEnd;
