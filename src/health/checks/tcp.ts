import { Socket } from 'node:net';
import { failureOf } from '../outcome.ts';
import { attempt, type StartCheck } from './attempt.ts';

/** Where and how long a check tries. */
export interface CheckTarget {
  /** IPv4 or IPv6 address. */
  readonly ip: string;
  readonly port: number;
  readonly timeoutMs: number;
}

/** Opens a TCP connection and resets it: nothing is left in TIME_WAIT, on neither side. */
export function tcpCheck({ ip, port, timeoutMs }: CheckTarget): StartCheck {
  const where = { host: ip, port, autoSelectFamily: false };
  return (done) =>
    attempt(timeoutMs, done, ({ succeed, fail }) => {
      const socket = new Socket();
      // Nothing is read: without this Node would begin to, which costs a system call.
      socket.pause();
      socket.once('connect', () => succeed('connected'));
      socket.on('error', (error) => fail(failureOf(error)));
      socket.connect(where);
      return () => (socket.connecting || socket.destroyed ? socket.destroy() : socket.resetAndDestroy());
    });
}
