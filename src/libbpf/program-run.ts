import { type BpfError, errorFromErrno } from './bpf-error.ts';
import { ERRNO } from './errno.ts';
import { kernelHas, unsupportedFeature } from './kernel-version.ts';
import { native } from './native.ts';
import { OPTS_SIZE, type TestRunOpts } from './native-types.ts';
import type { OwnedFd } from './owned-fd.ts';

/** `BPF_F_TEST_XDP_LIVE_FRAMES`: what the program decides happens to real frames. */
export const RUN_LIVE_FRAMES = 2;

/** Room for a program that makes its packet longer. */
const GROWTH_BYTES = 256;

/** Options of a run. A `syscall` program takes `ctxIn` alone. */
export interface RunOptions {
  /** The packet. */
  readonly dataIn?: Uint8Array | undefined;
  /** Room for the packet afterwards; default 256 bytes more than before, 0 for none. */
  readonly dataOutSize?: number | undefined;
  /** The context struct (`__sk_buff`, `xdp_md`, or the argument of a `syscall` program). */
  readonly ctxIn?: Uint8Array | undefined;
  /** Room for the context afterwards; default 0. A `syscall` program's context always comes back. */
  readonly ctxOutSize?: number | undefined;
  /** Runs; default 1. */
  readonly repeat?: number | undefined;
  /** `BPF_F_TEST_*`, e.g. {@link RUN_LIVE_FRAMES}. */
  readonly flags?: number | undefined;
  readonly cpu?: number | undefined;
  /** Frames at a time, with live frames. */
  readonly batchSize?: number | undefined;
}

/** What a run gave. */
export interface RunResult {
  readonly retval: number;
  /** Mean of the runs; 0 for a `syscall` program. */
  readonly durationNs: number;
  readonly dataOut: Buffer;
  readonly ctxOut: Buffer;
}

/** Runs a program on the calling thread. */
export function runProgram(fd: OwnedFd, type: string, options: RunOptions): RunResult {
  const opts = buildOpts(type, options);
  return readResult(fd, type, options, opts, native().testRun(fd.value, opts));
}

/** Runs a program on a worker thread. */
export async function runProgramAsync(fd: OwnedFd, type: string, options: RunOptions): Promise<RunResult> {
  const opts = buildOpts(type, options);
  const result = await fd.hold(
    (value) =>
      new Promise<number>((resolve, reject) => {
        native().testRun.async(value, opts, (error: unknown, code) => {
          if (error) reject(error);
          else resolve(code);
        });
      }),
  );
  return readResult(fd, type, options, opts, result);
}

/** The buffers of `opts` are the ones that the result is cut from, so it keeps them alive during the call. */
interface RunBuffers extends TestRunOpts {
  readonly dataOut: Buffer;
  readonly ctxOut: Buffer;
}

function buildOpts(type: string, options: RunOptions): RunBuffers {
  const isSyscall = type === 'syscall';
  const dataIn = options.dataIn ?? null;
  const dataOut = Buffer.alloc(options.dataOutSize ?? (dataIn ? dataIn.length + GROWTH_BYTES : 0));
  // The kernel writes a syscall program's context back where it came from: never into the caller's bytes.
  const ctxIn = options.ctxIn ? Buffer.from(options.ctxIn) : null;
  const ctxOut = isSyscall ? (ctxIn ?? Buffer.alloc(0)) : Buffer.alloc(options.ctxOutSize ?? 0);
  return {
    sz: OPTS_SIZE.testRun,
    data_in: dataIn,
    data_size_in: dataIn?.length ?? 0,
    data_out: dataOut.length > 0 ? dataOut : null,
    data_size_out: dataOut.length,
    ctx_in: ctxIn,
    ctx_size_in: ctxIn?.length ?? 0,
    ctx_out: isSyscall || ctxOut.length === 0 ? null : ctxOut,
    ctx_size_out: isSyscall ? 0 : ctxOut.length,
    retval: 0,
    repeat: isSyscall ? 0 : (options.repeat ?? 1),
    duration: 0,
    flags: options.flags ?? 0,
    cpu: options.cpu ?? 0,
    batch_size: options.batchSize ?? 0,
    dataOut,
    ctxOut,
  };
}

function readResult(
  fd: OwnedFd,
  type: string,
  options: RunOptions,
  opts: RunBuffers,
  result: number,
): RunResult {
  if (result < 0) throw runError(fd, type, options, result);
  return {
    retval: opts.retval,
    durationNs: opts.duration,
    dataOut: opts.dataOut.subarray(0, opts.data_size_out),
    ctxOut: type === 'syscall' ? opts.ctxOut : opts.ctxOut.subarray(0, opts.ctx_size_out),
  };
}

function runError(fd: OwnedFd, type: string, options: RunOptions, result: number): BpfError {
  const what = `running ${fd.what}`;
  const isLive = ((options.flags ?? 0) & RUN_LIVE_FRAMES) !== 0;
  if (isLive && !kernelHas('liveFrames')) return unsupportedFeature('liveFrames', what, -result);
  if (type === 'syscall' && !kernelHas('syscallProgram')) {
    return unsupportedFeature('syscallProgram', what, -result);
  }
  const detail = result === -ERRNO.ENOSPC ? 'the packet afterwards is longer than dataOutSize' : undefined;
  return errorFromErrno(result, what, { detail });
}
