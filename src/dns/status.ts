import type { DnsEndpoint } from './answer.ts';

/** What is known of a name. */
export interface DnsStatus {
  readonly hostname: string;
  /** What it stands for: the last good answer. */
  readonly endpoints: readonly DnsEndpoint[];
  /** Life of the records of the last good answer, seconds; null when unknown. */
  readonly ttlSec: number | null;
  /** When the last good answer came, ISO 8601. */
  readonly resolvedAt: string;
  /** Failures since then. */
  readonly consecutiveFailures: number;
  /** Why the last attempt failed; null after a good one. */
  readonly lastError: string | null;
  /** When it is resolved again, ISO 8601; null while it is being resolved. */
  readonly nextAt: string | null;
}

/** What happened to a name. */
export type DnsEvent =
  | {
      readonly type: 'dnsResolved';
      readonly hostname: string;
      /** Addresses that it stands for now, and did not before; and the other way round. */
      readonly added: readonly string[];
      readonly removed: readonly string[];
      /** Whether anything is different: an address, a port, a share. */
      readonly changed: boolean;
    }
  | {
      readonly type: 'dnsFailed';
      readonly hostname: string;
      readonly error: string;
      readonly consecutiveFailures: number;
    };
