import type { CheckName } from '../checks.ts';
import type { Machine } from '../machines.ts';
import type { Message } from '../protocol.ts';

/** What came of booting a machine. */
export interface MachineResult {
  readonly machine: Machine;
  /** From the start of QEMU to the first words of the guest's programs; undefined when there were none. */
  readonly bootMs: number | undefined;
  readonly totalMs: number;
  readonly passed: number;
  readonly expected: number;
  /** What is wrong, in sentences; empty when nothing is. */
  readonly faults: readonly string[];
}

/**
 * Judges what a guest has told. A guest cannot pass by silence: every check must be told passed.
 * @param checks what it had to check
 * @param trouble what went wrong with running it
 */
export function faultsOf(
  machine: Machine,
  checks: readonly CheckName[],
  messages: readonly Message[],
  trouble: readonly string[],
): readonly string[] {
  const started = messages.find((each) => each.type === 'started');
  if (started === undefined) return [...trouble, 'its programs never started'];
  const wrongKernel = started.release.startsWith(machine.release)
    ? []
    : [`it runs kernel ${started.release}`];
  const missing = checks.map((name) => faultOf(name, messages)).filter((fault) => fault !== undefined);
  const unfinished = messages.some(({ type }) => type === 'done') ? [] : ['it ended before it was done'];
  return [...wrongKernel, ...missing, ...trouble, ...unfinished];
}

function faultOf(name: CheckName, messages: readonly Message[]): string | undefined {
  const told = messages.filter((each) => 'name' in each && each.name === name);
  const failed = told.find((each) => each.type === 'failed');
  if (failed !== undefined) return `${name}: ${failed.error}`;
  if (told.some((each) => each.type === 'passed')) return undefined;
  return `${name}: ${told.length > 0 ? 'it began and never ended' : 'it was never tried'}`;
}

/** How many of the checks were told passed. */
export function passedOf(checks: readonly CheckName[], messages: readonly Message[]): number {
  const names = new Set(messages.flatMap((each) => (each.type === 'passed' ? [each.name] : [])));
  return checks.filter((name) => names.has(name)).length;
}
