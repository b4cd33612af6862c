/** Why a check failed. `local_error` is the fault of this host, not of the target, and counts for nothing. */
export type FailureReason =
  | 'connection_refused'
  | 'connection_reset'
  | 'timeout'
  | 'unreachable'
  | 'tls'
  | 'certificate'
  | 'unexpected_status'
  | 'bad_response'
  | 'unexpected_answer'
  | 'local_error'
  | 'error';

/** What one check found. */
export type CheckOutcome =
  | {
      readonly success: true;
      readonly latencyMs: number;
      /** For people: `connected`, `HTTP 200`. */
      readonly message: string;
    }
  | {
      readonly success: false;
      readonly latencyMs: number;
      readonly reason: FailureReason;
      /** For people: `connection refused`, `HTTP 503, expected 200 or 204`. */
      readonly message: string;
    };

/** A failure before its latency is known. */
export interface Failure {
  readonly reason: FailureReason;
  readonly message: string;
}

const REASONS: ReadonlyMap<string, Failure> = new Map([
  ['ECONNREFUSED', { reason: 'connection_refused', message: 'connection refused' }],
  [
    'ECONNRESET',
    { reason: 'connection_reset', message: 'the target closed the connection without an answer' },
  ],
  ['EPIPE', { reason: 'connection_reset', message: 'the target closed the connection' }],
  ['ETIMEDOUT', { reason: 'timeout', message: 'no answer from the target' }],
  ['EHOSTUNREACH', { reason: 'unreachable', message: 'host unreachable' }],
  ['ENETUNREACH', { reason: 'unreachable', message: 'network unreachable' }],
  ['EMFILE', local('too many open files in this process')],
  ['ENFILE', local('too many open files on this host')],
  ['ENOBUFS', local('no buffers left on this host')],
  ['ENOMEM', local('no memory left on this host')],
  ['EADDRNOTAVAIL', local('no free local port for this target')],
]);
/** OpenSSL's X509_V_ERR names, and Node's for a wrong name. */
const CERTIFICATE = /CERT|^UNABLE_TO_|SELF_SIGNED|CRL|^INVALID_(CA|PURPOSE)|^HOSTNAME_MISMATCH/;
const MAX_MESSAGE = 200;

/** What an error of a socket, of TLS or of an HTTP parser means for a check. */
export function failureOf(error: Error): Failure {
  return failureOfCode('code' in error ? String(error.code) : '', error.message);
}

/** The same for the code of an error, and its text. */
export function failureOfCode(code: string, text: string): Failure {
  const known = REASONS.get(code);
  if (known !== undefined) return known;
  const message = text.slice(0, MAX_MESSAGE);
  if (CERTIFICATE.test(code)) return { reason: 'certificate', message: `certificate refused: ${message}` };
  if (code === 'EPROTO' || code.startsWith('ERR_SSL') || code.startsWith('ERR_TLS')) {
    return { reason: 'tls', message: `no TLS: ${message}` };
  }
  if (code.startsWith('HPE_')) return { reason: 'bad_response', message: `not an HTTP answer: ${message}` };
  return { reason: 'error', message };
}

function local(message: string): Failure {
  return { reason: 'local_error', message };
}
