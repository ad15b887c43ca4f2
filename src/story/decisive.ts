/**
 * The moment that decides a failing run, as figures and in words: which single fault, loss or delay makes the difference, tried
 * by running without it; and from which event on the failure was certain, found by running on from there with other chance.
 */
import { shownText } from '../protocol/shown-text.ts';

export interface Decisive {
  /** One for each thing that was left out by itself. */
  readonly byTrial: readonly Trial[];
  /** In the order of the run. */
  readonly certainty: readonly Futures[];
}

export interface Trial {
  /** What was left out, such as `the loss of the message of step 3`. */
  readonly what: string;
  /** How the run ends without it. */
  readonly without: 'fails' | 'passes';
}

/** Runs that are the same up to an event, and differ in all chance from then on. */
export interface Futures {
  /** Such as `step 5`. */
  readonly event: string;
  readonly fails: number;
  readonly of: number;
}

/** Sentences, each by itself; none where nothing was found. */
export function decisiveSentences({ byTrial, certainty }: Decisive): readonly string[] {
  return [...trialSentences(byTrial), ...certaintySentences(certainty)];
}

function trialSentences(trials: readonly Trial[]): readonly string[] {
  const needed = trials.filter(({ without }) => without === 'passes').map(({ what }) => shownText(what, 200));
  const others = trials.length - needed.length;
  if (trials.length === 0) return [];
  if (needed.length === 0)
    return trials.length === 1
      ? [`Without ${shownText(trials[0]?.what ?? '', 200)} the run fails as well.`]
      : [
          `No single one of ${trials.length} things makes the difference: without any one of them the run fails as well.`,
        ];
  const [first = '', ...more] = needed;
  const sentences = [
    `Without ${first} the run is valid.`,
    ...more.map((what) => `So it is without ${what}.`),
  ];
  return others === 0
    ? sentences
    : [
        ...sentences,
        `Without ${others === 1 ? 'the other one' : `any other of the ${others} that were tried`} it still fails.`,
      ];
}

/** The event from which on most futures fail for the rest of the run, beside the one before it. */
function certaintySentences(certainty: readonly Futures[]): readonly string[] {
  const certain = certainty.findIndex((_, at) =>
    certainty.slice(at).every(({ fails, of }) => of > 0 && fails === of),
  );
  const first = certainty[certain];
  if (first === undefined) {
    const last = certainty.at(-1);
    return last === undefined
      ? []
      : [
          `The failure is never certain: from ${shownText(last.event, 80)} on, ${last.fails} of ${last.of} futures fail.`,
        ];
  }
  const before = certainty[certain - 1];
  const all = `${first.fails} of ${first.of} futures fail`;
  return before === undefined
    ? [`From ${shownText(first.event, 80)} on, which is the first that was tried, ${all}.`]
    : [`From ${shownText(first.event, 80)} on, ${all}; before it, ${before.fails} of ${before.of}.`];
}
