import { spawn } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it, vi } from 'vitest';
import { spawnIpMonitor, watchHost } from './watch.ts';

const shell = (script: string) => () => spawn('sh', ['-c', script], { stdio: ['ignore', 'pipe', 'ignore'] });

async function until(condition: () => boolean): Promise<void> {
  const deadline = Date.now() + 5_000;
  while (!condition()) {
    if (Date.now() > deadline) throw new Error('the condition did not come true within 5 s');
    await sleep(5);
  }
}

describe('watchHost', () => {
  it('makes one call of a burst of changes', async () => {
    const stop = new AbortController();
    const onChange = vi.fn();
    const monitor = spawn('cat', { stdio: ['pipe', 'pipe', 'ignore'] });
    const watching = watchHost({
      onChange,
      signal: stop.signal,
      debounceMs: 500,
      spawnMonitor: () => monitor,
    });
    // The call for what may have been missed before the start.
    await until(() => onChange.mock.calls.length > 0);
    // At once, so that no call can come between.
    for (let change = 0; change < 5; change++) monitor.stdout.emit('data', 'change\n');
    await until(() => onChange.mock.calls.length > 1);
    await sleep(600);
    expect(onChange).toHaveBeenCalledTimes(2);
    stop.abort();
    await watching;
  });

  it('starts a monitor that died again and calls back for what may have been missed', async () => {
    const stop = new AbortController();
    const onChange = vi.fn();
    let starts = 0;
    const watching = watchHost({
      onChange,
      signal: stop.signal,
      debounceMs: 1,
      restartMs: 5,
      spawnMonitor: () => {
        starts += 1;
        return shell('exit 1')();
      },
    });
    await until(() => starts >= 3 && onChange.mock.calls.length >= 3);
    stop.abort();
    await watching;
  });

  it('never lets two calls overlap', async () => {
    const stop = new AbortController();
    let running = 0;
    let worst = 0;
    let calls = 0;
    const watching = watchHost({
      onChange: async () => {
        running += 1;
        worst = Math.max(worst, running);
        await sleep(30);
        running -= 1;
        calls += 1;
      },
      signal: stop.signal,
      debounceMs: 1,
      spawnMonitor: shell('while true; do echo change; sleep 0.01; done'),
    });
    await until(() => calls >= 3);
    stop.abort();
    await watching;
    expect(worst).toBe(1);
    expect(running).toBe(0);
  });

  it('ends with the error of the callback, and ends the monitor', async () => {
    const child = shell('echo change; exec sleep 20')();
    const watching = watchHost({
      onChange: () => {
        throw new Error('no');
      },
      signal: new AbortController().signal,
      debounceMs: 1,
      spawnMonitor: () => child,
    });
    await expect(watching).rejects.toThrow('no');
    expect(child.signalCode).toBe('SIGKILL');
  });

  it('says so when the monitor cannot be started at all', async () => {
    const watching = watchHost({
      onChange: () => {},
      signal: new AbortController().signal,
      spawnMonitor: () => spawn('no-such-command', { stdio: ['ignore', 'pipe', 'ignore'] }),
    });
    await expect(watching).rejects.toMatchObject({ code: 'unsupported' });
  });

  it('goes on when the host is short of processes or descriptors for a while', async () => {
    const stop = new AbortController();
    let starts = 0;
    const watching = watchHost({
      onChange: () => {},
      signal: stop.signal,
      debounceMs: 1,
      restartMs: 5,
      spawnMonitor: () => {
        starts += 1;
        const child = spawn('no-such-command', { stdio: ['ignore', 'pipe', 'ignore'] });
        child.prependOnceListener('error', (error) => Object.assign(error, { code: 'EAGAIN' }));
        return child;
      },
    });
    await until(() => starts >= 3);
    stop.abort();
    await expect(watching).resolves.toBeUndefined();
  });

  it('leaves no ip monitor behind', async () => {
    const stop = new AbortController();
    const child = spawnIpMonitor();
    const watching = watchHost({ onChange: () => {}, signal: stop.signal, spawnMonitor: () => child });
    await until(() => child.pid !== undefined);
    stop.abort();
    await watching;
    expect(child.signalCode).toBe('SIGKILL');
  });
});
