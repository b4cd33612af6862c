import { type ExecFileException, execFile } from 'node:child_process';
import { readFile, readlink } from 'node:fs/promises';
import { SluiceError } from '../errors/index.ts';

/** What a finished command left behind. */
export interface CommandResult {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** How to run one command. */
export interface CommandOptions {
  readonly stdin?: string | undefined;
  /** The command is killed after this time; default 10,000. */
  readonly timeoutMs?: number | undefined;
}

/** Runs a command to its end. Rejects only when it could not be started or timed out. */
export type CommandRunner = (
  command: string,
  args: readonly string[],
  options?: CommandOptions,
) => Promise<CommandResult>;

/** The doors through which this folder sees the host; tests hand in recorded ones. */
export interface HostIo {
  readonly run: CommandRunner;
  /** Content of a file without surrounding white space; null when it cannot be read. */
  readonly readText: (path: string) => Promise<string | null>;
  /** Target of a symbolic link; null when there is none. */
  readonly readLink: (path: string) => Promise<string | null>;
}

const DEFAULT_TIMEOUT_MS = 10_000;
/** Thousands of interfaces or routes fit: about 110 bytes a route. */
const MAX_OUTPUT_BYTES = 256 * 1024 * 1024;

/**
 * Runs a real command, in the C locale so that messages can be recognised.
 * @throws SluiceError `unsupported` when the command is not installed, `kernel` when it timed out.
 */
export const runCommand: CommandRunner = (command, args, options = {}) =>
  new Promise((resolve, reject) => {
    const timeoutMs = options.timeoutMs ?? DEFAULT_TIMEOUT_MS;
    const child = execFile(
      command,
      [...args],
      {
        env: { ...process.env, LC_ALL: 'C' },
        timeout: timeoutMs,
        killSignal: 'SIGKILL',
        maxBuffer: MAX_OUTPUT_BYTES,
      },
      (error, stdout, stderr) => {
        if (error === null) resolve({ exitCode: 0, stdout, stderr });
        else if (typeof error.code === 'number') resolve({ exitCode: error.code, stdout, stderr });
        else reject(commandError(command, args, timeoutMs, error));
      },
    );
    // A command that ends before it has read its input breaks the pipe; its exit status tells why.
    child.stdin?.on('error', () => {});
    child.stdin?.end(options.stdin ?? '');
  });

function commandError(
  command: string,
  args: readonly string[],
  timeoutMs: number,
  cause: ExecFileException,
): SluiceError {
  if (String(cause.code) === 'ENOENT') {
    return new SluiceError('unsupported', `the command "${command}" is not installed`, {
      fix: `apt-get install ${command === 'ip' ? 'iproute2' : command}`,
      cause,
    });
  }
  const line = [command, ...args].join(' ');
  if (cause.killed === true) {
    return new SluiceError('kernel', `"${line}" gave no answer within ${timeoutMs} ms`, {
      fix: 'try again when the host has less to do',
      cause,
    });
  }
  return new SluiceError('kernel', `"${line}" could not be run: ${cause.message}`, {
    fix: 'give the process more descriptors, processes or memory (ulimit -a), then try again',
    cause,
  });
}

/** The real host. */
export const systemIo: HostIo = {
  run: runCommand,
  readText: async (path) => {
    try {
      return (await readFile(path, 'utf8')).trim();
    } catch {
      return null;
    }
  },
  readLink: async (path) => {
    try {
      return await readlink(path);
    } catch {
      return null;
    }
  },
};
