/** docs/reference/results.md: every file of a run's folder, and every key of the results. */
import { addTo } from '../../../columns/groups.ts';
import { JOURNAL_FILE_MEANINGS, JOURNAL_FILES } from '../../../network/journal/journal-format.ts';
import { severityOf, VIOLATION_WORDS, type ViolationKind } from '../../../network/violation-kinds.ts';
import type { Meaning } from '../../../protocol/key-meaning.ts';
import { PLOTS } from '../../../report/plots/plots.ts';
import { REPORT_FILE_MEANINGS, REPORT_FILES, RUN_FILE_MEANINGS, RUN_FILES } from '../../../store/layout.ts';
import { formInWords, keysWithin, type DescribedKey, type Form } from '../../../store/results/result-form.ts';
import { resultForms, runForm } from '../../../store/results/result-shapes.ts';
import { COMMON_MEANINGS } from '../../../store/results/shapes/common-shapes.ts';
import { code, GENERATED, page, sentence, table } from '../markdown.ts';
import type { Topic } from '../topic.ts';

const PAGE = 'reference/results.md';

interface DescribedFile {
  readonly name: string;
  readonly meaning: string;
}

/** The files of a run's folder, in the order of the declarations. */
function files(): readonly DescribedFile[] {
  return [
    ...described(RUN_FILES, RUN_FILE_MEANINGS),
    ...described(REPORT_FILES, REPORT_FILE_MEANINGS),
    ...PLOTS.map(({ name, about }) => ({ name: `${name}.svg, ${name}.png`, meaning: about })),
  ];
}

function described<Name extends string>(
  names: Readonly<Record<Name, string>>,
  meanings: Readonly<Record<Name, string>>,
): readonly DescribedFile[] {
  return Object.entries<string>(names).map(([own, name]) => ({
    name: name in FOLDERS ? `${name}/` : name,
    meaning: meanings[own as Name], // both have the same keys
  }));
}

const FOLDERS: Readonly<Record<string, true>> = {
  [RUN_FILES.nodeLogs]: true,
  [RUN_FILES.nodeData]: true,
  [RUN_FILES.journal]: true,
  [REPORT_FILES.elle]: true,
  [REPORT_FILES.evidence]: true,
  [REPORT_FILES.independent]: true,
};

const filesTable = (list: readonly DescribedFile[]): string =>
  table(
    ['file', 'content'],
    list.map(({ name, meaning }) => [name.split(', ').map(code).join(', '), meaning]),
  );

/** Splits a meaning into its sentence and its unit. */
const withUnit = (meaning: Meaning): string =>
  sentence(typeof meaning === 'string' ? meaning : meaning.meaning);
const unitOf = (meaning: Meaning): string => (typeof meaning === 'string' ? '' : meaning.unit);

/** Returns a table of the keys of a form, without the keys that every part has. */
export function keysTable(form: Form): string {
  const rows = new Map<string, readonly string[]>();
  for (const [path, { form: own, meaning }] of ownKeys(form)) {
    rows.set(path, [code(path), formInWords(own), unitOf(meaning), withUnit(meaning)]);
  }
  return table(['key', 'type', 'unit', 'meaning'], rows.values());
}

/** Yields the keys of a form, except `valid?` and others that every part has, and keys nested in them. */
function* ownKeys(form: Form): ReturnType<typeof keysWithin> {
  const common: string[] = [];
  for (const [path, key] of keysWithin(form)) {
    const isCommon = COMMON.has(key.meaning);
    if (isCommon) common.push(path);
    if (!isCommon && !common.some((prefix) => path.startsWith(`${prefix}.`))) yield [path, key];
  }
}

const COMMON: ReadonlySet<Meaning> = new Set(Object.values(COMMON_MEANINGS));

function parts(): readonly (readonly [name: string, key: DescribedKey])[] {
  const form = runForm();
  return form.kind === 'map' ? [...form.keys].filter(([, { meaning }]) => !COMMON.has(meaning)) : [];
}

/** Groups the checkers by form: those with the same keys share a section. */
function checkers(): readonly (readonly [names: readonly string[], form: Form])[] {
  const byForm = new Map<Form, string[]>();
  for (const [name, form] of resultForms()) addTo(byForm, form, name);
  return [...byForm].flatMap(([form, names]) => {
    const own = names.filter((name) => name !== 'stats');
    return own.length === 0 ? [] : [[own, form] as const];
  });
}

/** Returns the form of a checker's results, with keys in the order of declaration. */
export const formOf = (checker: string): Form | undefined => resultForms().get(checker);

