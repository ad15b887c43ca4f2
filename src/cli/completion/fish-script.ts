/** The script for fish. */
import { HELP_SUMMARY, type CompletedCommand, type CompletedOption } from './completed.ts';

export function fishScript(commands: readonly CompletedCommand[], explained: readonly string[]): string {
  return [
    '# Completion of maelstrom for fish.',
    LIST_OR_FILE,
    ...commands.map(
      ({ name, summary }) =>
        `complete -c maelstrom -f -n __fish_use_subcommand -a ${name} -d ${quoted(summary)}`,
    ),
    `complete -c maelstrom -f -n __fish_use_subcommand -a help -d ${quoted(HELP_SUMMARY)}`,
    `complete -c maelstrom -f -n '__fish_seen_subcommand_from help' -a ${quoted(explained.join(' '))}`,
    ...commands.flatMap((command) => [
      ...command.options.map((option) => optionLine(command, option)),
      ...args(command),
    ]),
    '',
  ].join('\n');
}

const seen = ({ name }: CompletedCommand): string =>
  `complete -c maelstrom -n '__fish_seen_subcommand_from ${name}'`;

function args(command: CompletedCommand): readonly string[] {
  return command.args.length === 0 ? [] : [`${seen(command)} -f -a ${quoted(command.args.join(' '))}`];
}

function optionLine(command: CompletedCommand, option: CompletedOption): string {
  const { long, short, about } = option;
  const names = `-l ${long.slice(2)}${short === undefined ? '' : ` -s ${short.slice(1)}`}`;
  const line = `${seen(command)} ${names}${WORDS[option.takes]} -d ${quoted(about)}`;
  // The values have a line of their own: fish would show the text of the option beside each. Of two texts it shows the last.
  return option.takes === 'values' ? `${seen(command)} ${names} -x -a ${valuesOf(option)}\n${line}` : line;
}

const WORDS = { nothing: '', file: ' -r -F', word: ' -x', values: ' -x' } as const;

function valuesOf({ values, isList, orFile }: CompletedOption): string {
  const words = values.join(' ');
  if (orFile) return `"(__maelstrom_or_file ${isList ? 'list' : 'word'} ${words})"`;
  return isList ? `"(__fish_append , ${words})"` : quoted(words);
}

/** Files if the last word looks like a path, after the words before it; else the words that are given. */
const LIST_OR_FILE = String.raw`function __maelstrom_or_file
    set -l typed (commandline -ct | string replace -r -- '^--[^=]*=' '')
    set -l last (string replace -r -- '.*,' '' "$typed")
    if string match -q -r -- '^[.~]|/' "$last"
        set -l before (string replace -r -- '[^,]*$' '' "$typed")
        for file in (__fish_complete_path "$last")
            echo -- "$before$file"
        end
    else if test $argv[1] = list
        __fish_append , $argv[2..-1]
    else
        printf '%s\n' $argv[2..-1]
    end
end`;

const quoted = (text: string): string =>
  `'${text.replaceAll('\\', String.raw`\\`).replaceAll("'", String.raw`\'`)}'`;
