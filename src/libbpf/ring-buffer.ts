import koffi from 'koffi';
import { BpfError, check, errorFromErrno } from './bpf-error.ts';
import type { BpfMap } from './map.ts';
import { type Handle, native, type Pointer } from './native.ts';
import { type Poller, pollReadable } from './poll.ts';

/** Receives one record; the bytes are its own copy. Must not throw. */
export type RecordListener = (record: Buffer) => void;

/** Reads a ring buffer map as records come, without keeping the process alive. One reader a map. */
export class RingBuffer implements Disposable {
  readonly #ring: Handle;
  readonly #callback: bigint;
  readonly #poller: Poller;
  #open = true;

  private constructor(map: BpfMap, listener: RecordListener, onError: (error: unknown) => void) {
    this.#callback = registerListener(listener, onError);
    this.#ring = newRing(map, this.#callback);
    this.#poller = pollReadable(native().ringBufferEpollFd(this.#ring), () => {
      try {
        this.consume();
      } catch (error) {
        onError(error);
      }
    });
  }

  /**
   * Starts to read.
   * @param onError told what a listener threw, or that reading failed; records after it still come
   * @throws {BpfError} `invalid` when the map is no ring buffer
   */
  static on(map: BpfMap, listener: RecordListener, onError: (error: unknown) => void): RingBuffer {
    return new RingBuffer(map, listener, onError);
  }

  /** Reads what is there now, and says how many records that were. @throws {BpfError} */
  consume(): number {
    if (!this.#open) throw new BpfError('closed', 'the ring buffer reader was closed before');
    return check(native().ringBufferConsume(this.#ring), 'reading the ring buffer');
  }

  /** Stops reading; records that are not read yet stay in the map. Not from within a listener. */
  close(): void {
    if (!this.#open) return;
    this.#open = false;
    this.#poller.close();
    native().ringBufferFree(this.#ring);
    koffi.unregister(this.#callback);
  }

  [Symbol.dispose](): void {
    this.close();
  }
}

function registerListener(listener: RecordListener, onError: (error: unknown) => void): bigint {
  const type = koffi.pointer(koffi.proto('int', ['void *', 'void *', 'size_t']));
  return koffi.register((_context: Pointer, data: Handle, size: number): number => {
    try {
      listener(native().copyBytes(data, size));
    } catch (error) {
      onError(error);
    }
    return 0;
  }, type);
}

function newRing(map: BpfMap, callback: bigint): Handle {
  const ring = native().ringBufferNew(map.fd.value, callback, null, null);
  if (ring !== null) return ring;
  const error = errorFromErrno(koffi.errno(), `reading ${map.fd.what} as a ring buffer`);
  koffi.unregister(callback);
  throw error;
}
