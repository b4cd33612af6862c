import type { Host, OwnedProcess } from '../lab/index.ts';
import { SluiceError } from '../src/errors/index.ts';

/** Options of {@link runChild}. */
export interface ChildOptions {
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
  /** Told what the child says of its progress. */
  readonly step?: (done: number, all: number) => void;
}

/**
 * Runs a program of the bench in a host and returns what its last line of JSON says; lines with `done` and `all` before
 * it are progress. The programs are this package's own, so the shape is agreed.
 * @throws SluiceError `internal` with what it printed when it fails or takes too long; the signal's reason when aborted
 */
export async function runChild<Report>(
  host: Host,
  argv: readonly string[],
  options: ChildOptions,
): Promise<Report> {
  options.signal.throwIfAborted();
  await using child = host.spawn(argv);
  follow(child, options.step);
  const stop = () => child.kill('SIGKILL');
  const timer = setTimeout(stop, options.timeoutMs);
  options.signal.addEventListener('abort', stop, { once: true });
  try {
    const code = await child.exited;
    options.signal.throwIfAborted();
    if (code !== 0)
      throw failure(child, code === null ? `was killed (after ${options.timeoutMs} ms?)` : 'failed');
    return JSON.parse(child.stdout.trimEnd().split('\n').at(-1) ?? '') as Report;
  } finally {
    clearTimeout(timer);
    options.signal.removeEventListener('abort', stop);
  }
}

function follow(child: OwnedProcess, step: ChildOptions['step']): void {
  if (step === undefined) return;
  child.onStdout((text) => {
    const match = /\{"done":(\d+),"all":(\d+)\}\n$/.exec(text);
    if (match) step(Number(match[1]), Number(match[2]));
  });
}

function failure(child: OwnedProcess, what: string): SluiceError {
  return new SluiceError('internal', `bench: ${child.argv.join(' ')} ${what}: ${child.output}`);
}
