import { release } from 'node:os';
import { objectPath } from '../../../src/datapath/index.ts';
import { familyOf, measure } from '../../verifier/budget.ts';
import { tell } from './checker.ts';

/** What this kernel's verifier takes for each program; the host compares it with the budget. */
export async function checkVerified(): Promise<string> {
  const figures = measure(objectPath());
  tell({ type: 'verified', family: familyOf(release(), process.arch), figures });
  return Object.entries(figures)
    .map(([name, each]) => `${name} ${each.instructions} instructions, ${each.stackBytes} bytes of stack`)
    .join('; ');
}
