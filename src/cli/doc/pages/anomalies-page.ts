/** docs/reference/anomalies.md: the glossary of anomalies, each with the picture of its example. */
import { GLOSSARY, type GlossaryEntry, type GlossaryPart } from '../../../checkers/glossary/glossary.ts';
import { FAMILIES } from '../../../checkers/glossary/families.ts';
import { modelBoundary } from '../../../checkers/elle/levels/consistency-models.ts';
import { anchorOf, code, GENERATED, page, sentence } from '../markdown.ts';
import type { Topic } from '../topic.ts';

const PAGE = 'reference/anomalies.md';

export interface DrawnEntry {
  readonly name: string;
  readonly file: string;
  readonly example: NonNullable<GlossaryEntry['example']>;
}

export function anomaliesPage(): string {
  return page(
    GENERATED,
    INTRODUCTION,
    GLOSSARY.map(
      (part) =>
        `- [${part.title}](#${anchorOf(part.title)}): ${part.entries.map(({ name }) => `[${code(name)}](#${anchorOf(headingOf(name, part))})`).join(', ')}`,
    ).join('\n'),
    ...GLOSSARY.flatMap((part) => [
      `## ${part.title}`,
      part.about,
      ...part.entries.flatMap((entry) => [
        `### ${headingOf(entry.name, part)}`,
        entryText(entry, part),
        pictureOf(entry, part),
      ]),
    ]),
  );
}

/** The pictures that the page shows. */
export const drawnEntries = (): readonly DrawnEntry[] =>
  GLOSSARY.flatMap((part) =>
    part.entries.flatMap(({ name, example }) =>
      example === undefined ? [] : [{ name, file: `reference/${pictureFile(name, part)}`, example }],
    ),
  );

/** Marks anomalies of logs whose names also occur in another part. */
const headingOf = (name: string, part: GlossaryPart): string =>
  part.title === 'Logs' && isElsewhere(name, part) ? `${name} (logs)` : name;

const isElsewhere = (name: string, part: GlossaryPart): boolean =>
  GLOSSARY.some((other) => other !== part && other.entries.some((entry) => entry.name === name));

const pictureFile = (name: string, part: GlossaryPart): string =>
  `pictures/${anchorOf(headingOf(name, part))}.svg`;

function pictureOf({ name, title, example }: GlossaryEntry, part: GlossaryPart): string {
  if (example === undefined) return '';
  return page(`![Drawing of ${name}: ${title}.](${pictureFile(name, part)})`);
}

function entryText(
  { name, title, meaning, cause, example }: GlossaryEntry,
  { title: part }: GlossaryPart,
): string {
  const { not, alsoNot } = part.startsWith('Transactions') ? modelBoundary([name]) : { not: [], alsoNot: [] };
  return page(
    `**${title}.** ${sentence(meaning)}`,
    [
      `- Usual cause: ${sentence(cause)}`,
      ...(not.length === 0
        ? []
        : [
            `- Violates ${not.map((model) => `[${model}](models.md#${anchorOf(model)})`).join(', ')}${alsoNot.length === 0 ? '' : ' and all stronger models'}.`,
          ]),
      ...((example?.also ?? []).length === 0
        ? []
        : [`- Occurs together with ${(example?.also ?? []).map(code).join(', ')}.`]),
    ].join('\n'),
  );
}

export const anomalyTopics = (): readonly Topic[] => [
  ...GLOSSARY.flatMap((part) =>
    part.entries.map((entry): Topic => ({
      kind: 'anomaly',
      name: entry.name,
      also: [headingOf(entry.name, part), entry.title],
      text: entryText(entry, part),
      page: `${PAGE}#${anchorOf(headingOf(entry.name, part))}`,
    })),
  ),
  ...familyTopics(),
];

/** Returns topics for names in the literature and in models that stand for several anomalies in results. */
const familyTopics = (): readonly Topic[] =>
  FAMILIES.map(({ name, also, about, members }): Topic => ({
    kind: 'anomaly',
    name,
    also,
    text: page(
      about,
      'In results it appears as one of:',
      members.map((member) => `- ${code(member)}: ${titleOf(member)}.`).join('\n'),
    ),
    page: `${PAGE}#${anchorOf(members[0] ?? '')}`,
  }));

function titleOf(name: string): string {
  const entry = GLOSSARY.flatMap(({ entries }) => entries).find((one) => one.name === name);
  if (entry === undefined) throw new Error(`the glossary has no ${name}, which a family names`);
  return entry.title;
}

const INTRODUCTION = `
# Anomalies

The anomalies that checkers find, by the names used in results. Each picture is drawn like those in a report, from the smallest
history that shows the anomaly. The checker finds this anomaly in that history and no other, except those listed as occurring together with it.
`;
