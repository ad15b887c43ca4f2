/**
 * Judges a whole history by a function that returns what is wrong: each finding is a sentence and the operations that
 * show it. The verdict, its text and its pictures are derived from these.
 *
 *     checker: onOps((ops) => {
 *       const seen = new Map<Json, Operation>();
 *       return ops.filter(({ type }) => type === 'ok').flatMap((op) => {
 *         const before = seen.get(op.value);
 *         seen.set(op.value, op);
 *         return before ? [{ kind: 'twice', text: `${op.value} was handed out twice`, operations: [before, op] }] : [];
 *       });
 *     })
 */
import { groupedBy } from '../columns/groups.ts';
import type { Checker, CheckResult } from '../checkers/checker.ts';
import type { Anomaly, Evidence } from '../checkers/evidence.ts';
import { withoutNote } from '../checkers/bounded-result.ts';
import type { Op } from '../history/op.ts';
import { OpenInvocations } from '../history/pairing.ts';
import type { Json } from '../protocol/json.ts';
import { shownText } from '../protocol/shown-text.ts';
import { seen } from './examples.ts';
import { refusePromise, seenReturned } from './returned.ts';
import { WrongReturn } from '../protocol/wrong-return.ts';
import type { Judge } from './judge.ts';

/** A client's operation, from its invocation to its completion. */
export interface Operation<Value extends Json = Json> {
  /** Its name in reports, logs and the viewer. */
  readonly number: number;
  readonly process: number;
  readonly f: string;
  /** `ok`: it happened. `fail`: it did not. `info`: unknown. */
  readonly type: 'ok' | 'fail' | 'info';
  /** The value of its invocation. */
  readonly asked: Json;
  /** The value of its completion; if there is none, that of its invocation, whatever `Value` says. */
  readonly value: Value;
  readonly error?: Json;
  readonly final?: boolean;
  /**
   * Positions in the history: an operation ended before another one began if its `ended` is less than the other's
   * `began`. `ended` is Infinity for an indefinite operation.
   */
  readonly began: number;
  readonly ended: number;
  /** Seconds of the run. */
  readonly beganSeconds: number;
  readonly endedSeconds: number;
}

/** Something that is wrong. */
export interface Wrong {
  /** The kind of failure in a word or two, the same whatever the values: `lost`, `two leaders`. */
  readonly kind?: string;
  /** What happened, in a sentence: `token 7 was accepted after token 8`. */
  readonly text: string;
  /** The operations that show it. */
  readonly operations?: readonly Operation[];
}

export type OwnResult = CheckResult & {
  readonly 'wrong-count'?: number;
  /** How many findings there are of each kind. */
  readonly kinds?: Readonly<Record<string, number>>;
  readonly wrong?: readonly WrongOperations[];
};

type WrongOperations = { readonly kind: string; readonly text: string; readonly ops: readonly Op[] };

/** Maximum number of findings kept; the count includes all. */
const MOST_KEPT = 100;
const MOST_KINDS = 20;
const MOST_OPERATIONS = 8;
const NAMED = 3;

/**
 * Returns a judge. The function gets all client operations in the order of their invocations; it may be a generator
 * function.
 */
export function onOps<Value extends Json = Json>(
  look: (ops: readonly Operation<Value>[]) => Iterable<Wrong>,
): Judge<OwnResult> {
  return {
    // The type of completions' values is determined by the workload.
    checker: () => new Looking(look as unknown as (ops: readonly Operation[]) => Iterable<Wrong>),
    explain({ wrong, 'wrong-count': count = 0 }) {
      const first = withoutNote(wrong ?? []).slice(0, NAMED);
      if (first.length === 0) return undefined;
      const texts = first.map(({ text, ops }) => `${text.replace(/\.$/, '')}${named(ops)}.`);
      const more = count - first.length;
      return [
        ...texts,
        ...(more > 0 ? [`There ${more === 1 ? 'is' : 'are'} ${more.toLocaleString('en')} more.`] : []),
      ].join('\n');
    },
    figure: ({ 'wrong-count': count }) =>
      count === undefined ? undefined : `${count.toLocaleString('en')} wrong`,
    evidence: ({ wrong, kinds = {} }) =>
      wrong === undefined ? undefined : evidenceOf(withoutNote(wrong), kinds),
  };
}

function named(ops: readonly Op[]): string {
  if (ops.length === 0) return '';
  return ` (${ops.length === 1 ? 'operation' : 'operations'} ${ops.map(({ index }) => index).join(', ')})`;
}

