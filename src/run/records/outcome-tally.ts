/**
 * How unsuccessful requests ended, and where few requests succeeded: for the verdict's sentences, and under `errors` in
 * the results. None of this changes a verdict.
 *
 * Errors are counted by operation, code and text; texts that differ only in numbers and quoted words count as one. An
 * error such as "no such key" is an answer: the operation was carried out.
 */
import { NOT_JUDGED } from '../../checkers/outcomes/stats.ts';
import type { NodeOf } from '../../history/client-book.ts';
import type { Op } from '../../history/op.ts';
import { errorName } from '../../protocol/error-code.ts';
import { isJsonArray, stringifyJson, type Json, wordOf } from '../../protocol/json.ts';
import { shownText } from '../../protocol/shown-text.ts';
import type { Meanings } from '../../protocol/key-meaning.ts';
import { TIMEOUT } from '../../workloads/completion.ts';
import { BROKEN_ANSWER } from '../../workloads/workload.ts';

/** Errors by which a node answers a question; they count as success. */
const ANSWERS: ReadonlySet<string> = new Set([20, 21, 22].flatMap((code) => errorName(code) ?? []));

/** Maximum number of distinct errors kept; later ones are counted without their text. */
const MOST_ERRORS = 50;
const LONGEST_TEXT = 300;
/** Minimum number of operations for a finding about little success. */
const FEW = 10;
/** Minimum number of consecutive timeouts, with no answer after them, that count as silence. */
const SILENT = 2;

/** One kind of error, as in the results. */
export type ErrorCount = {
  readonly f: string;
  readonly error: string;
  readonly text: string;
  readonly count: number;
  readonly nodes: Readonly<Record<string, number>>;
  readonly index: number;
  readonly node: string;
  readonly log: string;
};

/** Errors of one function that are answers, such as "no such key". */
export type AnswerCount = {
  readonly f: string;
  readonly error: string;
  readonly count: number;
};

/** A group of operations of which less than half succeeded. */
export type LittleSuccess = {
  readonly of: 'all' | 'f' | 'node' | 'faults';
  readonly name: string;
  readonly count: number;
  readonly succeeded: number;
};

/** A node whose last requests all timed out although no fault was active. */
export type Silence = {
  readonly node: string;
  readonly timeouts: number;
  readonly since: number | null;
};

export type ErrorsResult = {
  readonly 'valid?': true;
  readonly errors: readonly ErrorCount[];
  /** Absent if there are none. */
  readonly answers?: readonly AnswerCount[];
  /** Absent in runs of older versions, as is `silent`. */
  readonly 'little-success'?: readonly LittleSuccess[];
  readonly silent?: readonly Silence[];
};

export const ERRORS_MEANINGS = {
  errors: 'errors and timeouts by operation, code and text, most frequent first',
  answers: 'errors that are regular answers, such as `key-does-not-exist`; they count as success here',
  'little-success': 'groups of operations of which fewer than half succeeded',
  silent: 'nodes that answered none of their last requests although no fault was active',
} as const satisfies Meanings<ErrorsResult>;

export const ERROR_COUNT_MEANINGS = {
  f: 'the type of the operation',
  error:
    'the name of the [error](errors.md), or its code if it has none; `net-timeout` for a request without an answer',
  text: 'the node’s text in the first of these errors',
  count: 'number of occurrences',
  nodes: 'number of occurrences per node',
  index: 'the history index of the first occurrence',
  node: 'the node of the first occurrence',
  log: 'the file of that node’s log',
} as const satisfies Meanings<ErrorCount>;

export const ANSWER_MEANINGS = {
  f: 'the type of the operation',
  error: 'the name of the [error](errors.md)',
  count: 'number of occurrences',
} as const satisfies Meanings<AnswerCount>;

export const LITTLE_SUCCESS_MEANINGS = {
  of: 'which operations: `all`; those of one type, `f`; those of one `node`; or those that ended during `faults`',
  name: 'the operation type or the node',
  count: 'number of operations',
  succeeded: 'number of operations that succeeded',
} as const satisfies Meanings<LittleSuccess>;

