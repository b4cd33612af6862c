import type { Argument, Command, Option } from 'commander';
import { exitStatuses } from './docs.ts';

/** Where things are. */
const FILES: readonly (readonly [string, string])[] = [
  ['/etc/sluice/sluice.yaml', 'the configuration of the service'],
  [
    '/run/sluice/admin.sock',
    'the admin API of the instance "default"; /run/sluice/NAME/admin.sock of others',
  ],
  ['/sys/fs/bpf/sluice/', 'what stays in the kernel when the daemon ends'],
];

const ENVIRONMENT: readonly (readonly [string, string])[] = [
  ['SLUICE_TOKEN', 'the token for --admin-url'],
  ['NO_COLOR', 'no colours, when it is set'],
  [
    'NOTIFY_SOCKET, WATCHDOG_USEC',
    'set by systemd: who is told of the start, reloads and the end, and gets pings',
  ],
];

/** Renders the manual page sluice(8) from the command tree, in the macros of man(7). */
export function renderMan(program: Command, version: string): string {
  return `${[
    `.TH SLUICE 8 "" "sluice ${roff(version)}" "System Administration"`,
    '.SH NAME',
    'sluice \\- a layer\\-4 load balancer in the Linux kernel',
    '.SH SYNOPSIS',
    '.B sluice',
    '.RI [ command ]\\ [ options ]',
    '.SH DESCRIPTION',
    'Balances TCP and UDP connections over targets. Programs in the kernel (eBPF: XDP and TC) move every packet; a daemon,',
    '.BR "sluice run" ,',
    'tells them where to, checks the health of targets and follows changes. The other commands talk to that daemon.',
    'When it ends, the kernel keeps balancing until',
    '.BR "sluice detach" .',
    '.SH COMMANDS',
    ...program.commands.flatMap(commandSection),
    '.SH SIGNALS',
    ...definitions([
      ['SIGTERM', 'The daemon ends; the kernel keeps balancing, unless --detach-on-exit was given.'],
      ['SIGINT', 'Everything is removed from the kernel, and the daemon ends. A second one ends it at once.'],
      ['SIGHUP', 'The configuration file is read again and applied; a bad one leaves what runs.'],
    ]),
    '.SH EXIT STATUS',
    ...definitions(exitStatuses().map(({ status, meaning }) => [String(status), meaning])),
    '.SH FILES',
    ...definitions(FILES),
    '.SH ENVIRONMENT',
    ...definitions(ENVIRONMENT),
    '.SH SEE ALSO',
    '.BR bpf (2),',
    '.BR tc (8),',
    '.BR ip (8)',
  ].join('\n')}\n`;
}

function commandSection(command: Command): string[] {
  const words = ['sluice', command.name(), ...command.registeredArguments.map(argumentText), '[options]'];
  return [
    `.SS ${roff(words.join(' '))}`,
    `${sentence(command.description())}`,
    ...definitions([
      ...command.registeredArguments.map(
        (argument) => [argumentText(argument), argumentMeaning(argument)] as const,
      ),
      ...command.options.map((option) => [option.flags, optionMeaning(option)] as const),
    ]),
  ];
}

function argumentText(argument: Argument): string {
  return argument.required ? `<${argument.name()}>` : `[${argument.name()}]`;
}

function argumentMeaning({ description, argChoices }: Argument): string {
  return `${description}${choices(argChoices)}`;
}

function optionMeaning({ description, argChoices, defaultValue }: Option): string {
  const preset = defaultValue === undefined ? '' : ` (default: ${String(defaultValue)})`;
  return `${description}${choices(argChoices)}${preset}`;
}

function choices(values: readonly string[] | undefined): string {
  return values === undefined ? '' : `: ${values.join(', ')}`;
}

function definitions(pairs: readonly (readonly [string, string])[]): string[] {
  return pairs.flatMap(([name, meaning]) => ['.TP', `.B ${roff(name)}`, sentence(meaning)]);
}

function sentence(text: string): string {
  const plain = text.replaceAll('`', '').replace(/\.$/, '');
  return `${roff(plain.charAt(0).toUpperCase() + plain.slice(1))}.`;
}

/** Text that troff takes as it is: no escapes, real hyphens, and no line that begins like a request. */
function roff(text: string): string {
  const escaped = text.replaceAll('\\', '\\e').replaceAll('-', '\\-').replaceAll('…', '...');
  return /^[.']/.test(escaped) ? `\\&${escaped}` : escaped;
}