function evidenceOf(
  wrong: readonly WrongOperations[],
  counts: Readonly<Record<string, number>>,
): Evidence | undefined {
  if (wrong.length === 0) return undefined;
  const countOf = new Map(Object.entries(counts));
  return {
    kind: 'anomalies',
    anomalies: [...groupedBy(wrong, ({ kind }) => kind)].map(([type, some]): Anomaly => {
      const examples = some
        .slice(0, NAMED)
        .map(({ text, ops }) => ({ text, operations: ops.map(({ index }) => index) }));
      const { text = '', operations = [] } = examples[0] ?? {};
      const simplest = `${text.replace(/\.$/, '')}${named(some[0]?.ops ?? [])}.`;
      return {
        type,
        count: countOf.get(type) ?? some.length,
        examples,
        // What was wrong was known once all of them had ended.
        simplest: { text: simplest, cycle: undefined, operations, wrong: undefined },
      };
    }),
  };
}

class Looking implements Checker<OwnResult> {
  private readonly pairs = new OpenInvocations();
  private readonly invoked: Op[] = [];
  private readonly completions = new Map<Op, Op>();

  constructor(private readonly look: (ops: readonly Operation[]) => Iterable<Wrong>) {}

  observe(op: Op): void {
    if (op.process === 'nemesis') return;
    if (op.type === 'invoke') this.invoked.push(op);
    const pair = this.pairs.end(op);
    if (pair !== undefined) this.completions.set(pair.invocation, pair.completion);
  }

  result(): OwnResult {
    const entries = new Map<number, Op>();
    const ops = this.invoked.map((invocation) => {
      const completion = this.completions.get(invocation);
      entries.set(invocation.index, completion ?? invocation);
      return operationOf(invocation, completion);
    });
    let count = 0;
    const wrong: WrongOperations[] = [];
    const kinds = new Map<string, number>();
    for (const one of this.found(ops)) {
      count++;
      const finding = checked(one, entries, this.look);
      const { kind } = finding;
      if (kinds.has(kind) || kinds.size < MOST_KINDS) kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
      // Many findings of one kind must not hide another.
      if (wrong.length < MOST_KEPT || kinds.get(kind) === 1) wrong.push(finding);
    }
    if (count === 0) return { 'valid?': true };
    return { 'valid?': false, 'wrong-count': count, kinds: Object.fromEntries(kinds), wrong };
  }

  private found(ops: readonly Operation[]): Iterable<Wrong> {
    const found: unknown = this.look(ops);
    if (typeof found === 'object' && found !== null && Symbol.iterator in found)
      return found as Iterable<Wrong>; // each is checked
    refusePromise('the function of onOps', found, this.look);
    throw new WrongReturn(
      `the function of onOps returned ${seenReturned(found)}; expected a list of findings, [] if there are none`,
      this.look,
    );
  }
}

const SECOND = 1e9;

function operationOf(invocation: Op, completion: Op | undefined): Operation {
  const { index, process, f, value, time } = invocation;
  const { type, error, final } = { ...invocation, ...completion };
  const hasEnded = completion !== undefined && completion.type !== 'info';
  return {
    number: index,
    process: Number(process),
    f,
    type: type === 'invoke' ? 'info' : type,
    asked: value,
    value: completion?.value ?? value,
    ...(error === undefined ? {} : { error }),
    ...(final === undefined ? {} : { final }),
    began: index,
    ended: hasEnded ? completion.index : Infinity,
    beganSeconds: time / SECOND,
    endedSeconds: hasEnded ? completion.time / SECOND : Infinity,
  };
}

function checked(one: Wrong, entries: ReadonlyMap<number, Op>, by: unknown): WrongOperations {
  const { kind = 'wrong', text, operations = [] }: Partial<Wrong> = Object(one);
  if (typeof text !== 'string' || typeof kind !== 'string' || !Array.isArray(operations)) {
    throw new WrongReturn(
      `a finding of the function of onOps is ${seen(one)} with text ${seen(text)}, kind ${seen(kind)} and operations ${seen(operations)}; ` +
        'expected { kind: a string, text: a string, operations: a list of the given operations }',
      by,
    );
  }
  const ops = operations.slice(0, MOST_OPERATIONS).map((operation: Partial<Operation>) => {
    const op = entries.get(Number(Object(operation).number));
    if (op === undefined)
      throw new WrongReturn(
        `a finding of the function of onOps names ${seen(operation)} as an operation; expected one of the given operations`,
        by,
      );
    return op;
  });
  return { kind: shownText(kind, 60), text: shownText(text, 500), ops };
}
