/** What the verdict and the findings of a run say without what a story says already, so that the page says each sentence once. */
import { BESIDE_THE_REASON } from '../run/words/beside-the-reason.ts';
import type { FindingView } from './finding-view.ts';

type Told = Pick<FindingView, 'story'>;
type Finding = Pick<FindingView, 'story' | 'text'>;

/** How the finding's story ends. */
export const verdictsOf = ({ story }: Told): readonly string[] =>
  story?.story.steps.flatMap((step) => (step.kind === 'verdict' ? [step.text] : [])) ?? [];

/** The verdict of the story stands above the text. `above` are lines that the page shows before: a text that says nothing beyond both is left out. */
export function beyondStory({ text, story }: Finding, above: readonly string[] = []): string {
  const said = new Set(verdictsOf(story === undefined ? {} : { story }));
  const known = new Set(['', ...above.map((line) => line.trim()), ...said]);
  if (text.split('\n').every((line) => known.has(line.trim()))) return '';
  const parts = text.split('\n\n').map((part) =>
    part
      .split('\n')
      .filter((line) => !said.has(line.trim()))
      .join('\n'),
  );
  // Two reads of one transaction give the same words.
  return [...new Set(parts)].filter((part) => part !== '').join('\n\n');
}

export interface VerdictAround {
  /** Lines that lead to the findings; all of them where no story says any. */
  readonly above: readonly string[];
  /** Lines that follow from the findings. */
  readonly below: readonly string[];
}

/**
 * The lines of the verdict, without those that are the titles of the stories of the findings, that these end in, or that the text
 * of the first says: they stand around these.
 */
export function aroundStories(sentence: string, findings: readonly Finding[]): VerdictAround {
  const said = new Set(findings.flatMap((finding) => verdictsOf(finding)));
  const lines = sentence.split('\n');
  const titles = new Set(findings.flatMap(({ story }) => story?.story.title ?? []));
  const isSaid = lines.map(
    (line) => said.has(line.trim()) || said.has(withoutExample(line)) || said.has(withoutAnnounced(line)),
  );
  for (const [at, line] of lines.entries()) {
    // Its further lines are indented: the states that break an invariant, or what the requests were that failed.
    const end = lines.findIndex((other, after) => after > at && !other.startsWith('  '));
    const further = lines.slice(at, end === -1 ? undefined : end);
    if (titles.has(line) || said.has(further.map((one) => one.trim()).join(' ')))
      isSaid.fill(true, at, at + further.length);
  }
  // What else did not succeed leads to no finding.
  const beside = findings[0]?.story === undefined ? -1 : lines.indexOf(BESIDE_THE_REASON);
  const first = Math.min(...[isSaid.indexOf(true), beside].map((at) => (at === -1 ? Infinity : at)));
  const inShort = (line: string): string => withoutToldExample(line, said);
  if (first === Infinity) return { above: lines.map(inShort), below: [] };
  const shown = new Set(findings[0]?.text.split('\n').map((line) => line.trim()));
  return {
    above: lines.slice(0, first).map(inShort),
    below: lines
      .filter((line, at) => at >= first && isSaid[at] !== true && !COUNT_OF_OTHERS.test(line))
      .filter((line) => !shown.has(line.trim()))
      .map(inShort),
  };
}

/** Of what happened more often the story tells one; how often stays. */
function withoutToldExample(line: string, said: ReadonlySet<string>): string {
  const [, head, often] = /^(.*?) \(([\d,]+ times), for example .*\)\.$/.exec(line) ?? [];
  const isTold = head !== undefined && [...said].some((verdict) => verdict.startsWith(`${head}: `));
  return isTold ? `${head} (${often}).` : line;
}

/** It counts from the lines that are gone; the notes of the stories count from each story. */
const COUNT_OF_OTHERS = /^There (?:is|are) [\d,]+ more anomal(?:y|ies) in the results\.$/;

/** The story says what it announces: `... until it is stopped. The last lines of its stderr:`. */
const withoutAnnounced = (line: string): string => line.replace(/(?<=\.) [^.]*:$/, '');

/** What happened once is its own example. */
const withoutExample = (line: string): string =>
  line.replace(/ \(once, for example (.*)\)\.$/, (_, example: string) => `: ${example}.`);
