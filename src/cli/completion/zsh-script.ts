/** The script for zsh. */
import { HELP_SUMMARY, type CompletedCommand, type CompletedOption } from './completed.ts';

export function zshScript(commands: readonly CompletedCommand[], explained: readonly string[]): string {
  return `#compdef maelstrom
# Completion of maelstrom for zsh.
_maelstrom() {
  local -a commands
  commands=(
${commands.map(({ name, summary }) => `    ${quoted(`${escaped(name)}:${summary}`)}`).join('\n')}
  )
  if ((CURRENT == 2)); then
    commands+=(${quoted(`help:${HELP_SUMMARY}`)})
    _describe command commands
    return
  fi
  local command=$words[2]
  shift words
  ((CURRENT--))
  case $command in
${commands.map(commandCase).join('\n')}
    help) compadd -- ${explained.join(' ')} ;;
  esac
}
# The words, or files if what was typed looks like a path.
_maelstrom_or_file() {
  if [[ $PREFIX == */* || $PREFIX == [.~]* ]]; then _files; else compadd -- "$@"; fi
}
# The same for the last of words with commas between them.
_maelstrom_list_or_file() {
  local last=\${PREFIX##*,}
  if [[ $last == */* || $last == [.~]* ]]; then compset -P '*,'; _files; else _values -s , value "$@"; fi
}
if [[ $funcstack[1] == _maelstrom ]]; then _maelstrom "$@"; else compdef _maelstrom maelstrom; fi
`;
}

function commandCase({ name, options, args }: CompletedCommand): string {
  const others = args.length === 0 ? "'*:file:_files'" : quoted(`*:argument:(${args.join(' ')})`);
  const specs = [...options.flatMap(specsOf), others];
  return `    ${name})\n      _arguments -s -S \\\n${specs.map((spec) => `        ${spec}`).join(' \\\n')}\n      ;;`;
}

function specsOf(option: CompletedOption): readonly string[] {
  const { long, short, about, takes } = option;
  return [long, ...(short === undefined ? [] : [short])].map((name) => {
    const what = `[${escaped(about).replaceAll(/[[\]]/g, String.raw`\$&`)}]`;
    if (takes === 'nothing') return quoted(`${name}${what}`);
    const sign = name.startsWith('--') ? '=' : '+';
    return quoted(`*${name}${sign}${what}:value:${actionOf(option)}`);
  });
}

function actionOf({ takes, values, isList, orFile }: CompletedOption): string {
  if (takes === 'file') return '_files';
  if (takes === 'word') return ' ';
  // The blank keeps zsh from adding arguments of its own.
  if (orFile) return ` ${isList ? '_maelstrom_list_or_file' : '_maelstrom_or_file'} ${values.join(' ')}`;
  return isList ? `_values -s , value ${values.join(' ')}` : `(${values.join(' ')})`;
}

const escaped = (text: string): string => text.replaceAll(':', String.raw`\:`);
const quoted = (text: string): string => `'${text.replaceAll("'", String.raw`'\''`)}'`;
