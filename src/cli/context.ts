import { formatError, toCliError } from './errors.ts';
import { type Style, styleFor } from './format/style.ts';
import type { CliIo } from './io.ts';

/** What one run of the CLI carries from command to command. */
export class CommandContext {
  readonly io: CliIo;
  /** Colours for standard output. */
  readonly style: Style;
  /** Status that the process ends with. */
  exitCode = 0;
  /** `-v` was given. */
  verbose = false;

  constructor(io: CliIo) {
    this.io = io;
    this.style = styleFor(io.stdout, io.env);
  }

  /** Writes an error of a command and takes over its exit status. */
  report(error: unknown, command?: string): void {
    const known = toCliError(error, command);
    this.io.stderr.write(formatError(known, styleFor(this.io.stderr, this.io.env), this.verbose));
    this.exitCode = known.exitCode;
  }

  /** Writes text to standard output. */
  print(text: string): void {
    this.io.stdout.write(text);
  }

  /** Writes data to standard output as indented JSON. */
  printJson(value: unknown): void {
    this.io.stdout.write(`${JSON.stringify(value, null, 2)}\n`);
  }
}
