import { ERROR_CODES, type ErrorCode } from './codes.ts';

/** One problem inside an error that has many, e.g. one line of a configuration file. */
export interface ErrorDetail {
  /** Where: `file:line:col`, a field path, an interface name. */
  readonly where: string;
  /** What is wrong and what was expected, one sentence. */
  readonly message: string;
  /** Where it is in what was sent, see {@link jsonPointer}; only for what came as an object. */
  readonly pointer?: string | undefined;
}

/** Options of a {@link SluiceError}. */
export interface SluiceErrorOptions {
  /** What the reader can do about it, one sentence or command. */
  readonly fix?: string | undefined;
  readonly details?: readonly ErrorDetail[] | undefined;
  readonly cause?: unknown;
}

/** The one error class of Sluice. `message` says what and where; `fix` says what to do about it. */
export class SluiceError extends Error {
  override readonly name = 'SluiceError';
  readonly code: ErrorCode;
  readonly fix: string | undefined;
  readonly details: readonly ErrorDetail[];

  constructor(code: ErrorCode, message: string, options: SluiceErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.fix = options.fix;
    this.details = options.details ?? [];
  }

  /** The exit status of a command that ends with this error. */
  get exitCode(): number {
    return ERROR_CODES[this.code].exit;
  }

  /** The HTTP status of an admin response that carries this error. */
  get httpStatus(): number {
    return ERROR_CODES[this.code].http;
  }
}
