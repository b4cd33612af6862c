import type { Host } from '../host/index.ts';
import { programCommand } from '../programs/path.ts';
import type { TcpEchoArguments } from '../programs/tcp-echo.ts';
import type { UdpEchoArguments } from '../programs/udp-echo.ts';
import { type Service, serviceWhen } from './ready.ts';

/** Options of an echo server. */
export interface EchoOptions {
  /** What it answers as its name; default the host's name. */
  readonly name?: string;
  /** Answer with the address that was sent to instead of the name; for several targets on one host. */
  readonly nameByAddress?: boolean;
  /** Default 7. */
  readonly port?: number;
  /** Addresses to listen on; default every address of the host. */
  readonly addresses?: readonly string[];
}

/** Starts a UDP server that answers every datagram with its name, a line feed and the payload. */
export function startUdpEcho(host: Host, options: EchoOptions = {}): Promise<Service> {
  return start('udp-echo', host, options);
}

/** Starts a TCP server that says its name in the first line of every connection and then echoes what it gets. */
export function startTcpEcho(host: Host, options: EchoOptions = {}): Promise<Service> {
  return start('tcp-echo', host, options);
}

function start(program: 'udp-echo' | 'tcp-echo', host: Host, options: EchoOptions): Promise<Service> {
  const args: UdpEchoArguments & TcpEchoArguments = {
    name: options.name ?? host.name,
    nameByAddress: options.nameByAddress ?? false,
    port: options.port ?? 7,
    addresses: options.addresses ?? [...host.addresses4, ...host.addresses6],
  };
  const process = host.spawn(programCommand(program, [JSON.stringify(args)]));
  return serviceWhen((each) => each.stdout.includes('ready'), args.name, args.port, process);
}
