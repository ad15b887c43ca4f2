/** `maelstrom help TOPIC`: the section of the reference on the topic; and the list of all topics. */
import { UserError } from '../../protocol/user-error.ts';
import type { Topic, TopicKind } from '../doc/topic.ts';
import type { Session } from '../session.ts';
import { markdownOnTerminal } from './markdown-on-terminal.ts';
import { allTopics, namesNear, topicsNamed } from './topics.ts';

/** Maximum number of topics shown for one name; the page has all. */
const MOST = 6;

/** Prints the topics named `word`. If there are none, throws a UserError that suggests similar names. */
export async function helpOn(word: string, { console, program }: Session): Promise<void> {
  const topics = await allTopics();
  const found = topicsNamed(word, topics);
  if (found.length === 0) {
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

/** Kinds with too many topics for a first overview. */
const MANY: ReadonlySet<string> = new Set([
  'option',
  'key of the results',
  'file of a run',
] satisfies TopicKind[]);

/** Prints the names of all topics, or of all except the kinds in `MANY`. */
export async function listTopics({ console, program }: Session, which: 'all' | 'main'): Promise<void> {
  const topics = await allTopics();
  for (const [kind, title] of Object.entries(TITLES)) {
    if (which === 'main' && MANY.has(kind)) continue;
    const names = [...new Set(topics.filter((topic) => topic.kind === kind).map(shownName))];
    console.line(`${console.paint('bold', title)}\n${markdownOnTerminal(names.join(', '), console)}\n`);
  }
  const others = which === 'main' ? `; for each option, result key and file: ${program} help topics` : '';
  console.line(`To read about one: ${program} help TOPIC${others}`);
}

const shownName = ({ kind, name, also = [] }: Topic): string =>
  kind === 'error' ? `${name} ${also.join(' ')}` : name;
