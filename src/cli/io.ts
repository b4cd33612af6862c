import { fileURLToPath } from 'node:url';
import { type HostIo, systemIo } from '../host/index.ts';
import type { ControlPlane, Demo } from './control-plane.ts';
import { type CliTerminal, systemTerminal } from './terminal.ts';

/** One of the two output streams. */
export interface CliOutput {
  readonly write: (text: string) => void;
  readonly isTTY: boolean;
  /** Width of the terminal; undefined where none is or it does not tell. */
  readonly columns?: number | undefined;
}

/** Signals that commands listen to. */
export type CliSignal = 'SIGINT' | 'SIGTERM' | 'SIGHUP' | 'SIGUSR1' | 'SIGTSTP' | 'SIGCONT';

/** Everything that a command touches outside of itself; tests hand in their own. */
export interface CliIo {
  readonly stdout: CliOutput;
  readonly stderr: CliOutput;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  /** Calls `handler` on every such signal until the returned function is called. */
  readonly onSignal: (signal: CliSignal, handler: () => void) => () => void;
  /** The terminal that somebody sits at; null when input or output is something else. */
  readonly openTerminal: () => CliTerminal | null;
  /** Ends the process at once, without clean-up. */
  readonly exitNow: (status: number) => void;
  readonly host: HostIo;
  readonly loadControl: () => Promise<ControlPlane>;
  readonly loadDemo: () => Promise<Demo>;
  /** Loads libbpf and tells its version; throws when it cannot be loaded. */
  readonly libbpfVersion: () => Promise<string>;
  /** Sends a datagram to a unix socket; rejects when nobody receives there. */
  readonly sendDatagram: (path: string, text: string) => Promise<void>;
  /** Command and first arguments that start this program again. */
  readonly selfCommand: readonly string[];
}

/** The real world. */
export function systemCliIo(): CliIo {
  return {
    stdout: output(process.stdout),
    stderr: output(process.stderr),
    env: process.env,
    cwd: process.cwd(),
    onSignal: (signal, handler) => {
      process.on(signal, handler);
      return () => process.removeListener(signal, handler);
    },
    openTerminal: systemTerminal,
    exitNow: (status) => process.exit(status),
    host: systemIo,
    loadControl: () => import('../control/index.ts'),
    loadDemo: () => import('../../lab/demo/index.ts'),
    libbpfVersion: async () => (await import('../datapath/index.ts')).libbpfVersion(),
    sendDatagram: async (path, text) => (await import('../datapath/index.ts')).sendDatagram(path, text),
    selfCommand: [process.execPath, process.argv[1] ?? fileURLToPath(import.meta.url)],
  };
}

function output(stream: NodeJS.WriteStream): CliOutput {
  // `sluice connections | head` closes the pipe early; that is no error.
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(0);
    throw error;
  });
  return {
    write: (text) => {
      stream.write(text);
    },
    isTTY: stream.isTTY === true,
    columns: stream.columns,
  };
}
