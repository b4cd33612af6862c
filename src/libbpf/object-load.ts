import { BpfError, errorFromErrno } from './bpf-error.ts';
import { ERRNO } from './errno.ts';
import { withLibbpfLog } from './libbpf-log.ts';
import { type Handle, native } from './native.ts';
import { summarizeVerifierLog } from './verifier-log.ts';

/** Shared by all programs of an object; pages that nobody writes cost nothing. */
const LOG_BYTES = 16 * 1024 * 1024;

const NEEDED_RIGHTS = 'needs root, or CAP_BPF, CAP_NET_ADMIN and CAP_PERFMON';

/** The part of the log buffer that one program's verifier log goes to. */
interface LogSlice {
  readonly program: string;
  readonly bytes: Buffer;
}

/** Loads an opened object into the kernel; turns a failure into one readable error. */
export function loadObject(object: Handle, name: string, programs: readonly Handle[]): void {
  const slices = giveLogs(programs);
  const { value, lines } = withLibbpfLog(() => native().objectLoad(object));
  if (value >= 0) return;
  throw loadError(name, value, slices, lines);
}

function giveLogs(programs: readonly Handle[]): readonly LogSlice[] {
  const libbpf = native();
  const loaded = programs.filter((program) => libbpf.programAutoload(program));
  const size = Math.floor(LOG_BYTES / Math.max(1, loaded.length));
  const buffer = Buffer.allocUnsafeSlow(LOG_BYTES);
  return loaded.map((program, index) => {
    const bytes = buffer.subarray(index * size, (index + 1) * size);
    bytes[0] = 0;
    libbpf.programSetLogBuf(program, bytes, size);
    return { program: libbpf.programName(program), bytes };
  });
}

function loadError(
  name: string,
  errno: number,
  slices: readonly LogSlice[],
  lines: readonly string[],
): BpfError {
  const failed = slices.find(({ bytes }) => bytes[0] !== 0);
  if (failed === undefined) {
    const detail = errno === -ERRNO.EPERM ? NEEDED_RIGHTS : firstUseful(lines);
    return errorFromErrno(errno, `loading ${name}`, { detail });
  }
  const verifierLog = failed.bytes.toString('utf8', 0, failed.bytes.indexOf(0));
  const summary = summarizeVerifierLog(verifierLog);
  const source = summary?.source === undefined ? '' : `, at \`${summary.source}\``;
  return new BpfError('rejected', `the verifier rejects program ${failed.program} of ${name}`, {
    errno: -errno,
    detail: summary && `${summary.reason}${source}`,
    verifierLog,
  });
}

/** libbpf's own words, without the errno that the error adds anyway. */
function firstUseful(lines: readonly string[]): string | undefined {
  return lines
    .find((line) => /fail|invalid|error|unable|not supported/i.test(line) && !line.includes('Retrying'))
    ?.replace(/: [^:]*\(-\d+\)$/, '')
    .replace(/: -\d+$/, '');
}
