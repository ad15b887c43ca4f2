/** `maelstrom help TOPIC`: the section of the reference on the topic; and the lists of topics, all or of one kind. */
import { UserError } from '../../protocol/user-error.ts';
import type { Topic, TopicKind } from '../doc/topic.ts';
import type { Session } from '../session.ts';
import { markdownOnTerminal } from './markdown-on-terminal.ts';
import { allTopics, namesNear, topicsNamed } from './topics.ts';

/** Maximum number of topics shown for one name; the page has all. */
const MOST = 6;

/**
 * Prints the topics named `word`, or those of the kinds called `word`. If there are none, throws a UserError that suggests
 * similar names.
 */
export async function helpOn(word: string, session: Session): Promise<void> {
  const { console, program } = session;
  const topics = await allTopics();
  const found = topicsNamed(word, topics);
  const kinds = kindsCalled(word);
  for (const kind of kinds) listKind(kind, topics, session);
  if (kinds.length > 0) console.line(`To read about one: ${program} help TOPIC\n`);
  else if (found.length === 0) {
    const near = namesNear(word, topics);
    throw new UserError(
      `No help found for ${JSON.stringify(word)}.`,
      near.length === 0
        ? 'All topics: maelstrom help topics'
        : `Did you mean ${near.join(', ')}? All topics: maelstrom help topics`,
    );
  }
  for (const { kind, name, also = [], text, page } of found.slice(0, MOST)) {
    const others = kind === 'error' || kind === 'file of a run' ? also : [];
    console.line(`${console.paint('bold', [name, ...others].join(', '))}  (${kind})`);
    console.line(`\n${markdownOnTerminal(text, console)}\n`);
    console.line(`  ${console.paint('dim', `More: docs/${page}`)}\n`);
  }
  if (found.length > MOST) console.line(`and ${found.length - MOST} more: ${program} help topics\n`);
}

const TITLES: Readonly<Record<TopicKind, string>> = {
  workload: 'Workloads',
  service: 'Services',
  fault: 'Faults',
  error: 'Errors',
  anomaly: 'Anomalies',
  'consistency model': 'Consistency models',
  checker: 'Models of maelstrom check',
  option: 'Options',
  'key of the results': 'Keys of the results',
  'file of a run': 'Files of a run',
};

const KINDS = Object.keys(TITLES) as readonly TopicKind[]; // the keys of a record that has every kind

/** Kinds with too many topics for a first overview. */
const MANY: ReadonlySet<string> = new Set([
  'option',
  'key of the results',
  'file of a run',
] satisfies TopicKind[]);

/** Prints the names of all topics, or of all except the kinds in `MANY`. */
export async function listTopics(session: Session, which: 'all' | 'main'): Promise<void> {
  const { console, program } = session;
  const topics = await allTopics();
  for (const kind of KINDS) if (which === 'all' || !MANY.has(kind)) listKind(kind, topics, session);
  const others = which === 'main' ? `; for each option, result key and file: ${program} help topics` : '';
  console.line(`To read about one: ${program} help TOPIC${others}`);
}

/** Returns the names of the topics of a first overview that are one word: a shell completes them after `help`. */
export async function topicWords(): Promise<readonly string[]> {
  const main = (await allTopics()).filter(({ kind }) => !MANY.has(kind));
  return [...new Set(main.map(({ name }) => name))].filter((name) => /^[\w-]+$/.test(name));
}

function listKind(kind: TopicKind, topics: readonly Topic[], { console }: Session): void {
  const names = [...new Set(topics.filter((topic) => topic.kind === kind).map(shownName))];
  console.line(`${console.paint('bold', TITLES[kind])}\n${markdownOnTerminal(names.join(', '), console)}\n`);
}

/** Returns the kinds with that word in their title, `models`, or as their name, `fault`. */
function kindsCalled(word: string): readonly TopicKind[] {
  const wanted = word.toLowerCase().replaceAll(/[\s_-]+/g, ' ');
  if (wanted === '') return [];
  return KINDS.filter((kind) => {
    const title = TITLES[kind].toLowerCase();
    return (
      [kind, title].includes(wanted) || title.split(' ').some((part) => part === wanted && part.endsWith('s'))
    );
  });
}

const shownName = ({ kind, name, also = [] }: Topic): string =>
  kind === 'error' ? `${name} ${also.join(' ')}` : name;
