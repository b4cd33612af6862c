import { EventEmitter } from 'node:events';
import type { HostIo } from '../host/index.ts';
import { recordedIo } from '../host/recorded-io.fixture.ts';
import type { ControlPlane, Demo } from './control-plane.ts';
import type { CliIo, CliSignal } from './io.ts';

/** A CLI world for tests: what was written is kept, signals are sent by hand. */
export interface CapturedIo extends CliIo {
  /** Standard output so far. */
  readonly out: () => string;
  /** Standard error so far. */
  readonly err: () => string;
  /** Sends a signal; false when nobody listens. */
  readonly signal: (signal: CliSignal) => boolean;
  /** Statuses given to `exitNow`. */
  readonly exits: readonly number[];
}

/** Root's capabilities. */
export const ROOT = 'CapEff:\t000001ffffffffff';

/** Files of a host on which everything is well. */
export const HEALTHY_FILES: Readonly<Record<string, string>> = {
  '/proc/self/status': ROOT,
  '/proc/sys/kernel/osrelease': '6.18.0',
  '/proc/self/mounts': 'bpf /sys/fs/bpf bpf rw 0 0',
};

/** A host without interfaces, whose every route leads out of `eth1`. */
export function healthyHost(files: Readonly<Record<string, string>> = HEALTHY_FILES): HostIo {
  return {
    ...recordedIo({ files }),
    run: async (_command, _args, { stdin } = {}) => {
      const answers = (stdin ?? '').split('\n').filter((line) => line !== '');
      const stdout = answers.map(() => '[{"dst":"","dev":"eth1","prefsrc":"10.0.0.254"}]\n').join('');
      return { exitCode: 0, stdout: stdout || '[]', stderr: '' };
    },
  };
}

/** Makes a world in which everything is as on a healthy host unless overridden. */
export function capturedIo(overrides: Partial<CliIo> = {}): CapturedIo {
  const signals = new EventEmitter();
  const written = { out: '', err: '' };
  const exits: number[] = [];
  return {
    stdout: {
      write: (text) => {
        written.out += text;
      },
      isTTY: false,
    },
    stderr: {
      write: (text) => {
        written.err += text;
      },
      isTTY: false,
    },
    env: {},
    cwd: '/',
    onSignal: (signal, handler) => {
      signals.on(signal, handler);
      return () => signals.removeListener(signal, handler);
    },
    openTerminal: () => null,
    exitNow: (status) => exits.push(status),
    host: healthyHost(),
    loadControl: (): Promise<ControlPlane> => Promise.reject(new Error('no control plane in this test')),
    loadDemo: (): Promise<Demo> => Promise.reject(new Error('no demo in this test')),
    libbpfVersion: async () => 'v1.1',
    sendDatagram: () => Promise.reject(new Error('no service manager in this test')),
    selfCommand: ['sluice'],
    ...overrides,
    out: () => written.out,
    err: () => written.err,
    signal: (signal) => signals.emit(signal),
    exits,
  };
}
