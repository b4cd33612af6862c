import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';

const MAX_STDERR = 64 * 1024;

/** One request and its answer. */
interface Waiting {
  readonly resolve: (answer: Buffer) => void;
  readonly reject: (error: Error) => void;
}

/**
 * The native data path as a process: owns it, sends requests, hands out answers in order. When it dies, all that
 * wait get an error with its last words; so does everyone who asks later.
 */
export class NativeProcess implements AsyncDisposable {
  readonly #child: ChildProcessWithoutNullStreams;
  readonly #exited: Promise<unknown>;
  readonly #waiting: Waiting[] = [];
  #chunks: Buffer[] = [];
  #buffered = 0;
  #stderr = '';
  #death: Error | null = null;

  /** Starts the binary at `path`. `env` is added to this process's own. */
  constructor(path: string, env: Readonly<Record<string, string>> = {}) {
    this.#child = spawn(path, [], { stdio: ['pipe', 'pipe', 'pipe'], env: { ...process.env, ...env } });
    this.#exited = once(this.#child, 'close');
    this.#exited.catch((error: unknown) => this.#die(`cannot be run: ${String(error)}`));
    this.#child.on('close', (code, signal) => this.#die(`ended with ${signal ?? `code ${code}`}`));
    this.#child.stdout.on('data', (chunk: Buffer) => this.#take(chunk));
    this.#child.stderr.setEncoding('utf8').on('data', (text: string) => {
      if (this.#stderr.length < MAX_STDERR) this.#stderr += text;
    });
    // A write into a dead process fails here as well; why it died is told by its exit.
    this.#child.stdin.on('error', () => undefined);
  }

  /** Sends a request that has no answer. */
  tell(request: Buffer): void {
    this.#child.stdin.write(request);
  }

  /** Sends a request. @throws Error with the process's last words when it dies before the answer. */
  ask(request: Buffer): Promise<Buffer> {
    if (this.#death) return Promise.reject(this.#death);
    this.tell(request);
    return new Promise((resolve, reject) => this.#waiting.push({ resolve, reject }));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#child.stdin.end();
    await this.#exited.catch(() => undefined);
  }

  #take(chunk: Buffer): void {
    this.#chunks.push(chunk);
    this.#buffered += chunk.length;
    const first = this.#chunks[0];
    if (first && first.length >= 4 && this.#buffered < 4 + first.readUInt32LE(0)) return;
    let bytes = this.#chunks.length === 1 ? chunk : Buffer.concat(this.#chunks);
    while (bytes.length >= 4 && bytes.length >= 4 + bytes.readUInt32LE(0)) {
      const end = 4 + bytes.readUInt32LE(0);
      this.#waiting.shift()?.resolve(bytes.subarray(4, end));
      bytes = bytes.subarray(end);
    }
    this.#chunks = [bytes];
    this.#buffered = bytes.length;
  }

  #die(how: string): void {
    this.#death ??= new Error(`the native data path ${how}\n${this.#stderr.trimEnd()}`);
    for (const { reject } of this.#waiting.splice(0)) reject(this.#death);
  }
}
