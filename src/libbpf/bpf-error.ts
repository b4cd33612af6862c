import { describeErrno, ERRNO } from './errno.ts';

/** The closed list of what can go wrong. */
export type BpfErrorCode =
  /** Root or capabilities (CAP_BPF, CAP_NET_ADMIN) are missing. */
  | 'permission'
  /** The pin, device, program, map or key is not there. */
  | 'not_found'
  /** The pin, key, filter or hook is there already. */
  | 'exists'
  /** Another program holds the hook. */
  | 'busy'
  /** The kernel finds an argument wrong. */
  | 'invalid'
  /** The map, or a buffer, is full. */
  | 'full'
  /** The kernel has no memory for it. */
  | 'no_memory'
  /** The verifier rejects the program; see `verifierLog`. */
  | 'rejected'
  /** The kernel, the driver or libbpf lacks the feature; see `needsKernel`. */
  | 'unsupported'
  /** A pinned map does not have the layout that the object declares. */
  | 'mismatch'
  /** The object was closed before. */
  | 'closed'
  /** The object file is not readable as BPF. */
  | 'bad_object'
  /** Anything else; `errno` says more. */
  | 'failed';

/** Options of a {@link BpfError}. */
export interface BpfErrorOptions {
  /** Positive errno. */
  readonly errno?: number | undefined;
  /** Replaces the errno's own text. */
  readonly detail?: string | undefined;
  /** Everything the verifier said. */
  readonly verifierLog?: string | undefined;
  /** First kernel with the missing feature, e.g. `6.6`. */
  readonly needsKernel?: string | undefined;
  readonly cause?: unknown;
}

/** The one error class of this library. `message` is one line: what was tried, what is wrong, the errno. */
export class BpfError extends Error {
  override readonly name = 'BpfError';
  readonly code: BpfErrorCode;
  /** Positive errno; 0 when the error does not come from a call. */
  readonly errno: number;
  /** Symbol of the errno, e.g. `EBUSY`; empty when there is none. */
  readonly errnoName: string;
  /** Everything the verifier said; empty when it was not asked. */
  readonly verifierLog: string;
  /** First kernel with the missing feature; undefined when that is not the problem. */
  readonly needsKernel: string | undefined;

  constructor(code: BpfErrorCode, what: string, options: BpfErrorOptions = {}) {
    const errno = options.errno ?? 0;
    const known = errno === 0 ? undefined : describeErrno(errno);
    const detail = options.detail ?? known?.text;
    const suffix = known ? ` (${known.name})` : '';
    super(
      (detail === undefined ? what : `${what}: ${detail}`) + suffix,
      options.cause === undefined ? undefined : { cause: options.cause },
    );
    this.code = code;
    this.errno = errno;
    this.errnoName = known?.name ?? '';
    this.verifierLog = options.verifierLog ?? '';
    this.needsKernel = options.needsKernel;
  }
}

const CODES: ReadonlyMap<number, BpfErrorCode> = new Map([
  [ERRNO.EPERM, 'permission'],
  [ERRNO.EACCES, 'permission'],
  [ERRNO.ENOENT, 'not_found'],
  [ERRNO.ENODEV, 'not_found'],
  [ERRNO.EEXIST, 'exists'],
  [ERRNO.EBUSY, 'busy'],
  [ERRNO.EINVAL, 'invalid'],
  [ERRNO.ERANGE, 'invalid'],
  [ERRNO.E2BIG, 'full'],
  [ERRNO.ENOSPC, 'full'],
  [ERRNO.ENOMEM, 'no_memory'],
  [ERRNO.ENOSYS, 'unsupported'],
  [ERRNO.EOPNOTSUPP, 'unsupported'],
  [ERRNO.ENOTSUPP, 'unsupported'],
  [4000, 'bad_object'],
  [4001, 'bad_object'],
  [4003, 'bad_object'],
  [4005, 'bad_object'],
]);

/** Makes the error of a failed call from its errno (positive or negative). */
export function errorFromErrno(errno: number, what: string, options: BpfErrorOptions = {}): BpfError {
  const positive = Math.abs(errno);
  return new BpfError(CODES.get(positive) ?? 'failed', what, { errno: positive, ...options });
}

/** Passes a non-negative result through; throws a {@link BpfError} for a negative one. */
export function check(result: number, what: string): number {
  if (result < 0) throw errorFromErrno(result, what);
  return result;
}
