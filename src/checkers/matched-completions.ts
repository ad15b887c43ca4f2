/**
 * A checker of transactions in front of another one, which also compares each completion with its invocation: a
 * transaction that was asked to append 1 and completes with an append of 2, or with another number of micro-operations, is not
 * what was asked for.
 *
 *     invoke [["append", x, 1] ["r", y, nil]]        ok [["append", x, 1] ["r", z, [3]]]     wrong: z was not asked for
 */
import type { Op } from '../history/op.ts';
import { isJsonArray, jsonEquals, valueText, wordOf, type Json } from '../protocol/json.ts';
import type { Budget, Checker, CheckResult } from './checker.ts';

/** How many are shown. */
const SHOWN = 8;

type Mismatch = { readonly invocation: Op; readonly completion: Op };

/** A result, and the completions that do not fit, where there are any. */
export type WithMismatches<Result> = Result & {
  readonly 'mismatched-completions'?: { readonly count: number; readonly first: readonly Mismatch[] };
};

export class MatchedCompletions<Result extends CheckResult> implements Checker<WithMismatches<Result>> {
  private readonly open = new Map<number, Op>();
  private readonly first: Mismatch[] = [];
  private count = 0;

  constructor(private readonly checker: Checker<Result>) {}

  observe(op: Op): void {
    this.checker.observe(op);
    if (typeof op.process !== 'number') return;
    if (op.type === 'invoke') {
      this.open.set(op.process, op);
      return;
    }
    const invocation = this.open.get(op.process);
    this.open.delete(op.process);
    if (op.type !== 'ok' || invocation === undefined || isAnswerTo(invocation.value, op.value)) return;
    this.count++;
    if (this.first.length < SHOWN) this.first.push({ invocation, completion: op });
  }

  get malformed(): string | undefined {
    return this.checker.malformed;
  }

  result(budget?: Budget): WithMismatches<Result> {
    const result = this.checker.result(budget);
    if (this.count === 0) return result;
    const { count, first } = this;
    return { ...result, 'valid?': false, 'mismatched-completions': { count, first } };
  }
}

/** Undefined when all completions are what was asked for. */
export function explainMismatches(result: WithMismatches<CheckResult>): string | undefined {
  const { count = 0, first: [first] = [] } = result['mismatched-completions'] ?? {};
  if (first === undefined) return undefined;
  const { invocation, completion } = first;
  const others = count > 1 ? ` The same is true of ${count - 1} more.` : '';
  return (
    `Operation ${completion.index} completes ${valueText(completion.value)}, but operation ${invocation.index} asked for ` +
    `${valueText(invocation.value)}: the micro-operations of a completion must be those of its invocation.${others}`
  );
}

/** Whether a completion has the micro-operations of its invocation; one that said nothing may be completed by anything. */
function isAnswerTo(asked: Json, told: Json): boolean {
  if (!isJsonArray(asked) || asked.length === 0 || !isJsonArray(told)) return true;
  return asked.length === told.length && asked.every((mop, i) => isMicroAnswerTo(mop, told[i] ?? null));
}

function isMicroAnswerTo(asked: Json, told: Json): boolean {
  if (!isJsonArray(asked) || !isJsonArray(told)) return true;
  const [name = null, key = null, value = null] = asked;
  const [toldName = null, toldKey = null, toldValue = null] = told;
  const f = wordOf(name);
  // Of a subscription these are keys, which need not be words.
  if (f === undefined ? !jsonEquals(name, toldName) : f !== wordOf(toldName)) return false;
  if (f === 'poll') return true;
  if (!jsonEquals(key, toldKey)) return false;
  return f === 'r' || jsonEquals(value, toldValue) || (f === 'send' && isStored(toldValue, value));
}

/** A message that was sent comes back as [offset, value]. */
const isStored = (told: Json, value: Json): boolean =>
  isJsonArray(told) && told.length === 2 && jsonEquals(told[1] ?? null, value);
