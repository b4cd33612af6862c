import { type CommandNode, type OptionNode, PROXY_NAMES, targetNames, type ValueKind } from './tree.ts';

/** `$words` of zsh begins with the command. */
const FIRST_ARGUMENT = 2;

/** A completion script for zsh: `source <(sluice completion zsh)`, or a file `_sluice` in `fpath`. */
export function zshCompletion(commands: readonly CommandNode[]): string {
  return `#compdef sluice
_sluice() {
  local -a commands=(
${commands.map(({ name, description }) => `    ${quote(`${name}:${description}`)}`).join('\n')}
  )
  if (( CURRENT == 2 )) && [[ "$words[2]" != -* ]]; then
    _describe command commands
    return
  fi
  local command="$words[2]"
  if [[ "$command" == -* ]]; then command=run; else shift words; (( CURRENT-- )); fi
  case "$command" in
${commands.map(commandCase).join('\n')}
  esac
}
if [ "$funcstack[1]" = _sluice ]; then _sluice "$@"; else compdef _sluice sluice; fi
`;
}

function commandCase({ name, options, arguments: all }: CommandNode): string {
  const specs = [...options.flatMap(optionSpecs), quote('--help[show help]')];
  const proxyAt = all.findIndex(({ kind }) => kind === 'proxy') + FIRST_ARGUMENT;
  for (const [index, argument] of all.entries()) {
    specs.push(quote(`${index + 1}:argument:${action(argument, `$words[${proxyAt}]`)}`));
  }
  return `    ${name}) _arguments ${specs.join(' ')} ;;`;
}

function optionSpecs({ flags, description, value }: OptionNode): string[] {
  const text = description.replaceAll(/[[\]:]/g, ' ');
  const rest = value.kind === 'none' ? '' : `:value:${action(value)}`;
  return flags.map((flag) => quote(`*${flag}[${text}]${rest}`));
}

/** @param proxy what the shell writes for the proxy of a target */
function action(value: ValueKind, proxy = ''): string {
  switch (value.kind) {
    case 'choices':
      return `(${value.choices.join(' ')})`;
    case 'file':
      return '_files';
    case 'interface':
      return '_net_interfaces';
    case 'proxy':
      return `{ compadd -- $(${PROXY_NAMES}) }`;
    case 'target':
      return `{ compadd -- $(${targetNames(`"${proxy}"`)}) }`;
    case 'none':
    case 'text':
      return '';
  }
}

function quote(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
