import { type CommandNode, type OptionNode, PROXY_NAMES, type ValueKind } from './tree.ts';

/** A completion script for bash: `source <(sluice completion bash)`. */
export function bashCompletion(commands: readonly CommandNode[]): string {
  return `# bash completion for sluice
_sluice() {
  local current="\${COMP_WORDS[COMP_CWORD]}" previous="\${COMP_WORDS[COMP_CWORD-1]}" command=run word
  for word in "\${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    case "$word" in
      ${commands.map(({ name }) => name).join('|')}) command="$word"; break ;;
    esac
  done
  case "$command $previous" in
${commands.flatMap(valueCases).join('\n')}
  esac
  local words
  case "$command" in
${commands.map(wordCase).join('\n')}
  esac
  [ "$COMP_CWORD" -eq 1 ] && words="$words ${commands.map(({ name }) => name).join(' ')} --help --version"
  COMPREPLY=($(compgen -W "$words" -- "$current"))
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
    case 'none':
    case 'text':
      return 'COMPREPLY=()';
  }
}

function wordCase({ name, options, argument }: CommandNode): string {
  const words = options.flatMap((option: OptionNode) => option.flags);
  if (argument?.kind === 'choices') words.push(...argument.choices);
  if (argument?.kind === 'proxy') words.push(`$(${PROXY_NAMES})`);
  const files = argument?.kind === 'file' ? ' $(compgen -f -- "$current")' : '';
  return `    ${name}) words="${words.join(' ')} --help${files}" ;;`;
}
