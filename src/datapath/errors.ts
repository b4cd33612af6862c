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

/** Runs `work`; an error of libbpf becomes a SluiceError that says what was being done and keeps the cause. */
export function translateErrors<T>(doing: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw translate(doing, error);
  }
}

function translate(doing: string, error: unknown): unknown {
  if (!(error instanceof BpfError)) return error;
  const kernel = error.needsKernel === undefined ? '' : `; needs Linux ${error.needsKernel} or newer`;
  return new SluiceError(CODES[error.code], `${doing}: ${error.message}${kernel}`, {
    cause: error,
    fix:
      error.code === 'permission' ? 'run as root, or with CAP_BPF, CAP_NET_ADMIN and CAP_PERFMON' : undefined,
  });
}
