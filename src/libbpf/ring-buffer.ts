import koffi from 'koffi';
import { BpfError, check, errorFromErrno } from './bpf-error.ts';
import type { BpfMap } from './map.ts';
import { type Handle, native, type Pointer } from './native.ts';
import { OwnedFd } from './owned-fd.ts';
import { type Poller, pollReadable } from './poll.ts';

/** Receives one record; the bytes are its own copy. */
export type RecordListener = (record: Buffer) => void;

/** Told what a listener threw, or why reading failed; records after it still come. */
export type RecordErrorListener = (error: unknown) => void;

/** Reads a ring buffer map as records come, without keeping the process alive. One reader a map. */
export class RingBuffer implements Disposable {
  readonly #listener: RecordListener;
  readonly #onError: RecordErrorListener;
  readonly #fd: OwnedFd;
  readonly #callback: bigint;
  readonly #ring: Handle;
  readonly #poller: Poller;
  #open = true;
  #consuming = false;

  private constructor(map: BpfMap, listener: RecordListener, onError: RecordErrorListener) {
    this.#listener = listener;
    this.#onError = onError;
    // epoll forgets a descriptor that is closed, so the reader needs one that outlives the caller's map.
    this.#fd = OwnedFd.duplicate(map.fd.value, map.fd.what);
    this.#callback = this.#register();
    this.#ring = this.#newRing();
    this.#poller = pollReadable(native().ringBufferEpollFd(this.#ring), () => this.#onReadable());
  }

  /** Starts to read. @throws {BpfError} `invalid` when the map is no ring buffer */
  static on(map: BpfMap, listener: RecordListener, onError: RecordErrorListener): RingBuffer {
    return new RingBuffer(map, listener, onError);
  }

  /** Reads what is there now, and says how many records that were. @throws {BpfError} */
  consume(): number {
    if (!this.#open) throw new BpfError('closed', 'the ring buffer reader was closed before');
    this.#consuming = true;
    try {
      return check(native().ringBufferConsume(this.#ring), `reading ${this.#fd.what}`);
    } finally {
      this.#consuming = false;
      if (!this.#open) this.#free();
    }
  }

  /** Stops reading: no listener is called any more, and records that are not read yet may be lost. */
  close(): void {
    if (!this.#open) return;
    this.#open = false;
    this.#poller.close();
    // Called by a listener, the ring is still in use: `consume` frees it.
    if (!this.#consuming) this.#free();
  }

  [Symbol.dispose](): void {
    this.close();
  }

  #onReadable(): void {
    try {
      if (this.#open) this.consume();
    } catch (error) {
      this.#onError(error);
    }
  }

  #register(): bigint {
    const type = koffi.pointer(koffi.proto('int', ['void *', 'void *', 'size_t']));
    return koffi.register((_context: Pointer, data: Handle, size: number): number => {
      this.#onRecord(data, size);
      return 0;
    }, type);
  }

  #onRecord(data: Handle, size: number): void {
    if (!this.#open) return;
    try {
      this.#listener(native().copyBytes(data, size));
    } catch (error) {
      this.#onError(error);
    }
  }

  #newRing(): Handle {
    const ring = native().ringBufferNew(this.#fd.value, this.#callback, null, null);
    if (ring !== null) return ring;
    const error = errorFromErrno(koffi.errno(), `reading ${this.#fd.what} as a ring buffer`);
    koffi.unregister(this.#callback);
    this.#fd.close();
    throw error;
  }

  #free(): void {
    native().ringBufferFree(this.#ring);
    koffi.unregister(this.#callback);
    this.#fd.close();
  }
}
