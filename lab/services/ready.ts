import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { SluiceError } from '../../src/errors/index.ts';
import type { OwnedProcess } from '../host/index.ts';
import { patienceMs } from '../patience.ts';

const POLL_MS = 10;
const TIMEOUT_MS = 30_000;
const TCP_LISTEN = '0A';

/** A running server program of a lab. */
export interface Service extends AsyncDisposable {
  /** What the server calls itself in its answers. */
  readonly name: string;
  readonly port: number;
  readonly process: OwnedProcess;
  close(): Promise<void>;
}

/** Makes the handle of a server once it is ready; ends the server when it never gets there. */
export async function serviceWhen(
  ready: (process: OwnedProcess) => boolean,
  name: string,
  port: number,
  process: OwnedProcess,
): Promise<Service> {
  try {
    await until(() => ready(process), process);
  } catch (error) {
    await process.close();
    throw error;
  }
  const close = () => process.close();
  return { name, port, process, close, [Symbol.asyncDispose]: close };
}

/** Whether something listens on a TCP port in the network namespace of a process. */
export function listensOnTcp(process: OwnedProcess, port: number): boolean {
  return socketsOf(process, ['tcp', 'tcp6']).some((each) => each.port === port && each.state === TCP_LISTEN);
}

/** Whether a UDP port is bound in the network namespace of a process. */
export function bindsUdp(process: OwnedProcess, port: number): boolean {
  return socketsOf(process, ['udp', 'udp6']).some((each) => each.port === port);
}

/**
 * Waits until a condition holds for a starting process.
 * @throws SluiceError `internal` with the output of the process when it ends first or takes longer than 30 s (see {@link patienceMs}).
 */
export async function until(condition: () => boolean, process: OwnedProcess): Promise<void> {
  const limitMs = patienceMs(TIMEOUT_MS);
  const deadline = performance.now() + limitMs;
  while (!condition()) {
    const late = performance.now() > deadline;
    if (late || !process.running) {
      const what = late ? `is not ready after ${limitMs} ms` : 'ended before it was ready';
      throw new SluiceError('internal', `lab: ${process.argv.join(' ')} ${what}: ${process.output}`);
    }
    await sleep(POLL_MS);
  }
}

function socketsOf(process: OwnedProcess, tables: readonly string[]) {
  return tables.flatMap((table) =>
    readTable(`/proc/${process.pid}/net/${table}`)
      .split('\n')
      .slice(1)
      .filter((line) => line.trim() !== '')
      .map((line) => {
        const [, local = '', , state = ''] = line.trim().split(/\s+/);
        return { port: Number.parseInt(local.slice(local.lastIndexOf(':') + 1), 16), state };
      }),
  );
}

function readTable(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
