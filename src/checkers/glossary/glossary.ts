/**
 * The names of anomalies, what each says about a system, and its usual causes. Used by titles of findings, sentences of
 * verdicts, the reference pages and `maelstrom help`.
 */
import type { AnomalyExample } from './examples/example.ts';
import { LOG_EXAMPLES } from './examples/log-examples.ts';
import { OTHER_EXAMPLES } from './examples/other-examples.ts';
import { SET_EXAMPLES } from './examples/set-examples.ts';
import { TRANSACTION_EXAMPLES } from './examples/transaction-examples.ts';
import type { AnomalyWords } from './words/anomaly-words.ts';
import {
  CYCLE_WORDS,
  cycleWords,
  NO_ORDER_WORDS,
  ORDERS,
  type CycleBase,
  type NoOrderBase,
} from './words/cycle-words.ts';
import { LOG_WORDS } from './words/log-words.ts';
import { OTHER_WORDS } from './words/other-words.ts';
import { SET_WORDS } from './words/set-words.ts';
import { TRANSACTION_WORDS } from './words/transaction-words.ts';

export interface GlossaryEntry extends AnomalyWords {
  /** The name used in results. */
  readonly name: string;
  readonly example?: AnomalyExample;
}

export interface GlossaryPart {
  readonly title: string;
  readonly about: string;
  readonly entries: readonly GlossaryEntry[];
}

const entriesOf = <Name extends string>(
  words: Readonly<Record<Name, AnomalyWords>>,
  examples: Readonly<Record<Name, AnomalyExample>>,
): readonly GlossaryEntry[] =>
  Object.entries<AnomalyWords>(words).map(([name, own]) => ({
    name,
    ...own,
    example: examples[name as Name], // both tables have the same names
  }));

const CYCLE_BASES = [...Object.keys(CYCLE_WORDS), ...Object.keys(NO_ORDER_WORDS)] as readonly (
  CycleBase | NoOrderBase
)[];

const cycleEntries = (order: keyof typeof ORDERS): readonly GlossaryEntry[] =>
  CYCLE_BASES.map((base) => ({
    name: `${base}${order}`,
    ...cycleWords(base, order),
    example: TRANSACTION_EXAMPLES[`${base}${order}`],
  }));

/** Entries for results that found nothing, and for cycles without a name. */
const WITHOUT_EXAMPLE: readonly GlossaryEntry[] = [
  {
    name: 'MODEL-cycle-exists',
    title: 'A cycle without a name',
    meaning:
      'Some transactions form a cycle of relations that the model forbids, but no cycle with a name was found among them: `PL-2-cycle-exists`, for example, shows that read-committed is violated.',
    cause: 'The same as for the cycles above.',
  },
  {
    name: 'empty-transaction-graph',
    title: 'No dependencies',
    meaning: 'No transaction depended on another, so the history proves nothing.',
    cause: 'No transaction succeeded, or no read returned a written value.',
  },
];

export const GLOSSARY: readonly GlossaryPart[] = [
  {
    title: 'Transactions',
    about:
      'For `txn-list-append` and `txn-rw-register`. The order of transactions is inferred from their reads: T1 *ww* T2, T2 overwrote what T1 wrote; T1 *wr* T2, T2 read what T1 wrote; T1 *rw* T2, T1 missed what T2 wrote. A cycle of these relations is an anomaly; its severity depends on the relations that it consists of.',
    entries: [...cycleEntries(''), ...entriesOf(TRANSACTION_WORDS, TRANSACTION_EXAMPLES)],
  },
  {
    title: 'Transactions, and the order of requests',
    about:
      'Cycles that depend on the order in which a process made its requests (*process*), or on real time (*realtime*). Models with `strong-session` in their name forbid the first kind, those with `strong` forbid both.',
    entries: [...cycleEntries('-process'), ...cycleEntries('-realtime'), ...WITHOUT_EXAMPLE],
  },
  {
    title: 'Logs',
    about: 'For `kafka`. Logs are also checked for the cycles above.',
    entries: entriesOf(LOG_WORDS, LOG_EXAMPLES),
  },
  {
    title: 'Sets',
    about: 'For `broadcast` and `g-set`.',
    entries: entriesOf(SET_WORDS, SET_EXAMPLES),
  },
  {
    title: 'Others',
    about: 'For the other workloads. These names are used only here; results do not contain them.',
    entries: entriesOf(OTHER_WORDS, OTHER_EXAMPLES),
  },
];

/** If several parts have a name, the first determines its title. */
const TITLES: ReadonlyMap<string, string> = new Map(
  GLOSSARY.toReversed().flatMap(({ entries }) => entries.map(({ name, title }) => [name, title] as const)),
);

/**
 * Returns the title of an anomaly; undefined for a type without one. Titles leave out the order of a cycle, which the
 * type names.
 */
export const titleOfAnomaly = (type: string): string | undefined =>
  TITLES.get(type.replace(/-(realtime|process|exists)$/, ''));
