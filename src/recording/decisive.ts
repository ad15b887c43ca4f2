/**
 * What decides a failing run, as figures and in words: which single fault, loss, delay or order makes the difference,
 * found by running without it; and from which event on the failure was certain, found by continuing from there with
 * other randomness.
 */
import { shownText } from '../protocol/shown-text.ts';

export interface Decisive {
  readonly version: 1;
  /** One entry for each thing that was left out by itself. */
  readonly byTrial: readonly Trial[];
  /** In the order of the run. */
  readonly certainty: readonly Futures[];
  /** Where to look first; undefined if no single event decides the run. */
  readonly moment?: DecisiveMoment;
}

export interface Trial {
  /** What was left out, such as `the loss of the message of step 3`. */
  readonly what: string;
  /** How the run ends without it. */
  readonly without: 'fails' | 'passes';
  /** Where it happens in the run. */
  readonly at?: DecisiveMoment;
}

/** Runs that are identical up to an event, and have other randomness from then on. */
export interface Futures {
  /** Such as `step 5`. */
  readonly event: string;
  readonly fails: number;
  readonly of: number;
  /** Undefined for the start of the run. */
  readonly at?: DecisiveMoment;
}

/** A place in the run. */
export interface DecisiveMoment {
  /** The number of its step in the story. */
  readonly step?: number;
  /** The text of that step. */
  readonly text?: string;
  /** Nanoseconds since the first operations could begin. */
  readonly timeNanos: number;
  /** The number of the last event of the journal at or before it. */
  readonly journalEvent?: number;
  /** The id in the journal of the message that it concerns, if any. */
  readonly message?: number;
}

export const THE_START = 'the start';

/** Returns independent sentences; empty if nothing was found. */
export function decisiveSentences({
  byTrial,
  certainty,
}: Pick<Decisive, 'byTrial' | 'certainty'>): readonly string[] {
  return [...trialSentences(byTrial), ...certaintySentences(certainty)];
}

/** Returns the moment at which the failure became most likely, or else the first one whose removal makes the run pass. */
export function decisiveMoment(byTrial: readonly Trial[], certainty: readonly Futures[]) {
  const turn = turnOf(certainty);
  const needed = byTrial.find(({ without, at }) => without === 'passes' && at)?.at;
  return (turn === undefined ? needed : certainty[turn]?.at) ?? certainFrom(certainty)?.at;
}

/** Returns the steps that the sentences refer to, as text: `2. n1 sends tell to n3; it is lost`. */
export function decisiveSteps({ byTrial, moment }: Decisive): readonly string[] {
  const needed = byTrial.flatMap(({ without, at }) => (without === 'passes' && at !== undefined ? [at] : []));
  const steps = new Map(
    [...needed.slice(0, MOST_NAMED), ...(moment === undefined ? [] : [moment])].flatMap(
      ({ step, text }): [number, string][] =>
        step === undefined || text === undefined ? [] : [[step, `${step}. ${shownText(text, 400)}`]],
    ),
  );
  return [...steps].toSorted(([one], [other]) => one - other).map(([, text]) => text);
}

/** How the order of two messages is called as something that is left out. */
export const ORDER = 'the order in which';

/** Maximum number of things that are named one by one. */
const MOST_NAMED = 4;
const shown = (what: string): string => shownText(what, 200);

/** `the loss of tell (step 3; any one of 2)` */
const anyOne = (what: string, alike: number): string =>
  what.endsWith(')') ? `${what.slice(0, -1)}; any one of ${alike})` : `${what} (any one of ${alike})`;

