const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/**
 * Runs `cleanup` (synchronous) when the process exits or is told to end, until disposed. Programs that handle a signal
 * themselves keep that right: the hook then only acts at exit.
 */
export function onProcessEnd(cleanup: () => void): Disposable {
  const removers: (() => void)[] = [];
  const dispose = () => {
    for (const remove of removers.splice(0)) remove();
  };
  const end = () => {
    dispose();
    cleanup();
  };
  process.on('exit', end);
  removers.push(() => process.off('exit', end));
  for (const signal of SIGNALS) {
    const labSignalHook = () => {
      if (handledElsewhere(signal, labSignalHook.name)) return;
      end();
      // The last lab to clean up lets the signal do what it would have done.
      if (process.listenerCount(signal) === 0) process.kill(process.pid, signal);
    };
    process.on(signal, labSignalHook);
    removers.push(() => process.off(signal, labSignalHook));
  }
  return { [Symbol.dispose]: dispose };
}

function handledElsewhere(signal: NodeJS.Signals, hookName: string): boolean {
  return process.listeners(signal).some((listener) => listener.name !== hookName);
}
