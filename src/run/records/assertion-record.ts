/**
 * What nodes assert, on marked lines of their stderr (docs/writing-nodes.md, "What must hold"):
 *
 *     @@maelstrom {"assert": "always", "name": "one leader a term", "holds": false, "details": {"term": 3}}
 *     @@maelstrom {"assert": "sometimes", "name": "an election takes place", "holds": true}
 *     @@maelstrom {"assert": "reachable", "name": "a snapshot is installed"}
 *     @@maelstrom {"assert": "unreachable", "name": "a committed entry is overwritten", "details": {"index": 4}}
 *     @@maelstrom {"declare": "sometimes", "names": ["an election takes place"]}
 *
 * An `always` that does not hold and an `unreachable` that is reached are problems of nodes: the first failure of each
 * name is kept, with the number of failures. For the others it is recorded whether they occurred, in one run or, by
 * `addAssertions`, in several.
 */
import { NANOS_PER_SECOND } from '../../world/clock.ts';
import type { MarkedLine } from '../../world/world.ts';
import type { ViolationLog } from '../../network/violations.ts';
import { byCount, counted } from '../../protocol/count-text.ts';
import { isJsonArray, isJsonObject, parseJson, stringifyJson, type Json } from '../../protocol/json.ts';
import { shownText } from '../../protocol/shown-text.ts';
import { namesInWords } from '../words/protocol-sentences.ts';
import type { Meanings } from '../../protocol/key-meaning.ts';

const KINDS = ['always', 'sometimes', 'reachable', 'unreachable'] as const;
export type AssertionKind = (typeof KINDS)[number];

/** One kind and name, over all nodes. */
export type Assertion = {
  readonly kind: AssertionKind;
  readonly name: string;
  /**
   * Number of lines that reported it: an `always` was checked, a `sometimes` held, a place was reached. The SDK writes
   * one line for each life of a node.
   */
  readonly count: number;
};

export type AssertionsResult = {
  readonly 'valid?': true;
  readonly assertions: readonly Assertion[];
};

export const ASSERTIONS_MEANINGS = {
  assertions: 'assertions that were reached, and those known from the program’s source or from declarations',
} as const satisfies Meanings<AssertionsResult>;

export const ASSERTION_MEANINGS = {
  kind: '`always`, `sometimes`, `reachable` or `unreachable`',
  name: 'the program’s name for what must hold',
  count: 'number of lines in which nodes reported it',
} as const satisfies Meanings<Assertion>;

/** A failed assertion; a problem of the first node at which it failed. */
export type FailedAssertion = {
  readonly node: string;
  readonly kind: 'assertion';
  readonly message: string;
  /** Nanoseconds of the run's time. */
  readonly time: number;
  readonly name: string;
  /** Number of failures over all nodes. */
  readonly count: number;
  readonly details?: Json;
};

/** Maximum number of names kept; a later one is reported as a warning and otherwise ignored. */
export const MOST_NAMES = 1000;
export const LONGEST_NAME = 200;
/** Maximum length of details as JSON; of longer ones the beginning is kept as a text. */
const LONGEST_DETAILS = 4000;
/** Maximum number of names in one sentence. */
const LISTED = 5;

interface Failure {
  readonly node: string;
  readonly nanos: number;
  readonly details: Json | undefined;
  readonly nodes: Set<string>;
  count: number;
}

interface Known {
  readonly kind: AssertionKind;
  readonly name: string;
  count: number;
  failure: Failure | undefined;
}

export interface AssertionRecordOptions {
  /** Receives lines that cannot be read. */
  readonly violations: ViolationLog;
  readonly log: (line: string) => void;
  readonly logName: (node: string) => string | undefined;
  /** The zero of the run's time, on the world's clock. */
  readonly zeroNanos: () => number;
}

export class AssertionRecord {
  private readonly known = new Map<string, Known>();

  constructor(private readonly options: AssertionRecordOptions) {}

  read(node: string, line: MarkedLine): void {
    if (line.kind === 'too-long')
      return this.refuse(node, line.beginning, `is longer than ${line.limitBytes} bytes`);
    let value: Json;
    try {
      value = parseJson(line.text);
    } catch (error) {
      return this.refuse(node, line.text, `is not JSON (${shownText(String(error))})`);
    }
    const problem = this.take(node, value, line.nanos);
    if (problem !== undefined) this.refuse(node, line.text, problem);
  }

  /** Returns undefined if no node makes assertions, which is the usual case. */
  result(): AssertionsResult | undefined {
    if (this.known.size === 0) return undefined;
    const all = [...this.known.values()];
    const listed = [...all.filter(({ count }) => count > 0), ...all.filter(({ count }) => count === 0)];
    return { 'valid?': true, assertions: listed.map(({ kind, name, count }) => ({ kind, name, count })) };
  }

  /** Returns the failures in the order of first occurrence. */
  failures(): readonly FailedAssertion[] {
    const failed = [...this.known.values()].flatMap(({ kind, name, failure }) =>
      failure === undefined ? [] : [{ kind, name, failure }],
    );
    return failed
      .toSorted((a, b) => a.failure.nanos - b.failure.nanos)
      .map(({ kind, name, failure }) => {
        const { node, nanos, details, count } = failure;
        return {
          node,
          kind: 'assertion',
          message: `${this.sentence(kind, name, failure)}${this.whereLog(node)}`,
          time: nanos - this.options.zeroNanos(),
          name,
          count,
          ...(details === undefined ? {} : { details }),
        };
      });
  }

