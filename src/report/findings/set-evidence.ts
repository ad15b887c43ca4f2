/**
 * Evidence for set-full: the stories of the first elements that are lost, stale, never read, duplicated or unexpected.
 */
import { MISSING_AT_END, type SuspectElement } from '../../checkers/evidence.ts';
import { counted } from '../../protocol/count-text.ts';
import { stringifyJson } from '../../protocol/json.ts';
import { shownText } from '../../protocol/shown-text.ts';
import type { NodeOf } from '../../history/client-book.ts';
import type { Op } from '../../history/op.ts';
import { elementPicture } from './element-picture.ts';
import type { Finding, FindingContext, Gathering, NamedFindings } from './finding.ts';
import { elementFile } from './evidence-files.ts';
import { numberOf, type WholeOperation } from '../read/whole-operations.ts';
import { SetStories, type ElementStory, type StoryRead } from './set-stories.ts';

const WORDS: Readonly<Record<SuspectElement['fate'], string>> = {
  lost: 'was lost',
  phantom: 'was read, but never added',
  repeated: 'is listed more than once in a read',
  'never-read': 'was never read',
  stale: 'was missing for a while after it was known',
  [MISSING_AT_END]: 'is missing from a read at the end',
};

export class SetEvidence implements Gathering {
  private readonly stories: SetStories;

  constructor(
    private readonly suspects: readonly SuspectElement[],
    private readonly context: FindingContext,
  ) {
    this.stories = new SetStories(suspects.map(({ element }) => element));
  }

  observe(op: Op): void {
    this.stories.observe(op);
  }

  findings(): NamedFindings {
    const stories = this.stories.stories();
    return this.suspects.flatMap((suspect, at) => {
      const story = stories[at];
      if (story === undefined) return [];
      const name = shownText(stringifyJson(suspect.element), 60);
      return [[elementFile(suspect), this.finding(suspect, name, story)] as const];
    });
  }

  first(): WholeOperation | undefined {
    // Suspects with the worst fate come first; the others count only if there are none of those.
    const stories = this.stories.stories();
    const worst = this.suspects[0]?.fate;
    const adds = stories.flatMap(({ add }, at) =>
      add !== undefined && this.suspects[at]?.fate === worst ? [add] : [],
    );
    return adds.toSorted((a, b) => a.invocation.index - b.invocation.index)[0];
  }

  private finding({ fate, operations = [] }: SuspectElement, name: string, story: ElementStory): Finding {
    const { concurrency, nodeOf, bands, endNanos } = this.context;
    const title = `Element ${name} ${WORDS[fate]}`;
    const text = storyLines(story, nodeOf).join('\n');
    return {
      title,
      operations: [...new Set([...(story.add === undefined ? [] : [numberOf(story.add)]), ...operations])],
      text,
      fullText: `${title}.\n${text}`,
      picture: elementPicture({ title, story, bands, endNanos, concurrency, nodeOf }),
    };
  }
}

/** Returns the process of an operation, with its node. */
type By = (op: Pick<Op, 'process' | 'time'>) => string;

function storyLines({ add, knownNanos, reads }: ElementStory, nodeOf: NodeOf): readonly string[] {
  const by: By = (op) => {
    const node = nodeOf(op);
    return `process ${op.process}${node === undefined ? '' : ` at ${node}`}`;
  };
  const end = ({ process, invocationIndex, completedNanos }: StoryRead): string =>
    `by ${by({ process, time: completedNanos })}, ended at ${seconds(completedNanos)} s (operation ${invocationIndex})`;
  // As in the results, whose last reads are those that began last.
  const began = ({ process, invocationIndex, invokedNanos, completedNanos }: StoryRead): string =>
    `by ${by({ process, time: completedNanos })}, began at ${seconds(invokedNanos)} s (operation ${invocationIndex})`;
  const shows = reads.filter(({ fate }) => fate === 'shows' || fate === 'repeats');
  const lacks = reads.filter(({ fate }) => fate === 'lacks');
  const lines = [addText(add, by)];
  const [first] = shows;
  const last = begunLast(shows);
  const [firstLack] = lacks;
  const lastLack = begunLast(lacks);
  lines.push(first === undefined ? 'No read shows it.' : `First read that shows it: ${end(first)}.`);
  if (last !== undefined && last !== first) lines.push(`Last read that shows it: ${began(last)}.`);
  if (knownNanos !== undefined) {
    const after = reads.filter(({ invokedNanos }) => invokedNanos > knownNanos);
    const having = after.filter(({ fate }) => fate !== 'lacks').length;
    lines.push(
      `Of ${counted(after.length, 'read')} that began after it was known (${seconds(knownNanos)} s) ${having.toLocaleString('en')} show it and ${lacks.length.toLocaleString('en')} lack it.`,
    );
  }
  if (firstLack !== undefined) lines.push(`First of the reads that lack it: ${end(firstLack)}.`);
  if (lastLack !== undefined && lastLack !== firstLack)
    lines.push(`Last of the reads that lack it: ${began(lastLack)}.`);
  return lines;
}

const begunLast = (reads: readonly StoryRead[]): StoryRead | undefined =>
  reads.toSorted((a, b) => a.invocationIndex - b.invocationIndex).at(-1);

function addText(add: WholeOperation | undefined, by: By): string {
  if (add === undefined) return 'No client added it.';
  const { invocation, completion } = add;
  const began = `Added by ${by(invocation)} at ${seconds(invocation.time)} s (operation ${invocation.index})`;
  if (completion === undefined) return `${began}, which never ended.`;
  const end = `at ${seconds(completion.time)} s`;
  if (completion.type === 'ok') return `${began}, acknowledged ${end}.`;
  return `${began}, which ${completion.type === 'fail' ? 'failed' : 'ended in doubt'} ${end}.`;
}

const seconds = (nanos: number): string => (nanos / 1e9).toFixed(6);
