const ENTER = '\u001b[?1049h\u001b[?25l\u001b[?7l';
const LEAVE = '\u001b[?7h\u001b[?25h\u001b[?1049l';
const CLEAR = '\u001b[2J';
const CLEAR_REST_OF_LINE = '\u001b[K';
/** A terminal that knows it shows what is between the two at once; others ignore it. */
const BEGIN_UPDATE = '\u001b[?2026h';
const END_UPDATE = '\u001b[?2026l';

/**
 * The whole of a terminal, on its alternate screen. Writes only lines that have changed, so that slow lines keep up. Who
 * enters it leaves it.
 */
export class Screen {
  readonly #write: (text: string) => void;
  #drawn: readonly string[] = [];
  #isEntered = false;

  constructor(write: (text: string) => void) {
    this.#write = write;
  }

  /** Takes the terminal (again); until then nothing is drawn. */
  enter(): void {
    if (this.#isEntered) return;
    this.#isEntered = true;
    this.#write(ENTER);
    this.forget();
  }

  /** Gives the terminal back. */
  leave(): void {
    if (!this.#isEntered) return;
    this.#isEntered = false;
    this.#write(LEAVE);
  }

  /** Clears everything: what is drawn next is drawn in full. */
  forget(): void {
    this.#drawn = [];
    if (this.#isEntered) this.#write(CLEAR);
  }

  /** Shows these lines from the top on. */
  draw(lines: readonly string[]): void {
    if (!this.#isEntered) return;
    const count = Math.max(lines.length, this.#drawn.length);
    let changes = '';
    for (let index = 0; index < count; index += 1) {
      const line = lines[index] ?? '';
      if (line === this.#drawn[index]) continue;
      changes += `\u001b[${index + 1};1H${line}${CLEAR_REST_OF_LINE}`;
    }
    this.#drawn = [...lines];
    if (changes !== '') this.#write(BEGIN_UPDATE + changes + END_UPDATE);
  }
}