  /** Returns what is wrong with a line, or undefined if nothing is. */
  private take(node: string, value: Json, nanos: number): string | undefined {
    if (!isJsonObject(value)) return 'is not an object';
    const { assert, declare, name, names, holds, details } = value;
    if (declare !== undefined) {
      if (!isKind(declare)) return `declares ${quoted(declare)}`;
      if (!isJsonArray(names ?? null)) return 'declares names, but has no list `names`';
      for (const one of names as readonly Json[]) {
        const known = this.find(declare, one);
        if (typeof known === 'string') return known;
      }
      return undefined;
    }
    if (!isKind(assert)) return `has the \`assert\` ${quoted(assert)}`;
    const isJudged = assert === 'always' || assert === 'sometimes';
    if (isJudged && typeof holds !== 'boolean')
      return `has the \`holds\` ${quoted(holds)}; expected true or false`;
    const known = this.find(assert, name);
    if (typeof known === 'string') return known;
    if (assert !== 'sometimes' || holds === true) known.count++;
    if (assert === 'unreachable' || (assert === 'always' && holds === false))
      this.fail(known, { node, nanos, details });
    return undefined;
  }

  /** Returns the entry of that kind and name, or what is wrong with the name. */
  private find(kind: AssertionKind, name: Json | undefined): Known | string {
    if (typeof name !== 'string' || name === '')
      return `has the \`name\` ${quoted(name)}; expected a non-empty string`;
    if (name.length > LONGEST_NAME)
      return `has a \`name\` of ${name.length} characters, more than ${LONGEST_NAME}`;
    const key = `${kind} ${name}`;
    const before = this.known.get(key);
    if (before !== undefined) return before;
    if (this.known.size >= MOST_NAMES)
      return `has a name beyond the first ${MOST_NAMES}: names should be literals, and variable data belongs in \`details\``;
    const known: Known = { kind, name, count: 0, failure: undefined };
    this.known.set(key, known);
    return known;
  }

  private fail(known: Known, found: { node: string; nanos: number; details: Json | undefined }): void {
    const { node, nanos, details } = found;
    const { failure } = known;
    if (failure === undefined) {
      const kept = details === undefined ? undefined : boundedDetails(details);
      known.failure = { node, nanos, details: kept, nodes: new Set([node]), count: 1 };
      this.options.log(this.sentence(known.kind, known.name, known.failure));
      return;
    }
    failure.count++;
    failure.nodes.add(node);
  }

  private sentence(
    kind: AssertionKind,
    name: string,
    { node, nanos, details, nodes, count }: Failure,
  ): string {
    const title = `${node}: ${kind} ${shownText(JSON.stringify(name), 2 * LONGEST_NAME)}`;
    const seconds = (nanos - this.options.zeroNanos()) / NANOS_PER_SECOND;
    const when = seconds < 0 ? 'before the first operation' : `at ${seconds.toFixed(3)} s`;
    const what = kind === 'unreachable' ? 'was reached' : 'did not hold';
    const where = nodes.size === 1 ? '' : `, at ${namesInWords([...nodes])}`;
    const often = count === 1 ? '' : ` ${counted(count, 'time')} in all${where}.`;
    const shown = details === undefined ? '' : `\n  Details: ${shownText(detailsText(details), 1000)}`;
    return `${title} ${what} ${when}.${often}${shown}`;
  }

  private whereLog(node: string): string {
    const log = this.options.logName(node);
    return log === undefined ? '' : `\n${node}'s log: ${log}`;
  }

  private refuse(node: string, text: string, problem: string): void {
    this.options.violations.record(node, 'bad-assertion', 0, () => ({
      message:
        `A marked line on ${node}'s stderr, which should be an assertion, ${problem}. It is ignored. ` +
        `Expected: @@maelstrom {"assert": "always", "name": "...", "holds": false}`,
      sample: shownText(text, 200),
    }));
  }
}

/** Merges the assertions of two runs or of many, summing counts. */
export function addAssertions(
  sum: AssertionsResult | undefined,
  more: AssertionsResult | undefined,
): AssertionsResult | undefined {
  if (sum === undefined || more === undefined) return sum ?? more;
  const counts = new Map<string, Assertion>();
  for (const one of [...sum.assertions, ...more.assertions]) {
    const key = `${one.kind} ${one.name}`;
    counts.set(key, { ...one, count: one.count + (counts.get(key)?.count ?? 0) });
  }
  return { 'valid?': true, assertions: [...counts.values()] };
}

/** Returns the `sometimes` and `reachable` assertions that never occurred. */
export const neverCame = ({ assertions }: AssertionsResult): readonly Assertion[] =>
  assertions.filter(({ kind, count }) => count === 0 && (kind === 'sometimes' || kind === 'reachable'));

/** Returns a warning to show with the verdict on one run or on many; empty if all occurred. */
export function neverCameSentences(
  result: AssertionsResult | undefined,
  where = 'in this run',
): readonly string[] {
  const never = result === undefined ? [] : neverCame(result);
  if (never.length === 0) return [];
  const listed = never
    .slice(0, LISTED)
    .map(({ kind, name }) => `${kind} ${shownText(JSON.stringify(name), 2 * LONGEST_NAME)}`);
  const rest = never.length - listed.length;
  const more = rest > 0 ? ` and ${rest} more, see \`assertions\` in the results` : '';
  return [
    `Warning: ${byCount(never.length, 'this', 'these')} never came ${where}: ${listed.join(', ')}${more}.`,
  ];
}

const isKind = (word: Json | undefined): word is AssertionKind => KINDS.some((kind) => kind === word);

const quoted = (value: Json | undefined): string =>
  value === undefined ? 'undefined' : shownText(stringifyJson(value), 60);

function boundedDetails(details: Json): Json {
  const text = stringifyJson(details);
  return text.length <= LONGEST_DETAILS ? details : shownText(text, LONGEST_DETAILS);
}

const detailsText = (details: Json): string =>
  typeof details === 'string' ? details : stringifyJson(details);
