/** The script for fish. */
import { HELP_SUMMARY, type CompletedCommand, type CompletedOption } from './completed.ts';

export function fishScript(commands: readonly CompletedCommand[]): string {
  return [
    '# Completion of maelstrom for fish.',
    ...commands.map(
      ({ name, summary }) =>
        `complete -c maelstrom -f -n __fish_use_subcommand -a ${name} -d ${quoted(summary)}`,
    ),
    `complete -c maelstrom -f -n __fish_use_subcommand -a help -d ${quoted(HELP_SUMMARY)}`,
    `complete -c maelstrom -f -n '__fish_seen_subcommand_from help' -a ${quoted(commands.map(({ name }) => name).join(' '))}`,
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
  return `${seen(command)} ${names}${valueWords(option)} -d ${quoted(about)}`;
}

function valueWords({ takes, values, isList }: CompletedOption): string {
  if (takes === 'nothing') return '';
  if (takes === 'file') return ' -r -F';
  if (takes === 'word') return ' -x';
  return isList ? ` -x -a "(__fish_append , ${values.join(' ')})"` : ` -x -a ${quoted(values.join(' '))}`;
}

const quoted = (text: string): string =>
  `'${text.replaceAll('\\', String.raw`\\`).replaceAll("'", String.raw`\'`)}'`;
