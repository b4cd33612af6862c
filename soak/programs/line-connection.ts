import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

/** How long a line may take that is lost on its way and sent again by TCP. */
const ANSWER_MS = 15_000;

/** A TCP connection to a server that answers lines. */
export class LineConnection {
  readonly #socket: Socket;
  #received = '';
  #wake: () => void = () => undefined;
  #end: string | undefined;

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.setEncoding('latin1').on('data', (text: string) => {
      this.#received += text;
      this.#wake();
    });
    socket.on('error', (error) => this.#finish('code' in error ? String(error.code) : error.message));
    socket.on('end', () => this.#finish('ended by the other side'));
    socket.on('close', () => this.#finish('closed'));
  }

  /** `first` is sent before all lines. @throws Error when the connection is refused, reset or not there after 15 s */
  static async open(address: string, port: number, source: string, first: Buffer): Promise<LineConnection> {
    const socket = connect({ host: address, port, localAddress: source, noDelay: true });
    try {
      await once(socket, 'connect', { signal: AbortSignal.timeout(ANSWER_MS) });
    } catch (error) {
      socket.destroy();
      throw error;
    }
    socket.write(first);
    return new LineConnection(socket);
  }

  /** The port that it came from. */
  get sourcePort(): number {
    return this.#socket.localPort ?? 0;
  }

  /** Sends a line and tells who has answered. @throws Error when the connection ends, or nothing or nonsense comes */
  async ask(sequence: number): Promise<string> {
    this.#socket.write(`${sequence}\n`);
    await this.#until(() => this.#received.endsWith('\n'));
    const answer = this.#received.trimEnd();
    this.#received = '';
    const [who = '', what] = answer.split(' ');
    if (what !== String(sequence)) throw new Error(`asked ${sequence}, answered ${answer}`);
    return who;
  }

  /** Ends in good order. */
  async close(): Promise<void> {
    if (this.#socket.destroyed) return;
    this.#socket.end();
    await once(this.#socket, 'close', { signal: AbortSignal.timeout(ANSWER_MS) });
  }

  async #until(condition: () => boolean): Promise<void> {
    const deadline = performance.now() + ANSWER_MS;
    while (!condition()) {
      if (this.#end !== undefined) throw new Error(this.#end);
      const leftMs = deadline - performance.now();
      if (leftMs <= 0) throw new Error(`no answer in ${ANSWER_MS / 1000} s`);
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, leftMs);
        this.#wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
  }

  #finish(why: string): void {
    this.#end ??= why;
    this.#wake();
  }
}
