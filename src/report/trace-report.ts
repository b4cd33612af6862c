import type { Algorithm, ForwardMode, Protocol } from '../config/index.ts';
import type { TargetWeightReport } from './health-report.ts';
import type { ConnectionReport } from './report.ts';

/** What a trace asks: where a connection of this client would go. */
export interface TraceQuestion {
  /** Address of the client, or `address:port` to find its open flow. */
  readonly client: string;
  /** `address:port` that it connects to. */
  readonly destination: string;
  readonly protocol: Protocol;
  /** Host name that the client asks for (TLS). */
  readonly sni?: string | undefined;
}

/** Where a connection would go, and why: answer of `GET /v1/trace`. */
export interface TraceReport extends TraceQuestion {
  /** What would become of its first packet; everything below is null or empty unless it is `balanced`. */
  readonly outcome: 'balanced' | 'not_ours' | 'no_target';
  /** The way to the outcome, one sentence a step. */
  readonly steps: readonly string[];
  readonly proxy: string | null;
  readonly mode: ForwardMode | null;
  /** Interfaces that carry the programs and on which it may come in. */
  readonly interfaces: readonly string[];
  /** What chose the pool: the source or host name of a route, or `default`. */
  readonly pool: string | null;
  readonly algorithm: Algorithm | null;
  /** Who may be chosen, with the factors of each weight; those with a share of 0 are not. */
  readonly candidates: readonly TargetWeightReport[];
  /** The open flows from this client to this destination: they stay with the target that they have. */
  readonly flows: readonly ConnectionReport[];
}
