import { type CommandNode, type OptionNode, PROXY_NAMES, targetNames, type ValueKind } from './tree.ts';

/** A completion script for bash: `source <(sluice completion bash)`. */
export function bashCompletion(commands: readonly CommandNode[]): string {
  return `# bash completion for sluice
# The port is a part of a target, not another word.
COMP_WORDBREAKS=\${COMP_WORDBREAKS//:/}
_sluice() {
  local current="\${COMP_WORDS[COMP_CWORD]}" previous="\${COMP_WORDS[COMP_CWORD-1]}" command= word
  local given=()
  for word in "\${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    if [ -n "$command" ]; then
      [[ "$word" == -* ]] || given+=("$word")
      continue
    fi
    case "$word" in
      ${commands.map(({ name }) => name).join('|')}) command="$word" ;;
    esac
  done
  [ -n "$command" ] || command=run
  case "$command $previous" in
${commands.flatMap(valueCases).join('\n')}
  esac
  local words
  case "$command" in
${commands.map(wordCase).join('\n')}
  esac
  [ "$COMP_CWORD" -eq 1 ] && words="$words ${commands.map(({ name }) => name).join(' ')} --help --version"
  mapfile -t COMPREPLY < <(compgen -W "$words" -- "$current")
}
complete -F _sluice sluice
`;
}

function valueCases({ name, options }: CommandNode): string[] {
  return options
    .filter(({ value }) => value.kind !== 'none')
    .map(({ flags, value }) => {
      const pattern = flags.map((flag) => `"${name} ${flag}"`).join('|');
      return `    ${pattern}) ${replyWith(value)}; return ;;`;
    });
}

function replyWith(value: ValueKind): string {
  switch (value.kind) {
    case 'choices':
      return `COMPREPLY=($(compgen -W "${value.choices.join(' ')}" -- "$current"))`;
    case 'file':
      return 'COMPREPLY=($(compgen -f -- "$current"))';
    case 'interface':
      return 'COMPREPLY=($(compgen -W "$(ls /sys/class/net)" -- "$current"))';
    case 'proxy':
      return `COMPREPLY=($(compgen -W "$(${PROXY_NAMES})" -- "$current"))`;
    case 'target':
    case 'none':
    case 'text':
      return 'COMPREPLY=()';
  }
}

function wordCase({ name, options, arguments: all }: CommandNode): string {
  const flags = [...options.flatMap((option: OptionNode) => option.flags), '--help'].join(' ');
  const cases = all.map((argument, index) => `${index}) words="$words ${argumentWords(argument, all)}" ;;`);
  const values = cases.length === 0 ? '' : `; case "\${#given[@]}" in ${cases.join(' ')} esac`;
  return `    ${name}) words="${flags}"${values} ;;`;
}

function argumentWords(argument: ValueKind, all: readonly ValueKind[]): string {
  switch (argument.kind) {
    case 'choices':
      return argument.choices.join(' ');
    case 'file':
      return '$(compgen -f -- "$current")';
    case 'proxy':
      return `$(${PROXY_NAMES})`;
    case 'target':
      return `$(${targetNames(`"\${given[${all.findIndex(({ kind }) => kind === 'proxy')}]}"`)})`;
    default:
      return '';
  }
}
