import type { Argument, Command, Option } from 'commander';

/** What the value of an option is completed with. */
export type ValueKind =
  | { readonly kind: 'none' | 'file' | 'interface' | 'proxy' | 'target' | 'text' }
  | { readonly kind: 'choices'; readonly choices: readonly string[] };

/** One option for completion. */
export interface OptionNode {
  /** `-c` and `--config`, those that exist. */
  readonly flags: readonly string[];
  readonly description: string;
  readonly value: ValueKind;
}

/** One command for completion. */
export interface CommandNode {
  readonly name: string;
  readonly description: string;
  readonly options: readonly OptionNode[];
  /** What its arguments are, in order. */
  readonly arguments: readonly ValueKind[];
}

/** Reads the commands of a program, so that completion follows what the program really takes. */
export function commandNodes(program: Command): CommandNode[] {
  return program.commands.map((command) => ({
    name: command.name(),
    description: command.description(),
    options: command.options.map(optionNode),
    arguments: command.registeredArguments.map(argumentKind),
  }));
}

function optionNode(option: Option): OptionNode {
  return {
    flags: [option.short, option.long].filter((flag) => typeof flag === 'string'),
    description: option.description,
    value: valueKind(option),
  };
}

function valueKind({ required, optional, argChoices, flags }: Option): ValueKind {
  if (!required && !optional) return { kind: 'none' };
  if (argChoices !== undefined) return { kind: 'choices', choices: argChoices };
  if (/<(file|path)>/.test(flags)) return { kind: 'file' };
  if (flags === '--proxy <name>') return { kind: 'proxy' };
  return { kind: flags.startsWith('-i,') ? 'interface' : 'text' };
}

function argumentKind(argument: Argument): ValueKind {
  if (argument.argChoices !== undefined) return { kind: 'choices', choices: argument.argChoices };
  const name = argument.name();
  return { kind: name === 'file' || name === 'proxy' || name === 'target' ? name : 'text' };
}

/** What a shell runs to know the proxies of the daemon; nothing when none runs. */
export const PROXY_NAMES = 'sluice proxies --names 2>/dev/null';

/** The same for the targets of a proxy; `proxy` is what the shell writes for its name. */
export function targetNames(proxy: string): string {
  return `sluice targets --names --proxy ${proxy} 2>/dev/null`;
}
