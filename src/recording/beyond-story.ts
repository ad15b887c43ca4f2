/**
 * Removes from the verdict and the findings of a run what a story says already, so that the page shows each sentence
 * once.
 */
import { BESIDE_THE_REASON } from '../run/words/beside-the-reason.ts';
import type { FindingView } from './finding-view.ts';

type WithStory = Pick<FindingView, 'story'>;
type Finding = Pick<FindingView, 'story' | 'text'>;

/** Returns the verdicts with which the finding's story ends. */
export const verdictsOf = ({ story }: WithStory): readonly string[] =>
  story?.story.steps.flatMap((step) => (step.kind === 'verdict' ? [step.text] : [])) ?? [];

/**
 * Returns a finding's text without the verdict of its story, which stands above it. `above` are lines that the page
 * shows before; a text that adds nothing to both becomes empty.
 */
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
  // Two reads of one transaction have the same text.
  return [...new Set(parts)].filter((part) => part !== '').join('\n\n');
}

export interface VerdictAround {
  /** Lines that lead to the findings; the whole verdict if no story repeats any of it. */
  readonly above: readonly string[];
  /** Lines that follow from the findings. */
  readonly below: readonly string[];
}

/**
 * Splits the verdict into the lines before and after the findings' stories, without the lines that these already show:
 * their titles and verdicts, and the text of the first finding.
 */
export function aroundStories(sentence: string, findings: readonly Finding[]): VerdictAround {
  const said = new Set(findings.flatMap((finding) => verdictsOf(finding)));
  const lines = sentence.split('\n');
  const titles = new Set(findings.flatMap(({ story }) => story?.story.title ?? []));
  // The first story stands directly below its announcement; an example that a later one shows stays with it.
  const first = new Set(findings.slice(0, 1).flatMap((finding) => verdictsOf(finding)));
  const isAnnounced = (at: number): boolean => {
    const line = lines[at] ?? '';
    const isOfFirst = first.has(line.trim()) || first.has(withoutAnnounced(line));
    return !isOfFirst && ANNOUNCES_EXAMPLE.test(lines[at - 1] ?? '');
  };
  const isSaid = lines.map(
    (line, at) =>
      !isAnnounced(at) &&
      (said.has(line.trim()) || said.has(withoutExample(line)) || said.has(withoutAnnounced(line))),
  );
  for (const [at, line] of lines.entries()) {
    if (isAnnounced(at)) continue;
    // Indented lines belong to it: the states that violate an invariant, or the requests that failed.
    const end = lines.findIndex((other, after) => after > at && !other.startsWith('  '));
    const further = lines.slice(at, end === -1 ? undefined : end);
    if (titles.has(line) || said.has(further.map((one) => one.trim()).join(' ')))
      isSaid.fill(true, at, at + further.length);
  }
  // Other unsuccessful operations lead to no finding, so they come after the stories.
  const beside = findings[0]?.story === undefined ? -1 : lines.indexOf(BESIDE_THE_REASON);
  const begin = Math.min(...[isSaid.indexOf(true), beside].map((at) => (at === -1 ? Infinity : at)));
  const inShort = (line: string): string => withoutExampleOfStory(line, said);
  if (begin === Infinity) return { above: lines.map(inShort), below: [] };
  const shown = new Set(findings[0]?.text.split('\n').map((line) => line.trim()));
  return {
    above: lines.slice(0, begin).map(inShort),
    below: lines
      .filter((line, at) => at >= begin && isSaid[at] !== true && !COUNT_OF_OTHERS.test(line))
      .filter((line) => !shown.has(line.trim()))
      .map(inShort),
  };
}

/** Removes an example that a story shows; the number of occurrences stays. */
function withoutExampleOfStory(line: string, said: ReadonlySet<string>): string {
  const [, head, often] = /^(.*?) \(([\d,]+ times), for example .*\)\.$/.exec(line) ?? [];
  const isInStory = head !== undefined && [...said].some((verdict) => verdict.startsWith(`${head}: `));
  return isInStory ? `${head} (${often}).` : line;
}

/** A count of further anomalies. It refers to removed lines, and the notes of the stories have counts of their own. */
const COUNT_OF_OTHERS = /^There (?:is|are) [\d,]+ more anomal(?:y|ies) in the results\.$/;

/** The next line is the example: `n0 to n2, 327 times in all, such as:` means nothing without it. */
const ANNOUNCES_EXAMPLE = / such as:$/;

/** Removes the announcement of lines that the story shows: `... until it is stopped. The last lines of its stderr:`. */
const withoutAnnounced = (line: string): string => line.replace(/(?<=\.) [^.]*:$/, '');

/** Anything that happened once is its own example. */
const withoutExample = (line: string): string =>
  line.replace(/ \(once, for example (.*)\)\.$/, (_, example: string) => `: ${example}.`);
