import koffi from 'koffi';
import { errorFromErrno } from './bpf-error.ts';
import { describeErrno, type ErrnoText } from './errno.ts';
import { nativeSockets } from './native-sockets.ts';
import { type Poller, pollReadable } from './poll.ts';
import type { SocketAddress } from './socket-address.ts';

/** Hears that the connection was made (null), or why not. */
export type ConnectListener = (failure: ErrnoText | null) => void;

const SOCK_STREAM = 1;
const SOCK_NONBLOCK = 0o4000;
const SOCK_CLOEXEC = 0o2000000;
const SOL_SOCKET = 1;
const SO_ERROR = 4;
const SO_LINGER = 13;
const IPPROTO_TCP = 6;
const TCP_QUICKACK = 12;
const MSG_NOSIGNAL = 0x4000;
const EINPROGRESS = 115;
const EPOLL_CTL_ADD = 1;
const EPOLLOUT = 0x004;
const EPOLLERR = 0x008;
const EPOLLHUP = 0x010;
/** `struct linger`, on and no seconds: closing sends a RST. */
const RESET = new Uint8Array(Int32Array.of(1, 0).buffer);
/** Zero, as an `int`. */
const OFF = new Uint8Array(Int32Array.BYTES_PER_ELEMENT);
/** Words of `struct epoll_event`: x86-64 packs it. Then come the events, and the data that were given with them. */
const EVENT_WORDS = process.arch === 'x64' ? 3 : 4;
const DATA_WORD = process.arch === 'x64' ? 1 : 2;
/** More events wait for the next turn of the event loop. */
const EVENTS_AT_ONCE = 64;

interface Attempt {
  readonly fd: number;
  readonly greeting: Uint8Array | null;
  readonly listener: ConnectListener;
}

/** What is there while connections are made. */
interface Waiting {
  readonly epoll: number;
  readonly poller: Poller;
}

/**
 * Begins TCP connections only to see whether they can be made, and resets them: nothing is left in TIME_WAIT, on neither side. The
 * program that listens sees none of those that it is not sent anything on, because the RST comes in place of the ACK.
 * `node:net` could reset them too, at twice the cost and after the ACK: here is no stream and no emitter, and one look
 * finds all that have been answered. Does not keep the process alive.
 */
export class TcpConnector implements Disposable {
  readonly #attempts = new Map<number, Attempt>();
  readonly #event = new Uint32Array(EVENT_WORDS);
  readonly #events = new Uint32Array(EVENT_WORDS * EVENTS_AT_ONCE);
  #waiting: Waiting | null = null;
  /** Attempts are numbered: the number of a descriptor that is closed is given away again at once. */
  #last = 0;

  /**
   * Connects, sends `greeting` when there is one, and resets the connection.
   * @param listener is called once, later, unless the function that is returned ends the attempt first
   * @throws BpfError when there is no descriptor to wait with
   */
  try(to: SocketAddress, greeting: Uint8Array | null, listener: ConnectListener): () => void {
    this.#waiting ??= this.#beginToWait();
    const fd = nativeSockets().socket(to.domain, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (fd < 0) return later(listener);
    this.#last = (this.#last + 1) >>> 0;
    const number = this.#last;
    if (!this.#connect(fd, to, number, this.#waiting.epoll)) {
      const cancel = later(listener);
      nativeSockets().close(fd);
      return cancel;
    }
    this.#attempts.set(number, { fd, greeting, listener });
    return () => void this.#end(number);
  }

  /** Ends all attempts; their listeners hear nothing. An attempt after that begins anew. */
  close(): void {
    for (const number of this.#attempts.keys()) this.#end(number);
    this.#waiting?.poller.close();
    if (this.#waiting !== null) nativeSockets().close(this.#waiting.epoll);
    this.#waiting = null;
  }

  [Symbol.dispose](): void {
    this.close();
  }

  #beginToWait(): Waiting {
    const epoll = nativeSockets().epollCreate(SOCK_CLOEXEC);
    if (epoll < 0) throw errorFromErrno(koffi.errno(), 'waiting for connections');
    // Listeners settle promises, and what waits for these goes on only after work that Node itself has called.
    return { epoll, poller: pollReadable(epoll, () => void setImmediate(() => this.#look())) };
  }

  #connect(fd: number, to: SocketAddress, number: number, epoll: number): boolean {
    const { setOption, connect, epollControl } = nativeSockets();
    if (setOption(fd, SOL_SOCKET, SO_LINGER, RESET, RESET.length) < 0) return false;
    // The ACK of the SYN-ACK waits for data or for a while, and the RST comes first (as with HAProxy's checks).
    if (setOption(fd, IPPROTO_TCP, TCP_QUICKACK, OFF, OFF.length) < 0) return false;
    if (connect(fd, to.bytes, to.bytes.length) < 0 && koffi.errno() !== EINPROGRESS) return false;
    this.#event[0] = EPOLLOUT;
    this.#event[DATA_WORD] = number;
    return epollControl(epoll, EPOLL_CTL_ADD, fd, this.#event) === 0;
  }

  /** Looks which attempts have been answered. */
  #look(): void {
    if (this.#waiting === null) return;
    const count = nativeSockets().epollWait(this.#waiting.epoll, this.#events, EVENTS_AT_ONCE, 0);
    for (let at = 0; at < count * EVENT_WORDS; at += EVENT_WORDS) {
      const number = this.#events[at + DATA_WORD] ?? 0;
      const attempt = this.#attempts.get(number);
      if (attempt === undefined) continue;
      const failure = ((this.#events[at] ?? 0) & (EPOLLERR | EPOLLHUP)) === 0 ? null : errorOf(attempt.fd);
      if (failure === null) greet(attempt);
      this.#end(number);
      attempt.listener(failure);
    }
  }

  /** Closing a descriptor takes it out of the epoll too. */
  #end(number: number): void {
    const attempt = this.#attempts.get(number);
    if (attempt === undefined) return;
    this.#attempts.delete(number);
    nativeSockets().close(attempt.fd);
  }
}

/** Tells of the call that has just failed, after the caller has gone on. */
function later(listener: ConnectListener): () => void {
  const failure = describeErrno(koffi.errno());
  const immediate = setImmediate(() => listener(failure));
  return () => clearImmediate(immediate);
}

/** Why a connection was not made; null when the kernel knows nothing against it. */
function errorOf(fd: number): ErrnoText | null {
  const error = new Int32Array(1);
  const bytes = new Uint8Array(error.buffer);
  nativeSockets().getOption(fd, SOL_SOCKET, SO_ERROR, bytes, Uint32Array.of(bytes.length));
  return error[0] ? describeErrno(error[0]) : null;
}

/** A greeting that does not arrive changes nothing: the connection was made. */
function greet({ fd, greeting }: Attempt): void {
  if (greeting !== null) nativeSockets().send(fd, greeting, greeting.length, MSG_NOSIGNAL);
}
