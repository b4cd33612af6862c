import type { HookName } from './basics.ts';

/** What an end of a packet must be. */
export interface CaptureCondition {
  readonly ends: 'source' | 'destination' | 'either';
  /** `10.0.0.0/8`, `2001:db8::/32`; absent: any address. */
  readonly network?: string;
  /** Absent: any port. */
  readonly port?: number;
}

/** Which packets are told to a reader; what is absent does not matter. */
export interface CaptureRow {
  readonly hooks?: readonly HookName[];
  /** `forwarded_established`, `dropped_no_target`... */
  readonly reasons?: readonly string[];
  readonly ifindex?: number;
  /** One in so many that match; default all. */
  readonly oneIn?: number;
  /** Bytes of each packet; default as many as there can be. */
  readonly maxBytes?: number;
  /** Packets an epoch; default enough. */
  readonly perEpoch?: number;
  /** The IP protocol. */
  readonly protocol?: number;
  readonly family?: 4 | 6;
  readonly conditions?: readonly CaptureCondition[];
  /** Its reader has died: it has ended just now. */
  readonly expired?: boolean;
}

/** What a reader is told of a packet. */
export interface CapturedRow {
  readonly hook: string;
  readonly reason: string;
  readonly ifindex: number;
  readonly proxy: number | null;
  readonly target: number | null;
  /** Bytes of the frame as it came, and the first of them; and the same of what it has become. */
  readonly length: number;
  readonly before: Uint8Array;
  readonly lengthAfter: number;
  readonly after: Uint8Array;
  /** What the program returned. */
  readonly verdict: number;
}