export const SILENCE_MEANINGS = {
  node: 'the node',
  timeouts: 'number of its requests that timed out since its last answer',
  since: { unit: 'ns', meaning: 'the run time of its last answer; null if it never answered' },
} as const satisfies Meanings<Silence>;

interface Share {
  count: number;
  succeeded: number;
}

type MutableCount = Omit<ErrorCount, 'count' | 'nodes' | 'log'> & {
  count: number;
  readonly nodes: Map<string, number>;
};

export interface TallyOptions {
  /** Called when an operation completes. */
  readonly nodeOf: NodeOf;
  /** True while a fault is active; called after each operation of the nemesis. */
  readonly isFaulty: () => boolean;
  readonly logOf: (node: string) => string;
}

export class OutcomeTally {
  private readonly errors = new Map<string, MutableCount>();
  private readonly answers = new Map<string, AnswerCount>();
  private readonly all: Share = { count: 0, succeeded: 0 };
  private readonly faults: Share = { count: 0, succeeded: 0 };
  private readonly byF = new Map<string, Share>();
  private readonly byNode = new Map<string, Share>();
  /** Nodes that left a request unanswered while no fault was active. */
  readonly unanswering = new Set<string>();
  private readonly silences = new Map<string, { timeouts: number; since: number | null }>();
  /** Processes that had a request in flight while a fault was active. */
  private readonly disturbed = new Set<number>();
  private readonly pending = new Set<number>();
  private isFaulty = false;

  constructor(private readonly options: TallyOptions) {}

  observe(op: Op): void {
    if (op.process === 'nemesis') {
      this.isFaulty = this.options.isFaulty();
      if (this.isFaulty) for (const process of this.pending) this.disturbed.add(process);
      return;
    }
    if (op.type === 'invoke') {
      this.pending.add(op.process);
      if (this.isFaulty) this.disturbed.add(op.process);
      return;
    }
    this.pending.delete(op.process);
    const wasDisturbed = this.disturbed.delete(op.process);
    if (NOT_JUDGED.has(op.f) || op.error === 'interrupted') return;
    const node = this.options.nodeOf(op) ?? '?';
    const error = op.type === 'ok' ? undefined : errorOf(op.error);
    const succeeded = error === undefined || ANSWERS.has(error.name) ? 1 : 0;
    count(this.all, succeeded);
    if (this.isFaulty) count(this.faults, succeeded);
    count(shareOf(this.byF, op.f), succeeded);
    // A node that is killed or cut off answers little, which is the fault's doing.
    if (!wasDisturbed) count(shareOf(this.byNode, node), succeeded);
    this.noteSilence(node, op.time, error?.name === TIMEOUT, wasDisturbed);
    if (error === undefined) return;
    if (succeeded === 0) this.countError(op, node, error);
    else this.countAnswer(op.f, error.name);
  }

  result(): ErrorsResult {
    const { logOf } = this.options;
    const errors = [...this.errors.values()]
      .toSorted((a, b) => b.count - a.count)
      .map(({ nodes, ...one }) => ({ ...one, nodes: Object.fromEntries(nodes), log: logOf(one.node) }));
    return {
      'valid?': true,
      errors,
      ...(this.answers.size === 0 ? {} : { answers: [...this.answers.values()] }),
      'little-success': this.littleSuccess(),
      silent: this.silent(),
    };
  }

  private silent(): readonly Silence[] {
    return [...this.silences].flatMap(([node, { timeouts, since }]) =>
      timeouts >= SILENT ? [{ node, timeouts, since }] : [],
    );
  }

  private noteSilence(node: string, time: number, isTimeout: boolean, wasDisturbed: boolean): void {
    let silence = this.silences.get(node);
    if (silence === undefined) {
      silence = { timeouts: 0, since: null };
      this.silences.set(node, silence);
    }
    if (!isTimeout) {
      silence.timeouts = 0;
      silence.since = time;
    } else if (!wasDisturbed) {
      silence.timeouts++;
      this.unanswering.add(node);
    }
  }

