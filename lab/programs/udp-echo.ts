import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { isIPv6 } from 'node:net';
import { programArguments } from './arguments.ts';

/** Arguments of the UDP echo server. */
export interface UdpEchoArguments {
  /** Answered in front of every payload, with a line feed between; `name@address` when there are several. */
  readonly name: string;
  readonly nameByAddress: boolean;
  readonly addresses: readonly string[];
  readonly port: number;
}

// One socket per address: a reply from a wildcard socket could leave with another source address.
const { name, nameByAddress, addresses, port } = programArguments<UdpEchoArguments>();
for (const address of addresses) {
  const socket = createSocket({ type: isIPv6(address) ? 'udp6' : 'udp4', recvBufferSize: 4 * 1024 * 1024 });
  const greeting = Buffer.from(`${nameByAddress ? address : name}\n`);
  socket.on('message', (payload, peer) => {
    // A peer that is gone makes send fail; that is the peer's loss.
    socket.send([greeting, payload], peer.port, peer.address, () => undefined);
  });
  socket.bind(port, address);
  await once(socket, 'listening');
}
process.stdout.write('ready\n');
