import pc from 'picocolors';
import type { CliIo, CliOutput } from '../io.ts';

/** Colours by meaning, and room. Each function returns its text unchanged where colours are not wanted. */
export interface Style {
  /** Columns of a line; without end where no terminal is. */
  readonly width: number;
  readonly heading: (text: string) => string;
  readonly good: (text: string) => string;
  readonly warning: (text: string) => string;
  readonly bad: (text: string) => string;
  readonly faint: (text: string) => string;
  /** What pictures are drawn in. */
  readonly accent: (text: string) => string;
}

/** Colours and room of one stream: colours only on a terminal, and not with NO_COLOR or TERM=dumb. */
export function styleFor(output: CliOutput, env: CliIo['env']): Style {
  const colors = pc.createColors(output.isTTY && !env.NO_COLOR && env.TERM !== 'dumb');
  return {
    width: output.isTTY ? output.columns || Number.POSITIVE_INFINITY : Number.POSITIVE_INFINITY,
    heading: colors.bold,
    good: colors.green,
    warning: colors.yellow,
    bad: colors.red,
    faint: colors.dim,
    accent: colors.cyan,
  };
}
