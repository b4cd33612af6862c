import { spawn } from 'node:child_process';
import { SluiceError } from '../../src/errors/index.ts';
import { patienceMs } from '../patience.ts';

/** What a finished command left behind. */
export interface ExecResult {
  /** Exit status; 128 + signal number is not used: a killed command has `null`. */
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Options of one command. */
export interface ExecOptions {
  /** Written to the command's standard input, which is then closed. */
  readonly input?: string | Buffer | undefined;
  /** The command is killed after this time; default 60,000 (see {@link patienceMs}). */
  readonly timeoutMs?: number | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Added to this process's environment. */
  readonly env?: Readonly<Record<string, string>> | undefined;
}

const DEFAULT_TIMEOUT_MS = 60_000;

/**
 * Runs a command to its end and returns what it printed, whatever its exit status.
 * @throws SluiceError `kernel` when it cannot be started or takes longer than `timeoutMs`; the signal's reason when aborted.
 */
export async function exec(argv: readonly string[], options: ExecOptions = {}): Promise<ExecResult> {
  options.signal?.throwIfAborted();
  const timeoutMs = options.timeoutMs ?? patienceMs(DEFAULT_TIMEOUT_MS);
  const [command = '', ...args] = argv;
  const child = spawn(command, args, {
    detached: true,
    stdio: ['pipe', 'pipe', 'pipe'],
    env: { ...process.env, ...options.env },
  });
  const stop = () => killGroup(child.pid, 'SIGKILL');
  let timedOut = false;
  const timer = setTimeout(() => {
    timedOut = true;
    stop();
  }, timeoutMs);
  options.signal?.addEventListener('abort', stop, { once: true });
  // A command that ends without reading its input breaks the pipe; its exit status tells the story.
  child.stdin.on('error', () => undefined);
  child.stdin.end(options.input);
  const stdout = collect(child.stdout);
  const stderr = collect(child.stderr);
  try {
    const code = await new Promise<number | null>((resolve, reject) => {
      child.once('error', reject);
      child.once('close', resolve);
    });
    options.signal?.throwIfAborted();
    if (timedOut) throw new Error(`still running after ${timeoutMs} ms\n${stderr()}`);
    return { code, stdout: stdout(), stderr: stderr() };
  } catch (cause) {
    if (options.signal?.aborted) throw options.signal.reason;
    throw new SluiceError('kernel', `command failed: ${argv.join(' ')}: ${messageOf(cause)}`, { cause });
  } finally {
    clearTimeout(timer);
    options.signal?.removeEventListener('abort', stop);
  }
}

/**
 * Runs a command that must succeed and returns its standard output.
 * @throws SluiceError `kernel` with what it printed when its exit status is not 0.
 */
export async function run(argv: readonly string[], options: ExecOptions = {}): Promise<string> {
  const result = await exec(argv, options);
  if (result.code === 0) return result.stdout;
  const said = (result.stderr || result.stdout).trim();
  throw new SluiceError('kernel', `command failed (exit ${result.code}): ${argv.join(' ')}: ${said}`);
}

/** Sends a signal to a whole process group; a group that is gone already is fine. */
export function killGroup(pid: number | undefined, signal: NodeJS.Signals): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, signal);
  } catch (error) {
    if (!isErrno(error, 'ESRCH')) throw error;
  }
}

/** Tells whether an error is a system error of this code (`ENOENT`, `ESRCH`, ...). */
export function isErrno(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}

/** The text of anything that was thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function collect(stream: NodeJS.ReadableStream): () => string {
  const chunks: Buffer[] = [];
  stream.on('data', (chunk: Buffer) => chunks.push(chunk));
  return () => Buffer.concat(chunks).toString('utf8');
}
