import { emitKeypressEvents, type Key } from 'node:readline';

/** Columns and lines of a terminal. */
export interface TerminalSize {
  readonly columns: number;
  readonly rows: number;
}

/** A terminal that somebody sits at: keys come from it, and it has a size. */
export interface CliTerminal {
  readonly size: () => TerminalSize;
  /** Calls `handler` when the size has changed, until the returned function is called. */
  readonly onResize: (handler: () => void) => () => void;
  /** Takes keys one by one, without echo, until the returned function is called. Names are those of `node:readline`. */
  readonly onKey: (handler: (key: TerminalKey) => void) => () => void;
  /** Stops this process as Ctrl-Z does; it goes on with SIGCONT. */
  readonly suspend: () => void;
  /** Calls `handler` when the process ends by itself, also by an error that nobody caught. */
  readonly onExit: (handler: () => void) => () => void;
}

/** One key. */
export interface TerminalKey {
  /** `a`, `up`, `return`, `escape`, `?`. */
  readonly name: string;
  readonly ctrl: boolean;
}

/** Where the size is not known. */
const USUAL: TerminalSize = { columns: 80, rows: 24 };

/** The terminal of this process; null when input or output is something else. */
export function systemTerminal(): CliTerminal | null {
  const { stdin, stdout } = process;
  if (!stdin.isTTY || !stdout.isTTY) return null;
  return {
    size: () => ({ columns: stdout.columns || USUAL.columns, rows: stdout.rows || USUAL.rows }),
    onResize: (handler) => {
      stdout.on('resize', handler);
      return () => stdout.removeListener('resize', handler);
    },
    onKey: (handler) => listenForKeys(stdin, handler),
    // Not SIGTSTP: that would come back here as a signal that is listened to.
    suspend: () => process.kill(process.pid, 'SIGSTOP'),
    onExit: (handler) => {
      process.on('exit', handler);
      return () => process.removeListener('exit', handler);
    },
  };
}

function listenForKeys(stdin: NodeJS.ReadStream, handler: (key: TerminalKey) => void): () => void {
  const onKeypress = (text: string | undefined, { name, ctrl, sequence }: Key) =>
    handler({ name: nameOf(text, name ?? sequence ?? ''), ctrl: ctrl === true });
  emitKeypressEvents(stdin);
  stdin.on('keypress', onKeypress);
  stdin.setRawMode(true);
  stdin.resume();
  return () => {
    stdin.removeListener('keypress', onKeypress);
    stdin.setRawMode(false);
    stdin.pause();
  };
}

/** Characters that can be seen name themselves, so that `S` is not `s`. */
function nameOf(text: string | undefined, name: string): string {
  return text !== undefined && /^[!-~]$/.test(text) ? text : name;
}
