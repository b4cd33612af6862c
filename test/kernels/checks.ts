import type { Machine } from './machines.ts';

/** What is checked of each of the two ways in which Sluice hangs on interfaces. */
const HOOK_CHECKS = [
  'clients reach their targets in nat and snat mode, and every connection is counted once',
  'UDP conversations come back, and end in the sweep',
  'transfers survive delay, reordering, duplication and loss',
] as const;

/** How Sluice hangs on the interfaces. */
export type Attach = 'tc' | 'native';

/** A check of one way of hanging on interfaces. */
export type HookCheckName = `${Attach}: ${(typeof HOOK_CHECKS)[number]}`;

/** What is checked on a kernel that Sluice serves on. */
const SERVING_CHECKS = [
  'per-CPU maps have a value for every possible CPU',
  'the verifier takes every program',
  'the vectors pass',
  'a lab stands, with services behind Sluice to be',
  'doctor finds nothing that would keep Sluice from working',
  'the programs load and attach, and status shows it',
  'a killed daemon is followed by one that adopts what it finds',
  'a reload moves everything to native XDP',
  'nothing is left after the end',
] as const;

/** What is checked on a kernel that is too old. */
const REFUSING_CHECKS = [
  'run and doctor name the kernel that is needed',
  'nothing is left in the kernel by the attempt',
] as const;

/** What is checked instead when it is asked for. */
const BENCH_CHECK = 'the bench measures IPVS beside the others';

/** Word of the kernel's command line that asks for it. */
export const BENCH_WORD = 'sluice.bench';

/** Name of a check, as a sentence. */
export type CheckName =
  | (typeof SERVING_CHECKS)[number]
  | (typeof REFUSING_CHECKS)[number]
  | typeof BENCH_CHECK
  | HookCheckName;

/** The checks of a machine: each must be told passed, or the machine has failed. */
export function checksOf(machine: Machine, bench: boolean): readonly CheckName[] {
  if (machine.expectation === 'refuses') return REFUSING_CHECKS;
  if (bench) return [BENCH_CHECK];
  const hooks: readonly Attach[] = ['tc', 'native'];
  return [
    ...SERVING_CHECKS,
    ...hooks.flatMap((hook) => HOOK_CHECKS.map((name): HookCheckName => `${hook}: ${name}`)),
  ];
}
