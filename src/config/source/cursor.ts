/** A text that ends too early or goes on wrongly, and where. */
export class SourceSyntaxError extends Error {
  override readonly name: string = 'SourceSyntaxError';
  readonly offset: number;

  constructor(offset: number, message: string) {
    super(message);
    this.offset = offset;
  }
}

/** A text and how far it has been read; what the hand-written readers share. */
export interface Cursor {
  readonly text: string;
  offset: number;
}

/** The next character, or `''` at the end. */
export function peek(cursor: Cursor, ahead = 0): string {
  return cursor.text.charAt(cursor.offset + ahead);
}

/** Moves behind everything that `pattern` (sticky) matches here and returns it; `''` when it does not match. */
export function take(cursor: Cursor, pattern: RegExp): string {
  pattern.lastIndex = cursor.offset;
  const taken = pattern.exec(cursor.text)?.[0] ?? '';
  cursor.offset += taken.length;
  return taken;
}

/** A character as a message shows it. */
export function show(character: string): string {
  return character === '' ? 'the end of the text' : JSON.stringify(character);
}
