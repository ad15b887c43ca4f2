/** docs/reference/options.md: all options of all commands, from the tables that also parse them. */
import { addTo } from '../../../columns/groups.ts';
import type { DescribedCommand } from '../../commands.ts';
import type { CommandName } from '../../words/command-names.ts';
import { longFlag, type AnyOption } from '../../words/option.ts';
import { anchorOf, code, GENERATED, page, sentence, table } from '../markdown.ts';
import type { Topic } from '../topic.ts';

export const optionsPage = (commands: readonly DescribedCommand[]): string =>
  page(
    GENERATED,
    INTRODUCTION,
    commands.map(({ name }) => `- [maelstrom ${name}](#${anchorOf(`maelstrom ${name}`)})`).join('\n'),
    ...commands.map(commandSection),
  );

function commandSection({ name, alias, text }: DescribedCommand): string {
  const { usage = '[options]', about, groups, epilogue = '' } = text;
  return page(
    `## maelstrom ${name}`,
    sentence(about),
    alias === undefined ? '' : `Also called ${code(`maelstrom ${alias}`)}, upstream’s name for it.`,
    ['```sh', `maelstrom ${name} ${usage}`, '```'].join('\n'),
    ...Object.entries(groups).flatMap(([group, options]) => [
      `### ${group.replace(/:$/, '')} (${name})`,
      table(
        ['option', 'default', 'meaning'],
        Object.values(options).map((option) => [
          code(flagsOf(option)),
          defaultOf(option),
          markedUp(sentence(option.about ?? 'nothing')),
        ]),
      ),
    ]),
    epilogue.trim() === '' ? '' : ['```text', epilogue.trim(), '```'].join('\n'),
  );
}

/** Returns `--[no-]name` for an option that can also be switched off. */
const flagsOf = ({ kind, flags }: AnyOption): string =>
  kind === 'switch' ? flags.replace('--', '--[no-]') : flags;

function defaultOf(option: AnyOption): string {
  if (option.kind !== 'value') return '';
  const { default: word, shownDefault = word, preset } = option;
  const shown = shownDefault === undefined || shownDefault === '' ? '' : code(shownDefault);
  return preset === undefined ? shown : `${shown} (${code(preset)} without a value)`.trim();
}

/** Escapes placeholders, which would be taken for HTML elements, and asterisks. */
const markedUp = (text: string): string =>
  text.replaceAll(/<([^>]*)>/g, String.raw`\<$1>`).replaceAll('*', String.raw`\*`);

/** Returns the topics of options; an option that several commands share is one topic. */
export function optionTopics(commands: readonly DescribedCommand[]): readonly Topic[] {
  const byFlag = new Map<string, { readonly command: CommandName; readonly option: AnyOption }[]>();
  for (const { name: command, text } of commands) {
    for (const option of Object.values(text.groups).flatMap((group) => Object.values(group))) {
      addTo(byFlag, longFlag(option), { command, option });
    }
  }
  return [...byFlag].map(([flag, uses]) => {
    const texts = new Map<string, CommandName[]>();
    for (const { command, option } of uses) {
      const word = defaultOf(option);
      const line = `${code(flagsOf(option))}: ${sentence(option.about ?? 'nothing')}${word === '' ? '' : ` Default: ${word}.`}`;
      addTo(texts, line, command);
    }
    const [first] = uses;
    const command = first?.command ?? 'test';
    return {
      kind: 'option',
      name: flag,
      also: [flag.slice(2), ...shortOf(first?.option)],
      text: [...texts].map(([line, names]) => `${line} (maelstrom ${names.join(', ')})`).join('\n\n'),
      page: `reference/options.md#${anchorOf(`maelstrom ${command}`)}`,
    };
  });
}

const shortOf = (option: AnyOption | undefined): readonly string[] =>
  /^-[a-zA-Z]\b/.exec(option?.flags ?? '') ?? [];

const INTRODUCTION = `
# Options

All commands with all their options, as \`maelstrom COMMAND --help\` lists them. Arguments after \`--\` are passed to your program.
`;
