import { close, fstat, open, rename, rm, write } from 'node:fs';
import { promisify } from 'node:util';

const calls = {
  open: promisify(open),
  close: promisify(close),
  fstat: promisify(fstat),
  rename: promisify(rename),
  rm: promisify(rm),
  write: promisify(write),
};
const STDOUT = 1;
/** A pipe that is full, in the mode in which some shells open it. */
const FULL_PAUSE_MS = 20;

/** A file that lines are appended to, and that is changed for another one when it is too large. */
export interface LogFileOptions {
  /** Absolute path, or `stdout`. */
  readonly path: string;
  /** From this size on another file is begun, bytes; 0: never. */
  readonly maxBytes: number;
  /** Files that are kept besides. */
  readonly maxFiles: number;
}

/** Owns the descriptor. All that it does happens on another thread: what is slow or stuck keeps nobody here waiting. */
export class LogFile {
  readonly #options: LogFileOptions;
  #fd: number | undefined;
  #size = 0;
  /** A device or a pipe is written to, but never renamed. */
  #isFile = true;

  constructor(options: LogFileOptions) {
    this.#options = options;
  }

  /** Appends text, all of it. @throws what the file system says */
  async append(text: string): Promise<void> {
    const bytes = Buffer.from(text);
    this.#fd ??= await this.#open();
    const fd = this.#fd;
    for (let at = 0; at < bytes.length; ) at += await writeSome(fd, bytes.subarray(at));
    this.#size += bytes.length;
    if (this.#isFile && this.#options.maxBytes > 0 && this.#size >= this.#options.maxBytes)
      await this.#rotate();
  }

  /** Closes the file; the next text opens it anew, under its name. */
  async close(): Promise<void> {
    const fd = this.#fd;
    this.#fd = undefined;
    if (fd !== undefined && fd !== STDOUT) await calls.close(fd);
  }

  async #open(): Promise<number> {
    if (this.#options.path === 'stdout') return STDOUT;
    const fd = await calls.open(this.#options.path, 'a', 0o640);
    const found = await calls.fstat(fd);
    this.#size = found.size;
    this.#isFile = found.isFile();
    return fd;
  }

  async #rotate(): Promise<void> {
    const { path, maxFiles } = this.#options;
    if (path === 'stdout') return;
    await this.close();
    await calls.rm(`${path}.${maxFiles}`, { force: true });
    for (let number = maxFiles - 1; number > 0; number--) {
      await calls.rename(`${path}.${number}`, `${path}.${number + 1}`).catch(ignoreMissing);
    }
    if (maxFiles === 0) await calls.rm(path, { force: true });
    else await calls.rename(path, `${path}.1`);
  }
}

async function writeSome(fd: number, bytes: Buffer): Promise<number> {
  try {
    return (await calls.write(fd, bytes)).bytesWritten;
  } catch (error) {
    if (codeOf(error) !== 'EAGAIN') throw error;
    await new Promise((resolve) => setTimeout(resolve, FULL_PAUSE_MS));
    return 0;
  }
}

function ignoreMissing(error: unknown): void {
  if (codeOf(error) !== 'ENOENT') throw error;
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : undefined;
}
