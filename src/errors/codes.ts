/**
 * The closed table of everything that can go wrong: one row gives the code, the exit status of the CLI
 * (sysexits.h where one fits) and the HTTP status of the admin API.
 */
export const ERROR_CODES = {
  /** The configuration is not valid; `details` lists every problem. */
  config_invalid: { exit: 78, http: 422 },
  /** The command line is not valid. */
  usage: { exit: 64, http: 400 },
  /** A file could not be read. */
  file_unreadable: { exit: 66, http: 400 },
  /** Something named does not exist (interface, proxy, target, instance). */
  not_found: { exit: 69, http: 404 },
  /** Something is there already (instance running, foreign XDP program, listener taken). */
  conflict: { exit: 73, http: 409 },
  /** Root or capabilities are missing. */
  permission: { exit: 77, http: 403 },
  /** The admin API was used without its token, or with one that may not do this. */
  unauthorized: { exit: 77, http: 401 },
  /** Something has changed since it was read: the change that was asked for may not be what is meant any more. */
  precondition_failed: { exit: 75, http: 412 },
  /** The kernel or a library lacks a feature; the message names the first version that has it. */
  unsupported: { exit: 70, http: 501 },
  /** The kernel refused something that should have worked; `cause` has the errno. */
  kernel: { exit: 71, http: 500 },
  /** A table of the data path is full. */
  capacity: { exit: 75, http: 507 },
  /** No daemon answers on the admin socket. */
  unreachable: { exit: 69, http: 503 },
  /** A fault in Sluice itself. */
  internal: { exit: 70, http: 500 },
} as const satisfies Record<string, { exit: number; http: number }>;

/** One of the codes above. */
export type ErrorCode = keyof typeof ERROR_CODES;