  /**
   * Returns the groups with little success. If it applies to all operations, it is not repeated for each function and
   * node.
   */
  private littleSuccess(): readonly LittleSuccess[] {
    const little = ({ count: all, succeeded }: Share): boolean => all >= FEW && 2 * succeeded < all;
    if (little(this.all)) return [{ of: 'all', name: '', ...this.all }];
    const of = (what: 'f' | 'node', shares: ReadonlyMap<string, Share>): LittleSuccess[] =>
      [...shares].flatMap(([name, share]) => (little(share) ? [{ of: what, name, ...share }] : []));
    const faults = this.faults.succeeded === 0 && this.faults.count >= FEW;
    return [
      ...of('f', this.byF),
      ...of('node', this.byNode),
      ...(faults ? [{ of: 'faults', name: '', ...this.faults } as const] : []),
    ];
  }

  private countAnswer(f: string, error: string): void {
    const key = `${f}\n${error}`;
    this.answers.set(key, { f, error, count: (this.answers.get(key)?.count ?? 0) + 1 });
  }

  private countError(op: Op, node: string, { name, text }: OpError): void {
    const { f, index } = op;
    const kind = `${f}\n${name}`;
    const full = `${kind}\n${alike(text)}`;
    const key = this.errors.has(full) || this.errors.size < MOST_ERRORS ? full : kind;
    let error = this.errors.get(key);
    if (error === undefined) {
      const shown = key === kind ? '' : shownText(text, LONGEST_TEXT);
      error = { f, error: name, text: shown, index, node, nodes: new Map(), count: 0 };
      this.errors.set(key, error);
    }
    error.count++;
    error.nodes.set(node, (error.nodes.get(node) ?? 0) + 1);
  }
}

/** Numbers and quoted words, except in the source location that the SDK appends. */
const VARIABLE = /"[^"]*"|'[^']*'|\d+/g;
/** The length of a list varies as well. */
const LIST = /#(?:, ?#)+/g;
const PLACE = / at [^\s:]+:\d+$/;

/**
 * The received part of a malformed reply, which may be any JSON: `checkReply` puts it between the field and what was
 * expected.
 */
const SEEN = /(?<=^[^`]*`[^`]*` is ).*(?=; expected )/s;

/** A place in a list or map: `msgs["k1"][0]`. */
const INDEX = /\[(?:"(?:[^"\\]|\\.)*"|\d+)\]/g;

function alike(text: string): string {
  if (text.startsWith(BROKEN_ANSWER)) return text.replace(SEEN, '#').replaceAll(INDEX, '[#]');
  const place = PLACE.exec(text)?.[0] ?? '';
  return (
    text
      .slice(0, text.length - place.length)
      .replaceAll(VARIABLE, '#')
      .replaceAll(LIST, '#') + place
  );
}

/** True when the operation was carried out, which includes answers such as "no such key". */
export function hasSucceeded(op: Op): boolean {
  return op.type === 'ok' || (op.type === 'fail' && ANSWERS.has(errorOf(op.error).name));
}

interface OpError {
  readonly name: string;
  readonly text: string;
}

/**
 * Parses an operation's error as completionOf (workloads/completion.ts) makes it: a word, or a list of a word or code
 * and a text.
 */
function errorOf(error: Json | undefined): OpError {
  if (isJsonArray(error ?? null)) {
    const [name = null, text = null] = error as readonly Json[]; // checked in the line before
    return { name: textOf(name), text: textOf(text) };
  }
  return { name: textOf(error ?? null), text: '' };
}

const textOf = (value: Json): string => wordOf(value) ?? (value === null ? '' : stringifyJson(value));

function count(share: Share, succeeded: number): void {
  share.count++;
  share.succeeded += succeeded;
}

function shareOf(shares: Map<string, Share>, name: string): Share {
  const known = shares.get(name);
  if (known !== undefined) return known;
  const share = { count: 0, succeeded: 0 };
  shares.set(name, share);
  return share;
}
