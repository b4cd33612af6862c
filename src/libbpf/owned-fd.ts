import { closeSync } from 'node:fs';
import { BpfError, check } from './bpf-error.ts';
import { native } from './native.ts';

const F_DUPFD_CLOEXEC = 1030;

/**
 * A file descriptor with exactly one owner. Calls that run on another thread hold it, so that closing it
 * meanwhile cannot hand its number to somebody else's file.
 */
export class OwnedFd implements Disposable {
  readonly #fd: number;
  readonly #what: string;
  #open = true;
  #holds = 0;

  /** @param what says in errors what it is, e.g. `map flows`. */
  constructor(fd: number, what: string) {
    this.#fd = fd;
    this.#what = what;
  }

  /** A second descriptor of something that another owner (e.g. a `bpf_object`) will close. */
  static duplicate(fd: number, what: string): OwnedFd {
    return new OwnedFd(
      check(native().fcntl(fd, F_DUPFD_CLOEXEC, 'int', 0), `duplicating the fd of ${what}`),
      what,
    );
  }

  /** @throws {BpfError} `closed` */
  get value(): number {
    if (!this.#open) throw new BpfError('closed', `${this.#what} was closed before`);
    return this.#fd;
  }

  /** What errors call it. */
  get what(): string {
    return this.#what;
  }

  /** Keeps the descriptor open until `use` has settled, even when `close` is called meanwhile. */
  async hold<T>(use: (fd: number) => Promise<T>): Promise<T> {
    const fd = this.value;
    this.#holds += 1;
    try {
      return await use(fd);
    } finally {
      this.#holds -= 1;
      this.#closeWhenFree();
    }
  }

  /** Closes it, at once or when the last hold ends. Safe to call again. */
  close(): void {
    if (!this.#open) return;
    this.#open = false;
    this.#closeWhenFree();
  }

  [Symbol.dispose](): void {
    this.close();
  }

  #closeWhenFree(): void {
    if (!this.#open && this.#holds === 0) closeSync(this.#fd);
  }
}
