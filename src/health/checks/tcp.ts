import { Socket } from 'node:net';
import { failureOf } from '../outcome.ts';
import { attempt, type StartCheck } from './attempt.ts';
import { LOCAL_HEADER } from './local-header.ts';

/** Where and how long a check tries. */
export interface CheckTarget {
  /** IPv4 or IPv6 address. */
  readonly ip: string;
  readonly port: number;
  readonly timeoutMs: number;
  /** Whether it waits for a header of the PROXY protocol: then it gets one that says that the connection is ours. */
  readonly proxyProtocol?: boolean | undefined;
}

/** Opens a TCP connection and resets it: nothing is left in TIME_WAIT, on neither side. */
export function tcpCheck({ ip, port, timeoutMs, proxyProtocol }: CheckTarget): StartCheck {
  const where = { host: ip, port, autoSelectFamily: false };
  return (done) =>
    attempt(timeoutMs, done, ({ succeed, fail }) => {
      const socket = new Socket();
      // Nothing is read: without this Node would begin to, which costs a system call.
      socket.pause();
      socket.once('connect', () => {
        if (proxyProtocol) socket.write(LOCAL_HEADER);
        succeed('connected');
      });
      socket.on('error', (error) => fail(failureOf(error)));
      socket.connect(where);
      return () => (socket.connecting || socket.destroyed ? socket.destroy() : socket.resetAndDestroy());
    });
}
