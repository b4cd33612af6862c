import { type ErrorCode, SluiceError } from '../errors/index.ts';
import { BpfError, type BpfErrorCode } from '../libbpf/index.ts';

const CODES: Readonly<Record<BpfErrorCode, ErrorCode>> = {
  permission: 'permission',
  not_found: 'not_found',
  exists: 'conflict',
  busy: 'conflict',
  invalid: 'kernel',
  full: 'capacity',
  no_memory: 'kernel',
  rejected: 'kernel',
  unsupported: 'unsupported',
  mismatch: 'conflict',
  closed: 'internal',
  bad_object: 'internal',
  failed: 'kernel',
};

const RIGHTS = 'run as root, or with CAP_BPF, CAP_NET_ADMIN and CAP_PERFMON';
const AGAIN = 'try again; the log of the kernel (dmesg) may say more';
const FIXES: Readonly<Record<BpfErrorCode, string>> = {
  permission: RIGHTS,
  not_found: AGAIN,
  exists: AGAIN,
  busy: AGAIN,
  invalid: AGAIN,
  full: 'make room there, or spread the configuration over several instances',
  no_memory: 'free memory, or lower settings.maxConnections, then try again',
  rejected: 'report it, with the version of the kernel (uname -r)',
  unsupported: 'sluice doctor says what this host lacks',
  mismatch: 'remove that pin (rm), then try again',
  closed: AGAIN,
  bad_object: 'install or build Sluice anew',
  failed: AGAIN,
};

/** Files of the BPF file system that may not be made or changed. */
const DENIED: readonly string[] = ['EACCES', 'EPERM', 'EROFS'];

/**
 * Runs `work`; an error of libbpf, or of the files of pins, becomes a SluiceError that says what was being done and
 * keeps the cause. Other errors pass as they are.
 */
export function translateErrors<T>(doing: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw translate(doing, error);
  }
}

/** The same for work that takes its time. */
export async function translateErrorsOf<T>(doing: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw translate(doing, error);
  }
}

function translate(doing: string, error: unknown): unknown {
  if (error instanceof BpfError) return translateBpf(doing, error);
  if (!isSystemError(error)) return error;
  const denied = DENIED.includes(error.code);
  return new SluiceError(denied ? 'permission' : 'kernel', `${doing}: ${error.message}`, {
    cause: error,
    fix: denied ? RIGHTS : AGAIN,
  });
}

function translateBpf(doing: string, error: BpfError): SluiceError {
  const kernel = error.needsKernel === undefined ? '' : `; needs Linux ${error.needsKernel} or newer`;
  return new SluiceError(CODES[error.code], `${doing}: ${error.message}${kernel}`, {
    cause: error,
    fix: FIXES[error.code],
  });
}

/** An error of a system call that Node made. */
function isSystemError(error: unknown): error is Error & { readonly code: string } {
  return error instanceof Error && 'syscall' in error && 'code' in error && typeof error.code === 'string';
}
