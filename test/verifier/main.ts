import { release } from 'node:os';
import { parseArgs } from 'node:util';
import { familyOf, measure, overruns, readBudget, writeBudget } from './budget.ts';

// Tells what this kernel's verifier takes for each program, beside the budget: `npm run budget`, as root, from the folder of
// the repository. `--update` makes what it takes today the budget of this kernel's family.
const FILE = 'test/verifier/budget.json';
const OBJECT = 'dist/bpf/sluice.bpf.o';

const { values } = parseArgs({ options: { update: { type: 'boolean', default: false } } });
const family = familyOf(release(), process.arch);
const measured = measure(OBJECT);
const budget = readBudget(FILE, family) ?? {};
for (const [program, { instructions, stackBytes }] of Object.entries(measured)) {
  const allowed = budget[program];
  const was = allowed ? ` (budget: ${allowed.instructions}, ${allowed.stackBytes})` : '';
  console.log(`${family} ${program}: ${instructions} instructions, ${stackBytes} bytes of stack${was}`);
}
if (values.update) {
  writeBudget(FILE, family, measured);
  console.log(`${FILE} is written`);
} else {
  const complaints = overruns(family, budget, measured);
  for (const complaint of complaints) console.log(complaint);
  process.exitCode = complaints.length > 0 ? 1 : 0;
}
