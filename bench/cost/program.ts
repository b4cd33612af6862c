import { join } from 'node:path';
import { BpfProgram } from '../../src/libbpf/index.ts';
import { Course } from './course.ts';
import { Meter } from './meter.ts';
import type { CostArguments } from './samples.ts';

// Runs inside the balancer's namespace, on one CPU. Prints its progress, and the report as its last line.
const args = JSON.parse(process.argv[2] ?? '{}') as CostArguments;
using meter = new Meter(args.object);
using balancer = BpfProgram.fromPin(join(args.pins, 'programs', 'xdp_ingress'));
const report = new Course(args, meter, balancer).run((done, all) => print({ done, all }));
print(report);

function print(line: object): void {
  process.stdout.write(`${JSON.stringify(line)}\n`);
}
