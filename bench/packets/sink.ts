import { BpfLink, BpfObject } from '../../src/libbpf/index.ts';
import type { SinkArguments } from './protocol.ts';

// Runs inside a target: counts packets until its standard input ends or it is told to end. Prints its map's id.
const args = JSON.parse(process.argv[2] ?? '{}') as SinkArguments;
using object = BpfObject.open(args.object);
object.setRodata({ sink_port: args.port });
object.load();
using program = object.openProgram('sink');
using sunk = object.openMap('sunk');
using link = BpfLink.attachXdp(program, args.ifindex, 'native');
process.stdout.write(`${JSON.stringify({ sunk: sunk.info.id, link: link.info.id })}\n`);
await new Promise((resolve) => process.stdin.resume().once('end', resolve).once('close', resolve));
