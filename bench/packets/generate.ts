import { setTimeout as sleep } from 'node:timers/promises';
import { ethernetFrame, ipPacket, PROTOCOL, udpDatagram } from '../../lab/index.ts';
import { BpfMap, BpfObject, RUN_LIVE_FRAMES } from '../../src/libbpf/index.ts';
import type { GenerateArguments, GenerateReport } from './protocol.ts';

const FRAME_BYTES = 64;
const ETHERNET_IP_UDP_BYTES = 14 + 20 + 8;
const BATCH_PACKETS = 64;
const WARM_UP_PACKETS = BATCH_PACKETS * 1024;
/** Time for the last packets to arrive. */
const SETTLE_MS = 20;
const ZERO = Buffer.alloc(4);

// Runs inside a client, on one CPU: packets that it sends are forwarded and counted on that same CPU, so the rate is
// that of one core with all that the core has to do. Prints a report.
const args = JSON.parse(process.argv[2] ?? '{}') as GenerateArguments;
using object = BpfObject.open(args.object);
object.load();
using program = object.openProgram('generate');
using streams = object.openMap('streams');
using sunk = BpfMap.fromId(args.sunk);
streams.update(ZERO, stream());
const warmUp = await send(Math.max(WARM_UP_PACKETS, 2 * args.flows));
// One call, as long as it takes: every call waits tens of milliseconds for the kernel to set up and tear down.
const nsPerPacket = warmUp.elapsedNs / warmUp.received;
const report = await send(Math.ceil((args.durationMs * 1e6) / nsPerPacket));
process.stdout.write(`${JSON.stringify(report)}\n`);

/** Sends packets and returns what became of them. @throws Error when none arrives */
async function send(packets: number): Promise<GenerateReport> {
  sunk.update(ZERO, Buffer.alloc(sunk.valueBytes));
  const dataIn = Buffer.alloc(FRAME_BYTES);
  program.run({ dataIn, dataOutSize: 0, repeat: packets, flags: RUN_LIVE_FRAMES, batchSize: BATCH_PACKETS });
  await sleep(SETTLE_MS);
  const arrivals = sunk.lookup(ZERO) ?? Buffer.alloc(sunk.valueBytes);
  const received = Number(arrivals.readBigUInt64LE(0));
  if (received === 0) throw new Error(`none of ${packets} packets arrived`);
  const elapsedNs = Number(arrivals.readBigUInt64LE(16) - arrivals.readBigUInt64LE(8));
  return { sent: packets, received, elapsedNs };
}

/** The bytes of `struct stream` in generate.bpf.c. */
function stream(): Buffer {
  const head = Buffer.alloc(16);
  head.writeUInt32LE(args.ifindex, 0);
  head.writeUInt32LE(args.flows, 4);
  return Buffer.concat([head, frame()]);
}

function frame(): Buffer {
  const { source, destination, port } = args;
  const payload = Buffer.alloc(FRAME_BYTES - ETHERNET_IP_UDP_BYTES);
  const datagram = udpDatagram({ source, destination, sourcePort: 0, destinationPort: port, payload });
  const packet = ipPacket({ source, destination, protocol: PROTOCOL.udp }, datagram);
  return ethernetFrame({ source: args.sourceMac, destination: args.destinationMac }, packet);
}