export function resultsPage(): string {
  return page(
    GENERATED,
    INTRODUCTION,
    '## Files',
    filesTable(files()),
    '## The journal',
    JOURNAL,
    table(
      ['file', 'content'],
      described(JOURNAL_FILES, JOURNAL_FILE_MEANINGS).map(({ name, meaning }) => [
        code(`${RUN_FILES.journal}/${name}`),
        meaning,
      ]),
    ),
    '## Keys',
    KEYS,
    table(
      ['part', 'what it checks'],
      parts().map(([name, { meaning }]) => [code(name), withUnit(meaning)]),
    ),
    ...parts().flatMap(([name, { form }]) => {
      const keys = name === 'workload' ? '' : keysTable(form);
      return keys.split('\n').length < 3 ? [] : [`### ${name}`, keys];
    }),
    '### Kinds of violations',
    VIOLATIONS,
    table(
      ['kind', 'weight', 'meaning'],
      Object.entries(VIOLATION_WORDS).map(([kind, words]) => [
        code(kind),
        severityOf(kind as ViolationKind), // the keys of that table
        sentence(words),
      ]),
    ),
    '## Keys of workloads and models',
    WORKLOADS,
    ...checkers().flatMap(([names, form]) => [`### ${names.join(', ')}`, keysTable(form)]),
  );
}

export function resultTopics(): readonly Topic[] {
  const seen = new Map<string, string[]>();
  const note = (where: string, form: Form): void => {
    for (const [path, { form: own, meaning }] of ownKeys(form)) {
      const name = path.split('.').at(-1) ?? path;
      const unit = unitOf(meaning);
      const line = `- ${code(`${where}${path}`)} (${formInWords(own)}${unit === '' ? '' : `, ${unit}`}): ${withUnit(meaning)}`;
      const lines = seen.get(name) ?? [];
      if (!lines.includes(line)) lines.push(line);
      seen.set(name, lines);
    }
  };
  for (const [name, { form, meaning }] of parts()) {
    addTo(seen, name, `- ${code(name)}: ${withUnit(meaning)}`);
    if (name !== 'workload') note(`${name}.`, form);
  }
  for (const [names, form] of checkers()) note(`${names.join(', ')}: `, form);
  for (const [name, meaning] of Object.entries(COMMON_MEANINGS)) {
    seen.set(name, [`- ${code(name)}, of each part: ${withUnit(meaning)}`, ...(seen.get(name) ?? [])]);
  }
  return [
    ...[...seen]
      .filter(([name]) => !/[[\]]/.test(name) && name !== name.toUpperCase())
      .map(([name, lines]): Topic => ({
        kind: 'key of the results',
        name,
        text: lines.join('\n'),
        page: `${PAGE}#keys`,
      })),
    ...files().map(({ name, meaning }): Topic => {
      const [first = name, ...others] = name.split(', ').map((one) => one.replace(/\/$/, ''));
      return { kind: 'file of a run', name: first, also: others, text: meaning, page: `${PAGE}#files` };
    }),
  ];
}

const INTRODUCTION = `
# Results

The output of a run: every file in \`store/WORKLOAD/TIME/\`, and every key of its results.
`;

const JOURNAL = `
Every message, in files that refer to each other. Its times count from the start of the nodes, on the world’s clock; \`${RUN_FILES.zero}\`
holds the time on that clock at which the times of the history begin.
`;

const KEYS = `
\`${RUN_FILES.resultsJson}\` and \`${RUN_FILES.resultsEdn}\` have the same content. A keyword is a string in JSON, and a set is a list. \`list[].key\` is a key of each item; \`NODE\`, \`ELEMENT\` and other words in capitals are placeholders for names and values.
An operation is an entry of the history, unchanged: \`index\`, \`time\` (ns), \`type\`, \`process\`, \`f\`, \`value\`.

Each part has its own \`valid?\`, which is true, false, or \`unknown\` if nothing was proved either way. The \`valid?\` of the whole is the worst of these.
\`error\` says why a part has no verdict; \`warnings\` lists oddities that do not change the verdict. Keys with nothing to report are left out.
`;

const VIOLATIONS = `
A violation makes the run invalid; a warning does so only with \`--strict\`; a remark never does. With \`--lenient\`, violations count as warnings.
`;

const WORKLOADS = `
The part \`workload\` of a run holds the result of its workload’s checker. \`maelstrom check --model\` prints the same keys for a model.
`;
