const HIDE_CURSOR = '\u001b[?25l';
const SHOW_CURSOR = '\u001b[?25h';
const WRAP_OFF = '\u001b[?7l';
const WRAP_ON = '\u001b[?7h';
const CLEAR_LINE = '\u001b[2K';

/** Draws pictures of several lines over each other on a terminal. */
export class Screen implements Disposable {
  readonly #write: (text: string) => void;
  #lines = 0;

  /** Hides the cursor and cuts long lines until disposed. */
  constructor(write: (text: string) => void) {
    this.#write = write;
    write(HIDE_CURSOR + WRAP_OFF);
  }

  /** Replaces what was drawn before. */
  draw(lines: readonly string[]): void {
    // The terminal may have echoed ^C where the cursor stands.
    const up = this.#lines > 0 ? `\r${CLEAR_LINE}\u001b[${this.#lines}A` : '';
    this.#write(`${up}${lines.map((line) => `${CLEAR_LINE}${line}\n`).join('')}`);
    this.#lines = lines.length;
  }

  [Symbol.dispose](): void {
    this.#write(SHOW_CURSOR + WRAP_ON);
  }
}