function trialSentences(trials: readonly Trial[]): readonly string[] {
  const passing = trials.filter(({ without }) => without === 'passes').map(({ what }) => shown(what));
  const needed = [...new Set(passing)].map((what) => {
    const alike = passing.filter((other) => other === what).length;
    return alike === 1 ? what : anyOne(what, alike);
  });
  const failing = trials.filter(({ without }) => without === 'fails').map(({ what }) => shown(what));
  if (trials.length === 0) return [];
  if (needed.length === 0)
    return trials.length === 1
      ? [`Without ${shown(trials[0]?.what ?? '')} the run still fails.`]
      : [
          `None of ${trials.length} things alone makes the difference: without any one of them the run still fails.`,
        ];
  const [first = '', ...more] = needed;
  const sentences = [
    `Without ${first} the run passes.`,
    ...more.slice(0, MOST_NAMED - 1).map((what) => `It also passes without ${what}.`),
    ...(needed.length <= MOST_NAMED
      ? []
      : [
          `It also passes without ${needed.length === MOST_NAMED + 1 ? 'one other thing' : `any one of ${needed.length - MOST_NAMED} others`}.`,
        ]),
  ];
  const [other = '', ...others] = failing;
  if (others.length > 0)
    return [
      ...sentences,
      `It still fails without any one of the ${failing.length} other things that were tried.`,
    ];
  // An order of two messages that makes no difference is not worth a sentence.
  return failing.length === 0 || other.startsWith(ORDER)
    ? sentences
    : [...sentences, `Without ${other} it still fails.`];
}

const isCertain = ({ fails, of }: Futures): boolean => of > 0 && fails === of;

/** Returns the event from which on all futures fail. */
function certainFrom(certainty: readonly Futures[]): Futures | undefined {
  return certainty.find((_, at) => certainty.slice(at).every(isCertain));
}

/** A difference between two shares that twenty futures hardly show by chance. */
const CLEAR = 0.25;
/** If this share of the futures fails from the start on, chance has little to do with it. */
const MOST = 0.75;

/**
 * Returns the index of the event at which the failure became most likely: the share of failing futures just before it is exceeded the
 * most by the least share from it on. Undefined if there is no such event. It is often earlier than the event from which on all
 * fail, since one future in twenty may escape until the very end.
 */
export function turnOf(certainty: readonly Futures[]): number | undefined {
  const shares = certainty.map(({ fails, of }) => (of === 0 ? 0 : fails / of));
  const gains = shares.map((_, at) => Math.min(...shares.slice(at)) - (shares[at - 1] ?? 1));
  const most = Math.max(...gains);
  return most >= CLEAR ? gains.lastIndexOf(most) : undefined;
}

function certaintySentences(certainty: readonly Futures[]): readonly string[] {
  const certain = certainFrom(certainty);
  const last = certainty.at(-1);
  if (last === undefined) return [];
  const turn = turnOf(certainty);
  const [event, before] = [certainty[turn ?? -1], certainty[(turn ?? -1) - 1]];
  if (turn !== undefined && event !== undefined && before !== undefined)
    return [
      `From ${shown(event.event)} on, ${leastOf(certainty.slice(turn))}; before it, ${before.fails} of ${before.of}.`,
      ...(certain === undefined || certain === event
        ? []
        : [`From ${shown(certain.event)} on, all futures fail.`]),
    ];
  const [start] = certainty;
  if (
    start?.event === THE_START &&
    start !== certain &&
    certainty.every(({ fails, of }) => fails >= of * MOST)
  )
    return [`Chance plays hardly any part: from the start on, ${leastOf(certainty)}.`];
  if (certain === undefined)
    return [
      `The failure is never certain: from ${shown(last.event)} on, ${last.fails} of ${last.of} futures fail.`,
    ];
  const previous = certainty[certainty.indexOf(certain) - 1];
  const all = leastOf([certain]);
  if (previous !== undefined)
    return [`From ${shown(certain.event)} on, ${all}; before it, ${previous.fails} of ${previous.of}.`];
  return certain.event === THE_START
    ? [`Chance plays no part: from the start on, ${all}.`]
    : [`From ${shown(certain.event)} on, which is the first that was tried, ${all}.`];
}

/** Says how many futures fail from each of these events on. */
function leastOf(certainty: readonly Futures[]): string {
  const [first, ...others] = certainty;
  if (first === undefined) return '';
  const least = Math.min(...certainty.map(({ fails }) => fails));
  return `${others.some(({ fails }) => fails !== first.fails) ? 'at least ' : ''}${least} of ${first.of} futures fail`;
}
