import { setTimeout as sleep } from 'node:timers/promises';
import { ethernetFrame, ipPacket, PROTOCOL, udpDatagram } from '../../lab/index.ts';
import { BpfMap, BpfObject, RUN_LIVE_FRAMES } from '../../src/libbpf/index.ts';
import { CpuClock } from './cpu-clock.ts';
import type { GenerateArguments, GenerateReport } from './protocol.ts';

const FRAME_BYTES = 64;
const ETHERNET_IP_UDP_BYTES = 14 + 20 + 8;
const BATCH_PACKETS = 64;
const WARM_UP_PACKETS = BATCH_PACKETS * 1024;
/** Time for the last packets to arrive. */
const SETTLE_MS = 20;
const ZERO = Buffer.alloc(4);

// Runs inside a client, on one CPU. What its packets cause, at the balancer and at the target, happens on that CPU too,
// nearly all of it in the name of this process. Prints a report.
const args = JSON.parse(process.argv[2] ?? '{}') as GenerateArguments;
using object = BpfObject.open(args.object);
object.load();
using program = object.openProgram('generate');
using streams = object.openMap('streams');
using sunk = BpfMap.fromId(args.sunk);
streams.update(ZERO, stream());
const clock = new CpuClock();
const warmUp = await send(Math.max(WARM_UP_PACKETS, 2 * args.flows));
// One call, as long as it takes: every call waits tens of milliseconds for the kernel to set up and tear down.
const report = await send(Math.ceil((warmUp.sent * args.durationMs) / warmUp.cpuMs));
process.stdout.write(`${JSON.stringify(report)}\n`);

/** Sends packets and returns what became of them. @throws Error when none arrives */
async function send(packets: number): Promise<GenerateReport> {
  const [receivedBefore, cpuBefore] = [received(), clock.nowMs()];
  const dataIn = Buffer.alloc(FRAME_BYTES);
  program.run({ dataIn, dataOutSize: 0, repeat: packets, flags: RUN_LIVE_FRAMES, batchSize: BATCH_PACKETS });
  const cpuMs = clock.nowMs() - cpuBefore;
  await sleep(SETTLE_MS);
  const arrived = received() - receivedBefore;
  if (arrived === 0) throw new Error(`none of ${packets} packets arrived`);
  return { sent: packets, received: arrived, cpuMs };
}

/** Packets at the sink, over all CPUs. */
function received(): number {
  const values = sunk.lookup(ZERO) ?? Buffer.alloc(0);
  let sum = 0;
  for (let at = 0; at < values.length; at += 8) sum += Number(values.readBigUInt64LE(at));
  return sum;
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
