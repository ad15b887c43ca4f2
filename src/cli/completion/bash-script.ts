/** The script for bash 3.2 (as on macOS) and later; does not need bash-completion. */
import type { CompletedCommand, CompletedOption } from './completed.ts';

export function bashScript(commands: readonly CompletedCommand[], explained: readonly string[]): string {
  return `# Completion of maelstrom for bash.
_maelstrom() {
  local cur=\${COMP_WORDS[COMP_CWORD]} prev=\${COMP_WORDS[COMP_CWORD - 1]} i before='' word
  COMPREPLY=()
  # Bash takes the = of --option=value for a word.
  if [[ $cur == = ]]; then cur=''; elif [[ $prev == = ]]; then prev=\${COMP_WORDS[COMP_CWORD - 2]}; fi
  if ((COMP_CWORD == 1)); then
    _maelstrom_words ${quoted([...commands.map(({ name }) => name), 'help'])}
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
    help) _maelstrom_words ${quoted(explained)} ;;
  esac
}
_maelstrom_files() {
  local IFS=$'\\n'
  compopt -o filenames 2>/dev/null
  COMPREPLY=($(compgen -f -- "$cur"))
}
_maelstrom_words() { COMPREPLY=($(compgen -W "$1" -- "$cur")); }
# Files if the last word looks like a path, after the words before it; else what is given.
_maelstrom_or_file() {
  if [[ \${cur##*,} != */* && \${cur##*,} != [.~]* ]]; then "$@"; return; fi
  if [[ $cur == *,* ]]; then before=\${cur%,*},; cur=\${cur##*,}; fi
  _maelstrom_files
  COMPREPLY=("\${COMPREPLY[@]/#/$before}")
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

function optionCase(command: string, option: CompletedOption): readonly string[] {
  const { long, short, takes } = option;
  if (takes === 'nothing') return [];
  const names = [long, ...(short === undefined ? [] : [short])].map((name) => `'${command} ${name}'`);
  return [`    ${names.join(' | ')}) ${doFor(option)}; return ;;`];
}

function doFor({ takes, values, isList, orFile }: CompletedOption): string {
  if (takes === 'file') return '_maelstrom_files';
  if (takes !== 'values') return ':';
  const words = `${isList ? '_maelstrom_list' : '_maelstrom_words'} ${quoted(values)}`;
  return orFile ? `_maelstrom_or_file ${words}` : words;
}

function commandCase({ name, options, args }: CompletedCommand): string {
  const flags = quoted(options.map(({ long }) => long));
  const others = args.length === 0 ? '_maelstrom_files' : `_maelstrom_words ${quoted(args)}`;
  return `    ${name}) if [[ $cur == -* ]]; then _maelstrom_words ${flags}; else ${others}; fi ;;`;
}

/** Names contain no quotes, blanks or shell metacharacters, as a test checks. */
const quoted = (words: readonly string[]): string => `'${words.join(' ')}'`;
