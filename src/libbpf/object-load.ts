import { BpfError, errorFromErrno } from './bpf-error.ts';
import { ERRNO } from './errno.ts';
import { withLibbpfLog } from './libbpf-log.ts';
import { type Handle, native } from './native.ts';
import { withSignalsHeld } from './signals.ts';
import { readVerifierStatistics, summarizeVerifierLog, type VerifierStatistics } from './verifier-log.ts';

/** Shared by all programs of an object; pages that nobody writes cost nothing. */
const LOG_BYTES = 16 * 1024 * 1024;

/** `BPF_LOG_STATS`: the verifier says how much it had to do, also when it accepts. */
const LOG_STATISTICS = 4;

const NEEDED_RIGHTS = 'needs root, or CAP_BPF, CAP_NET_ADMIN and CAP_PERFMON';

/** The part of the log buffer that one program's verifier log goes to. */
interface LogSlice {
  readonly program: string;
  readonly bytes: Buffer;
}

/**
 * Loads an opened object into the kernel; turns a failure into one readable error.
 * @param statistics ask the verifier what each program took
 * @returns the answers, by program; empty when it was not asked
 */
export function loadObject(
  object: Handle,
  name: string,
  programs: readonly Handle[],
  statistics: boolean,
): ReadonlyMap<string, VerifierStatistics> {
  const slices = giveLogs(programs, statistics);
  const { value, lines } = withLibbpfLog(() => withSignalsHeld(() => native().objectLoad(object)));
  if (value < 0) throw loadError(name, value, slices, lines);
  return new Map(
    slices.flatMap((slice) => {
      const read = readVerifierStatistics(textOf(slice));
      return read === undefined ? [] : [[slice.program, read] as const];
    }),
  );
}

function giveLogs(programs: readonly Handle[], statistics: boolean): readonly LogSlice[] {
  const libbpf = native();
  const loaded = programs.filter((program) => libbpf.programAutoload(program));
  const size = Math.floor(LOG_BYTES / Math.max(1, loaded.length));
  const buffer = Buffer.allocUnsafeSlow(LOG_BYTES);
  return loaded.map((program, index) => {
    const bytes = buffer.subarray(index * size, (index + 1) * size);
    bytes[0] = 0;
    libbpf.programSetLogBuf(program, bytes, size);
    if (statistics) libbpf.programSetLogLevel(program, LOG_STATISTICS);
    return { program: libbpf.programName(program), bytes };
  });
}

function textOf({ bytes }: LogSlice): string {
  return bytes.toString('utf8', 0, bytes.indexOf(0));
}

function loadError(
  name: string,
  errno: number,
  slices: readonly LogSlice[],
  lines: readonly string[],
): BpfError {
  // Programs are loaded in order, and the first that fails is the last to be spoken of.
  const failed = slices.findLast(({ bytes }) => bytes[0] !== 0);
  if (failed === undefined) {
    const detail = errno === -ERRNO.EPERM ? NEEDED_RIGHTS : firstUseful(lines);
    return errorFromErrno(errno, `loading ${name}`, { detail });
  }
  const verifierLog = textOf(failed);
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
