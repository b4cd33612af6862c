import { CommanderError } from 'commander';
import { SluiceError } from '../errors/index.ts';
import { formatDetail } from './format/detail.ts';
import type { Style } from './format/style.ts';

/** Turns whatever a command threw into the one error class. @param command whose help a wrong use of it should point to */
export function toCliError(error: unknown, command?: string): SluiceError {
  if (error instanceof SluiceError) return error;
  if (error instanceof CommanderError) return commanderError(error, command);
  const message = error instanceof Error ? error.message : String(error);
  if (isOutOfDescriptors(error)) {
    return new SluiceError('kernel', `no descriptors are left: ${message}`, {
      fix: 'allow more of them: ulimit -n 1024',
      cause: error,
    });
  }
  return new SluiceError('internal', `unexpected error: ${message}`, {
    fix: 'run again with -v to see where it came from',
    cause: error,
  });
}

/** Whatever file or library it was that could not be opened. */
function isOutOfDescriptors(error: unknown): boolean {
  return error instanceof Error && 'code' in error && (error.code === 'EMFILE' || error.code === 'ENFILE');
}

/** `error: unknown option '--x'\n(Did you mean --y?)` becomes message and fix. */
function commanderError(error: CommanderError, command = ''): SluiceError {
  const [first = '', ...rest] = error.message.split('\n');
  const help = ['see: sluice', command, '--help'].filter((word) => word !== '').join(' ');
  const hint = rest.join(' ').replace(/[()]/g, '').trim();
  return new SluiceError('usage', first.replace(/^error: /, ''), {
    fix: hint === '' ? help : hint,
    cause: error,
  });
}

/**
 * The one format of errors: `sluice: what`, its details, `fix: …`.
 * @param verbose adds the stack of faults that Sluice did not foresee, and causes.
 */
export function formatError(error: SluiceError, style: Style, verbose: boolean): string {
  const lines = [`${style.bad('sluice:')} ${error.message}`];
  for (const detail of error.details) lines.push(`  ${formatDetail(detail, style)}`);
  if (error.fix !== undefined) lines.push(`${style.good('fix:')} ${error.fix}`);
  if (verbose) lines.push(...causes(error).map((line) => style.faint(line)));
  return `${lines.join('\n')}\n`;
}

function causes(error: Error): string[] {
  const lines: string[] = [];
  for (let cause: unknown = error.cause; cause !== undefined; ) {
    lines.push(`caused by: ${cause instanceof Error ? (cause.stack ?? cause.message) : String(cause)}`);
    cause = cause instanceof Error ? cause.cause : undefined;
  }
  return lines;
}
