import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { run } from '../../lab/index.ts';

/** A real terminal (tmux) with a command in it. Nothing is left of it after {@link close}. */
export class Tmux implements AsyncDisposable {
  readonly #socket: string;

  private constructor(directory: string) {
    this.#socket = join(directory, `tmux-${randomBytes(4).toString('hex')}`);
  }

  /** Runs a line of shell in a terminal of this size; when it has ended, its status is shown. */
  static async start(
    directory: string,
    size: { columns: number; rows: number },
    line: string,
  ): Promise<Tmux> {
    const tmux = new Tmux(directory);
    const { columns, rows } = size;
    const shell = `${line}; echo "ended with $?"; exec cat`;
    await tmux.#tmux('new-session', '-d', '-x', String(columns), '-y', String(rows), shell);
    return tmux;
  }

  /** What is on the screen, line by line. */
  async screen(): Promise<string[]> {
    return (await this.#tmux('capture-pane', '-p')).split('\n').slice(0, -1);
  }

  /** The screen with the codes of its colours. */
  colours(): Promise<string> {
    return this.#tmux('capture-pane', '-p', '-e');
  }

  /** Presses keys, by tmux's names for them. */
  async press(...keys: string[]): Promise<void> {
    await this.#tmux('send-keys', ...keys);
  }

  async resize(columns: number, rows: number): Promise<void> {
    await this.#tmux('resize-window', '-x', String(columns), '-y', String(rows));
  }

  /** Whether a program has the alternate screen, and whether the cursor shows. */
  async modes(): Promise<{ readonly alternate: boolean; readonly cursor: boolean }> {
    const [alternate, cursor] = (await this.#tmux('display', '-p', '#{alternate_on} #{cursor_flag}'))
      .trim()
      .split(' ');
    return { alternate: alternate === '1', cursor: cursor === '1' };
  }

  /** Process id of the command that runs in this terminal; others of the same name may be ending elsewhere. */
  async pid(): Promise<number> {
    const shell = (await this.#tmux('display', '-p', '#{pane_pid}')).trim();
    return Number(await run(['pgrep', '--parent', shell]));
  }

  async close(): Promise<void> {
    await this.#tmux('kill-server');
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  #tmux(...args: string[]): Promise<string> {
    return run(['tmux', '-u', '-f', '/dev/null', '-S', this.#socket, ...args], {
      env: { LC_ALL: 'C.UTF-8', TERM: 'xterm-256color', TMUX: '' },
    });
  }
}
