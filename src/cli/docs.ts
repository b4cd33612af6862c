import type { Argument, Command, Option } from 'commander';
import { ERROR_CODES, type ErrorCode } from '../errors/index.ts';

/** What each error means to someone who reads an exit status. */
const MEANINGS: Readonly<Record<ErrorCode, string>> = {
  config_invalid: 'the configuration is not valid; every problem is listed',
  usage: 'the command line is not valid',
  file_unreadable: 'a file cannot be read',
  not_found: 'something named does not exist',
  conflict: 'something is there already: a daemon, a foreign XDP program, a file',
  permission: 'root or capabilities are missing',
  unauthorized: 'the admin API wants a token, or another one',
  precondition_failed: 'something has changed since it was read',
  unsupported: 'the kernel or a library lacks a feature',
  kernel: 'the kernel refused something that should have worked',
  capacity: 'a table of the data path is full',
  unreachable: 'no daemon answers',
  internal: 'a fault in Sluice itself; `-v` shows where',
};

const INTRODUCTION = `# The command line

This page is generated from the commands themselves; a test keeps it fresh.

\`\`\`
sluice -i eth0 -p 80 -t 10.0.0.1:8080     balance one port (short for: sluice run …)
sluice run -c sluice.yaml                 balance what a file says
sluice status                             ask the daemon what it does
sluice doctor -c sluice.yaml              find what keeps this host from doing it
\`\`\`

Output for programs comes with \`-o json\` from every command that reads. Colours are used on a terminal only, and not
when \`NO_COLOR\` is set. A table too wide for the terminal leaves out columns that it can do without, and names them. Errors go to standard error, always in one form:

\`\`\`
sluice: what went wrong
  where: what is wrong there
fix: what to do about it
\`\`\`
`;

const STOPPING = `## Stopping, and what stays

| signal | what happens |
|---|---|
| \`SIGINT\` (Ctrl-C) | everything is removed from the kernel; exit status 0. A second one ends the daemon at once (130). |
| \`SIGTERM\` | the daemon ends, the kernel keeps balancing: a restart cuts no connection. \`sluice detach\` removes what stays. With \`--detach-on-exit\` it is removed at once. |
| \`SIGHUP\` | the configuration file is read again and applied; if it is bad, its errors are logged and what runs stays. |
| \`SIGKILL\`, a crash | as \`SIGTERM\`: the kernel keeps balancing, and the next daemon of the instance takes over. |
`;

/** Renders docs/cli.md from the command tree and the table of errors. */
export function renderCliDocs(program: Command): string {
  const commands = program.commands.map(renderCommand).join('\n');
  return `${INTRODUCTION}\n## Commands\n\n${commands}\n${STOPPING}\n${renderExitCodes()}`;
}

function renderCommand(command: Command): string {
  const usage = ['sluice', command.name(), ...command.registeredArguments.map(argumentText), '[options]'];
  const lines = [`### ${usage.join(' ')}`, '', `${capitalize(command.description())}.`, ''];
  for (const argument of command.registeredArguments) {
    lines.push(`\`${argumentText(argument)}\`: ${argument.description}${choices(argument.argChoices)}.`, '');
  }
  const rows = command.options.map((option) => `| \`${option.flags}\` | ${optionText(option)} |`);
  lines.push('| option | meaning |', '|---|---|', ...rows, '');
  return lines.join('\n');
}

function argumentText(argument: Argument): string {
  return argument.required ? `<${argument.name()}>` : `[${argument.name()}]`;
}

function optionText(option: Option): string {
  const preset = option.defaultValue === undefined ? '' : ` (default: ${String(option.defaultValue)})`;
  return `${option.description}${choices(option.argChoices)}${preset}`.replaceAll('|', '\\|');
}

function choices(values: readonly string[] | undefined): string {
  return values === undefined ? '' : `: ${values.map((value) => `\`${value}\``).join(', ')}`;
}

function capitalize(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** Every exit status, in order; a status may have several meanings. */
export function exitStatuses(): readonly ExitStatus[] {
  const codes = Object.entries(ERROR_CODES) as [ErrorCode, (typeof ERROR_CODES)[ErrorCode]][];
  const errors = codes.map(([code, { exit }]) => ({ status: exit, code, meaning: MEANINGS[code] }));
  return [
    { status: 0, code: null, meaning: 'all is well' },
    {
      status: 1,
      code: null,
      meaning:
        '`sluice doctor`: something fails; `sluice trace`: nobody listens there; `sluice health --check`, `--force`: not healthy; `sluice diff`: there are differences; `sluice drain --wait`: connections are left',
    },
    ...errors.sort((a, b) => a.status - b.status),
    { status: 130, code: null, meaning: 'ended at once by a second Ctrl-C' },
  ];
}

/** An exit status of the command line. */
export interface ExitStatus {
  readonly status: number;
  /** The code of the error that it stands for; null for none. */
  readonly code: ErrorCode | null;
  readonly meaning: string;
}

function renderExitCodes(): string {
  const rows = exitStatuses().map(
    ({ status, code, meaning }) => `| ${status} |${code === null ? '' : ` \`${code}\``} | ${meaning} |`,
  );
  return ['## Exit status', '', '| status | code | meaning |', '|---|---|---|', ...rows, ''].join('\n');
}
