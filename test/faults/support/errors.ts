import { ERROR_CODES } from '../../../src/errors/index.ts';

/** An error of a system call. */
export interface Errno {
  readonly name: string;
  readonly errno: number;
}

/** Errors that calls may end with whatever they were asked: no lie that the program could not see through. */
export const HONEST_ERRNOS: readonly [Errno, ...Errno[]] = [
  { name: 'EPERM', errno: 1 },
  { name: 'EAGAIN', errno: 11 },
  { name: 'ENOMEM', errno: 12 },
  { name: 'ENOSPC', errno: 28 },
];

/** What is wrong with the way in which a daemon says why it did not reload; null when it is as it should be. */
export function faultOfLog(log: string): string | null {
  const line = log.split('\n').find((each) => each.includes('"msg":"not reloaded'));
  if (line === undefined) return `no word of the refusal: ${log}`;
  const { code, error, fix }: Record<string, unknown> = JSON.parse(line.slice(line.indexOf('{')));
  if (typeof code !== 'string' || !Object.hasOwn(ERROR_CODES, code)) return `no code of the table: ${line}`;
  if (code === 'internal') return `an error of its own making: ${line}`;
  if (typeof error !== 'string' || error === '') return `it does not say what is wrong: ${line}`;
  return typeof fix === 'string' && fix !== '' ? null : `no fix: ${line}`;
}

/** The same of a command that has ended with an error. */
export function faultOfExit(code: number | null, stderr: string): string | null {
  const known = Object.values(ERROR_CODES).some(({ exit }) => exit === code);
  if (!known) return `exit status ${code} is not in the table: ${stderr}`;
  if (/unexpected error/.test(stderr)) return `an error of its own making: ${stderr}`;
  if (!/^sluice: \S/m.test(stderr)) return `it does not say what is wrong: ${stderr}`;
  return /^fix: \S/m.test(stderr) ? null : `no fix: ${stderr}`;
}
