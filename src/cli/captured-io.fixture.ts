import { EventEmitter } from 'node:events';
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
    exitNow: (status) => exits.push(status),
    host: recordedIo({ files: { '/proc/self/status': ROOT } }),
    loadControl: (): Promise<ControlPlane> => Promise.reject(new Error('no control plane in this test')),
    loadDemo: (): Promise<Demo> => Promise.reject(new Error('no demo in this test')),
    libbpfVersion: async () => 'v1.1',
    selfCommand: ['sluice'],
    ...overrides,
    out: () => written.out,
    err: () => written.err,
    signal: (signal) => signals.emit(signal),
    exits,
  };
}
