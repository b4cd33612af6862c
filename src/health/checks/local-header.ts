import { connect, type Socket } from 'node:net';
import { failureOf } from '../outcome.ts';
import type { Verdict } from './attempt.ts';
import type { CheckTarget } from './tcp.ts';

/**
 * The header of a connection that the balancer makes for itself: command LOCAL, no addresses (PROXY protocol, 2.2). Who
 * waits for a header gets this one, and takes the addresses of the connection itself.
 */
export const LOCAL_HEADER: Buffer = Buffer.from('0d0a0d0a000d0a515549540a20000000', 'hex');

/**
 * Connects, and sends {@link LOCAL_HEADER} before anything else.
 * @param begin what comes then; returns what ends it
 */
export function behindHeader(
  { ip, port }: CheckTarget,
  { fail }: Verdict,
  begin: (socket: Socket) => () => void,
): () => void {
  const socket = connect({ host: ip, port, autoSelectFamily: false });
  let end = () => {};
  socket.on('error', (error) => fail(failureOf(error)));
  socket.once('connect', () => {
    socket.write(LOCAL_HEADER);
    end = begin(socket);
  });
  return () => {
    end();
    socket.destroy();
  };
}
