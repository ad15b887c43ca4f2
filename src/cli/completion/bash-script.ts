/** The script for bash 3.2 (as on macOS) and later; does not need bash-completion. */
import type { CompletedCommand, CompletedOption } from './completed.ts';

export function bashScript(commands: readonly CompletedCommand[]): string {
  return `# Completion of maelstrom for bash.
_maelstrom() {
  local cur=\${COMP_WORDS[COMP_CWORD]} prev=\${COMP_WORDS[COMP_CWORD - 1]} i before='' word
  COMPREPLY=()
  # Bash takes the = of --option=value for a word.
  if [[ $cur == = ]]; then cur=''; elif [[ $prev == = ]]; then prev=\${COMP_WORDS[COMP_CWORD - 2]}; fi
  if ((COMP_CWORD == 1)); then
    COMPREPLY=($(compgen -W ${quoted([...commands.map(({ name }) => name), 'help'])} -- "$cur"))
    return
  fi
  # What follows -- is for the program.
  for ((i = 2; i < COMP_CWORD; i++)); do
    if [[ \${COMP_WORDS[i]} == -- ]]; then _maelstrom_files; return; fi
  done
  case "\${COMP_WORDS[1]} $prev" in
${commands.flatMap(({ name, options }) => options.flatMap((option) => optionCase(name, option))).join('\n')}
  esac
  case "\${COMP_WORDS[1]}" in
${commands.map(commandCase).join('\n')}
    help) COMPREPLY=($(compgen -W ${quoted(commands.map(({ name }) => name))} -- "$cur")) ;;
  esac
}
_maelstrom_files() {
  local IFS=$'\\n'
  compopt -o filenames 2>/dev/null
  COMPREPLY=($(compgen -f -- "$cur"))
}
# The last of words with commas between them.
_maelstrom_list() {
  if [[ $cur == *,* ]]; then before=\${cur%,*},; fi
  compopt -o nospace 2>/dev/null
  for word in $(compgen -W "$1" -- "\${cur##*,}"); do COMPREPLY+=("$before$word"); done
}
complete -F _maelstrom maelstrom
`;
}

function optionCase(
  command: string,
  { long, short, takes, values, isList }: CompletedOption,
): readonly string[] {
  if (takes === 'nothing') return [];
  const names = [long, ...(short === undefined ? [] : [short])].map((name) => `'${command} ${name}'`);
  return [`    ${names.join(' | ')}) ${doFor(takes, values, isList)}; return ;;`];
}

function doFor(takes: CompletedOption['takes'], values: readonly string[], isList: boolean): string {
  if (takes === 'file') return '_maelstrom_files';
  if (takes !== 'values') return ':';
  return isList
    ? `_maelstrom_list ${quoted(values)}`
    : `COMPREPLY=($(compgen -W ${quoted(values)} -- "$cur"))`;
}

function commandCase({ name, options, args }: CompletedCommand): string {
  const flags = quoted(options.map(({ long }) => long));
  const others =
    args.length === 0 ? '_maelstrom_files' : `COMPREPLY=($(compgen -W ${quoted(args)} -- "$cur"))`;
  return `    ${name}) if [[ $cur == -* ]]; then COMPREPLY=($(compgen -W ${flags} -- "$cur")); else ${others}; fi ;;`;
}

/** Names contain no quotes, blanks or shell metacharacters, as a test checks. */
const quoted = (words: readonly string[]): string => `'${words.join(' ')}'`;
