import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { pollReadable } from './poll.ts';

describe('waiting for a descriptor that libuv cannot wait for', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it('asks again and again until it is closed', () => {
    const onReadable = vi.fn();
    const poller = pollReadable(0, onReadable, () => undefined);
    vi.advanceTimersByTime(100);
    expect(onReadable).toHaveBeenCalledTimes(5);
    poller.close();
    vi.advanceTimersByTime(100);
    expect(onReadable).toHaveBeenCalledTimes(5);
  });
});
