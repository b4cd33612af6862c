import koffi from 'koffi';

/** A running wait; closing it ends it. */
export interface Poller {
  close(): void;
}

/** How often a file descriptor is looked at where libuv cannot wait for it. */
const FALLBACK_INTERVAL_MS = 20;

/**
 * Calls `onReadable` whenever a descriptor becomes readable, without keeping the process alive. It rests on koffi's
 * `node.poll` (libuv's uv_poll), which its documentation does not mention: where that is missing or refuses the
 * descriptor, a timer calls instead.
 */
export function pollReadable(fd: number, onReadable: () => void, poll = uvPoll): Poller {
  return poll(fd, onReadable) ?? timerPoll(onReadable);
}

function uvPoll(fd: number, onReadable: () => void): Poller | undefined {
  try {
    const handle = koffi.node.poll(fd, { readable: true }, onReadable);
    handle.unref();
    return handle;
  } catch {
    return undefined;
  }
}

function timerPoll(onReadable: () => void): Poller {
  const timer = setInterval(onReadable, FALLBACK_INTERVAL_MS);
  timer.unref();
  return { close: () => clearInterval(timer) };
}
