/** A failure in words that let a reader repeat it. */
import type { Case, Input } from '../../engines/index.ts';
import type { Finding } from './judge.ts';

/** Where a failure was found. */
export interface Found {
  readonly engine: string;
  /** How to come to it again, if it was made up. */
  readonly seed?: number;
}

/** The fields in which oracle and engine part, and the case that shows it. */
export function reportFinding(one: Case, { index, input, words }: Finding, found: Found): string {
  return [
    `${found.engine} and the oracle part at packet ${index}${found.seed === undefined ? '' : ` (seed ${found.seed})`}:`,
    words,
    `the packet: ${inputText(input)}`,
    ...one.inputs.slice(0, index).map((earlier) => `before it: ${inputText(earlier)}`),
    `options: ${JSON.stringify(one.options)}`,
    `tables: ${JSON.stringify(one.state)}`,
  ].join('\n');
}

function inputText({ frame, ...rest }: Input): string {
  return `${JSON.stringify(rest)} ${Buffer.from(frame).toString('hex')}`;
}
