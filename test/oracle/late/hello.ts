/** The name in a ClientHello, read the plain way: out of all bytes that are there, from the first on. */

/** What the bytes tell: a name (and how it was written), that there is none, or nothing yet. */
export type Hello = { readonly name: string; readonly asked: string } | 'none' | 'more';

const HEADER_BYTES = { record: 5, extension: 4 } as const;
const MOST_FRAGMENT = 16_384;
const MOST_NAME = 255;

class Undecided extends Error {}
class Nameless extends Error {}

/** Reads what is there (RFC 8446, 4.1.2 and 5.1; RFC 6066, 3). */
export function readHello(stream: Uint8Array): Hello {
  try {
    const asked = nameIn(new Message(stream));
    return { name: asked.toLowerCase(), asked };
  } catch (error) {
    if (error instanceof Undecided) return 'more';
    if (error instanceof Nameless) return 'none';
    throw error;
  }
}

function nameIn(message: Message): string {
  must(message.number(1) === 1);
  message.left = message.number(3);
  message.skip(34);
  message.skip(message.number(1));
  message.skip(message.number(2));
  message.skip(message.number(1));
  let extensions = message.number(2);
  must(extensions <= message.left);
  for (;;) {
    must(extensions >= HEADER_BYTES.extension);
    const type = message.number(2);
    const length = message.number(2);
    extensions -= HEADER_BYTES.extension;
    must(length <= extensions);
    extensions -= length;
    if (type === 0) return serverName(message, length);
    must(length <= message.left);
    must(extensions >= HEADER_BYTES.extension);
    message.skip(length);
  }
}

function serverName(message: Message, room: number): string {
  const list = message.number(2);
  must(list + 2 <= room);
  must(message.number(1) === 0);
  const length = message.number(2);
  must(length > 0 && length <= MOST_NAME && length + 3 <= list);
  return message.text(length);
}

function must(holds: boolean): void {
  if (!holds) throw new Nameless();
}

/** The bytes of the handshake message, without the headers of the records that carry it. */
class Message {
  /** Of the message; endless until it has said its length. */
  left = Number.POSITIVE_INFINITY;
  readonly #stream: Uint8Array;
  #at = 0;
  #record = 0;

  constructor(stream: Uint8Array) {
    this.#stream = stream;
  }

  number(bytes: number): number {
    let number = 0;
    for (let i = 0; i < bytes; i++) number = number * 256 + this.#byte();
    return number;
  }

  text(bytes: number): string {
    return String.fromCharCode(...Array.from({ length: bytes }, () => this.#byte()));
  }

  skip(bytes: number): void {
    must(bytes <= this.left);
    for (let i = 0; i < bytes; i++) this.#byte();
  }

  #byte(): number {
    must(this.left > 0);
    if (this.#record === 0) this.#readHeader();
    this.#record--;
    this.left--;
    return this.#raw();
  }

  #readHeader(): void {
    must(this.#raw() === 22);
    must(this.#raw() === 3);
    this.#raw();
    this.#record = this.#raw() * 256 + this.#raw();
    must(this.#record > 0 && this.#record <= MOST_FRAGMENT);
  }

  #raw(): number {
    const byte = this.#stream[this.#at];
    if (byte === undefined) throw new Undecided();
    this.#at++;
    return byte;
  }
}
