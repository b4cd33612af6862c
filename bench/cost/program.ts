import { join } from 'node:path';
import { AdminClient } from '../../src/admin/index.ts';
import { BpfProgram } from '../../src/libbpf/index.ts';
import { Course } from './course.ts';
import { Ledger } from './ledger.ts';
import { Meter } from './meter.ts';
import type { CostArguments } from './samples.ts';

// Runs inside the balancer's namespace, on one CPU. Prints its progress, and the samples as its last line.
const args = JSON.parse(process.argv[2] ?? '{}') as CostArguments;
using meter = new Meter(args.object);
using xdp = BpfProgram.fromPin(join(args.pins, 'programs', 'xdp_ingress'));
using tc = BpfProgram.fromPin(join(args.pins, 'programs', 'tc_ingress'));
const ledger = new Ledger(new AdminClient({ socketPath: args.adminSocket }));
const course = new Course(args, meter, { xdp, tc }, ledger);
print(await course.run((done, all) => print({ done, all })));

function print(line: object): void {
  process.stdout.write(`${JSON.stringify(line)}\n`);
}
