/** The script for zsh. */
import { HELP_SUMMARY, type CompletedCommand, type CompletedOption } from './completed.ts';

export function zshScript(commands: readonly CompletedCommand[]): string {
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
    help) _describe command commands ;;
  esac
}
if [[ $funcstack[1] == _maelstrom ]]; then _maelstrom "$@"; else compdef _maelstrom maelstrom; fi
`;
}

function commandCase({ name, options, args }: CompletedCommand): string {
  const others = args.length === 0 ? "'*:file:_files'" : quoted(`*:argument:(${args.join(' ')})`);
  const specs = [...options.flatMap(specsOf), others];
  return `    ${name})\n      _arguments -s -S \\\n${specs.map((spec) => `        ${spec}`).join(' \\\n')}\n      ;;`;
}

function specsOf({ long, short, about, takes, values, isList }: CompletedOption): readonly string[] {
  return [long, ...(short === undefined ? [] : [short])].map((name) => {
    const what = `[${escaped(about).replaceAll(/[[\]]/g, String.raw`\$&`)}]`;
    if (takes === 'nothing') return quoted(`${name}${what}`);
    const sign = name.startsWith('--') ? '=' : '+';
    return quoted(`*${name}${sign}${what}:value:${actionOf(takes, values, isList)}`);
  });
}

function actionOf(takes: CompletedOption['takes'], values: readonly string[], isList: boolean): string {
  if (takes === 'file') return '_files';
  if (takes === 'word') return ' ';
  return isList ? `_values -s , value ${values.join(' ')}` : `(${values.join(' ')})`;
}

const escaped = (text: string): string => text.replaceAll(':', String.raw`\:`);
const quoted = (text: string): string => `'${text.replaceAll("'", String.raw`'\''`)}'`;
