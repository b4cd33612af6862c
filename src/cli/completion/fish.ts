import { type CommandNode, type OptionNode, PROXY_NAMES, targetNames, type ValueKind } from './tree.ts';

/** fish counts from 1: the program, the command, the first argument. */
const FIRST_ARGUMENT = 3;

/** A completion script for fish: `sluice completion fish | source`. */
export function fishCompletion(commands: readonly CommandNode[]): string {
  const names = commands.map(({ name }) => name).join(' ');
  return [
    '# fish completion for sluice',
    'complete -c sluice -f',
    ...commands.map(
      ({ name, description }) =>
        `complete -c sluice -n "not __fish_seen_subcommand_from ${names}" -a ${name} -d ${quote(description)}`,
    ),
    ...commands.flatMap(commandLines),
    '',
  ].join('\n');
}

function commandLines({ name, options, arguments: all }: CommandNode): string[] {
  const when = `complete -c sluice -n "__fish_seen_subcommand_from ${name}"`;
  const lines = options.map((option) => `${when} ${optionSpec(option)}`);
  // fish has no positions: what any argument may be is offered, targets once their proxy is there.
  for (const argument of all) {
    const spec = argument.kind === 'target' ? targetSpec(all) : valueSpec(argument);
    if (spec !== '') lines.push(`${when}${spec}`);
  }
  return lines;
}

function targetSpec(all: readonly ValueKind[]): string {
  const word = all.findIndex(({ kind }) => kind === 'proxy') + FIRST_ARGUMENT;
  return ` -a '(set -l words (commandline -opc); test (count $words) -ge ${word}; and ${targetNames(`$words[${word}]`)})'`;
}

function optionSpec({ flags, description, value }: OptionNode): string {
  const names = flags.map((flag) => (flag.startsWith('--') ? `-l ${flag.slice(2)}` : `-s ${flag.slice(1)}`));
  const required = value.kind === 'none' ? '' : ' -r';
  return `${names.join(' ')} -d ${quote(description)}${required}${valueSpec(value)}`;
}

function valueSpec(value: ValueKind): string {
  switch (value.kind) {
    case 'choices':
      return ` -a '${value.choices.join(' ')}'`;
    case 'file':
      return ' -F';
    case 'interface':
      return " -a '(ls /sys/class/net)'";
    case 'proxy':
      return ` -a '(${PROXY_NAMES})'`;
    case 'target':
    case 'none':
    case 'text':
      return '';
  }
}

function quote(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
}
