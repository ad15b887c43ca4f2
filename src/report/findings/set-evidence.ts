/** Evidence for set-full: the stories of the first elements that were lost, stale, never read, doubled or made up. */
import { isResultMap, type ResultValue } from '../../checkers/checker.ts';
import { stringifyJson, type Json } from '../../protocol/json.ts';
import { shownText } from '../../protocol/shown-text.ts';
import type { NodeOf } from '../../history/client-book.ts';
import type { Op } from '../../history/op.ts';
import { elementPicture } from './element-picture.ts';
import type { Evidence, EvidenceContext } from './evidence.ts';
import type { Finding } from './findings.ts';
import { keyFolderName } from './key-folders.ts';
import type { WholeOperation } from '../read/whole-operations.ts';
import { SetStories, type ElementStory, type StoryRead } from './set-stories.ts';

/** Of each kind. */
const FIRST = 3;

interface Suspect {
  readonly kind: 'lost' | 'phantom' | 'repeated' | 'never-read' | 'stale';
  readonly element: Json;
}

const WORDS: Readonly<Record<Suspect['kind'], string>> = {
  lost: 'was lost',
  phantom: 'was read, although nobody added it',
  repeated: 'is listed more than once in a read',
  'never-read': 'was never read',
  stale: 'was missing for a while after it was known',
};

export class SetEvidence implements Evidence {
  private readonly suspects: readonly Suspect[];
  private readonly stories: SetStories;

  constructor(
    result: { readonly [name: string]: ResultValue },
    private readonly context: EvidenceContext,
  ) {
    this.suspects = suspectsIn(result);
    this.stories = new SetStories(this.suspects.map(({ element }) => element));
  }

  observe(op: Op): void {
    this.stories.observe(op);
  }

  findings(): readonly (readonly [string, Finding])[] {
    const stories = this.stories.stories();
    return this.suspects.flatMap((suspect, at) => {
      const story = stories[at];
      if (story === undefined) return [];
      const name = shownText(stringifyJson(suspect.element), 60);
      return [[`${suspect.kind}-${keyFolderName(name)}`, this.finding(suspect, name, story)] as const];
    });
  }

  first(): WholeOperation | undefined {
    // Without losses it is the others that the run is about.
    const stories = this.stories.stories();
    const worst = this.suspects[0]?.kind;
    const adds = stories.flatMap(({ add }, at) =>
      add !== undefined && this.suspects[at]?.kind === worst ? [add] : [],
    );
    return adds.toSorted((a, b) => a.invocation.index - b.invocation.index)[0];
  }

  private finding({ kind }: Suspect, name: string, story: ElementStory): Finding {
    const { spec, nodeOf, bands, endNanos } = this.context;
    const title = `Element ${name} ${WORDS[kind]}`;
    const text = tellStory(story, nodeOf).join('\n');
    return {
      title,
      text,
      fullText: `${title}.\n${text}`,
      picture: elementPicture({ title, story, bands, endNanos, concurrency: spec.concurrency, nodeOf }),
    };
  }
}

function suspectsIn(result: { readonly [name: string]: ResultValue }): readonly Suspect[] {
  // Lists of elements, as SetFullChecker.result writes them.
  const listed = (kind: Suspect['kind'], elements: ResultValue): Suspect[] =>
    Array.isArray(elements)
      ? (elements as readonly Json[]).slice(0, FIRST).map((element) => ({ kind, element }))
      : [];
  const repeated = isResultMap(result['repeated']) ? Object.keys(result['repeated']) : [];
  const worse = [
    ...listed('lost', result['lost']),
    ...listed('phantom', result['phantoms']),
    ...listed('repeated', repeated.map(elementOfKey)),
  ];
  if (worse.length > 0) return worse;
  // Being late, or never seen, is nothing to speak of where elements are missing that were there.
  return [
    ...listed('never-read', result['never-read']),
    ...listed('stale', worstStale(result['worst-stale'])),
  ];
}

/** The longest missing first. */
function worstStale(outcomes: ResultValue): readonly Json[] {
  if (!Array.isArray(outcomes)) return [];
  return (outcomes as readonly ResultValue[]).flatMap((outcome) =>
    isResultMap(outcome) && outcome['element'] !== undefined ? [outcome['element'] as Json] : [],
  );
}

/** Keys of results are texts: that of an integer is its digits. */
function elementOfKey(key: string): Json {
  return /^-?\d{1,15}$/.test(key) ? Number(key) : key;
}

/** The process of an operation, with its node. */
type By = (op: Pick<Op, 'process' | 'time'>) => string;

function tellStory({ add, knownNanos, reads }: ElementStory, nodeOf: NodeOf): readonly string[] {
  const by: By = (op) => {
    const node = nodeOf(op);
    return `process ${op.process}${node === undefined ? '' : ` at ${node}`}`;
  };
  const end = ({ process, index, completedNanos }: StoryRead): string =>
    `by ${by({ process, time: completedNanos })}, ended at ${seconds(completedNanos)} s (operation ${index})`;
  const shows = reads.filter(({ fate }) => fate === 'shows' || fate === 'repeats');
  const lacks = reads.filter(({ fate }) => fate === 'lacks');
  const lines = [addText(add, by)];
  const [first] = shows;
  const last = shows.at(-1);
  const [firstLack] = lacks;
  const lastLack = lacks.at(-1);
  lines.push(first === undefined ? 'No read shows it.' : `First read that shows it: ${end(first)}.`);
  if (last !== undefined && last !== first) lines.push(`Last read that shows it: ${end(last)}.`);
  if (knownNanos !== undefined) {
    const after = reads.filter(({ invokedNanos }) => invokedNanos > knownNanos);
    const having = after.filter(({ fate }) => fate !== 'lacks').length;
    lines.push(
      `Of ${after.length.toLocaleString('en')} reads that began after it was known (${seconds(knownNanos)} s) ${having.toLocaleString('en')} show it and ${lacks.length.toLocaleString('en')} lack it.`,
    );
  }
  if (firstLack !== undefined) lines.push(`First of those that lack it: ${end(firstLack)}.`);
  if (lastLack !== undefined && lastLack !== firstLack)
    lines.push(`Last of those that lack it: ${end(lastLack)}.`);
  return lines;
}

function addText(add: WholeOperation | undefined, by: By): string {
  if (add === undefined) return 'No client added it.';
  const { invocation, completion } = add;
  const began = `Added by ${by(invocation)} at ${seconds(invocation.time)} s`;
  if (completion === undefined) return `${began} (operation ${invocation.index}), which never ended.`;
  const end = `at ${seconds(completion.time)} s (operation ${completion.index})`;
  if (completion.type === 'ok') return `${began}, acknowledged ${end}.`;
  return `${began}, which ${completion.type === 'fail' ? 'failed' : 'ended in doubt'} ${end}.`;
}

const seconds = (nanos: number): string => (nanos / 1e9).toFixed(6);
