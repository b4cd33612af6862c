import { closeSync, openSync } from 'node:fs';
import koffi from 'koffi';

/** `CLONE_NEWNET` */
const NETWORK_NAMESPACE = 0x40000000;

/**
 * Takes the calling thread into a network namespace and back: what happens in between, system calls of BPF and files under
 * /proc/sys/net included, happens there. Synchronous only, so that no other work of this process comes in between.
 */
export class ThreadNamespace implements Disposable {
  readonly #home: number;
  readonly #there: number;
  readonly #setns: (fd: number) => void;

  /** @param path e.g. `/run/netns/NAME`. @throws Error when there is no such namespace. */
  constructor(path: string) {
    this.#setns = bindSetns();
    this.#home = openSync('/proc/thread-self/ns/net', 'r');
    this.#there = openSync(path, 'r');
  }

  /** Runs `work` there. @throws what `work` throws; Error without the right to change namespaces. */
  within<T>(work: () => T): T {
    this.#setns(this.#there);
    try {
      return work();
    } finally {
      this.#setns(this.#home);
    }
  }

  [Symbol.dispose](): void {
    closeSync(this.#there);
    closeSync(this.#home);
  }
}

function bindSetns(): (fd: number) => void {
  const setns = koffi.load('libc.so.6').func('int setns(int fd, int type)');
  return (fd) => {
    const result: unknown = setns(fd, NETWORK_NAMESPACE);
    if (result !== 0) throw new Error(`setns: errno ${koffi.errno()} (changing namespaces needs root)`);
  };
}
