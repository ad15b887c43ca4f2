/**
 * Wraps a checker of transactions and also compares each completion with its invocation: a transaction that was invoked
 * to append 1 must not complete with an append of 2, or with another number of micro-operations.
 *
 *     invoke [["append", x, 1] ["r", y, nil]]        ok [["append", x, 1] ["r", z, [3]]]     wrong: z was not asked for
 */
import type { Op } from '../../history/op.ts';
import { OpenInvocations, type EndedOperation } from '../../history/pairing.ts';
import { isJsonArray, jsonEquals, valueText, wordOf, type Json } from '../../protocol/json.ts';
import type { Budget, Checker, CheckResult } from '../checker.ts';

const SHOWN = 8;

/** A result, with the completions that do not match their invocations, if any. */
export type WithMismatches<Result> = Result & {
  readonly 'mismatched-completions'?: { readonly count: number; readonly first: readonly EndedOperation[] };
};

export const MISMATCHED_MEANINGS = {
  'mismatched-completions': 'completions whose micro-operations are not those of their invocations, if any',
} as const;
export const MISMATCHES_MEANINGS = {
  count: 'the number of them',
  first: 'the first of them',
} as const;
export const ENDED_MEANINGS = {
  invocation: 'what was asked for',
  completion: 'how it completed',
} as const;

export class MatchedCompletions<Result extends CheckResult> implements Checker<WithMismatches<Result>> {
  private readonly open = new OpenInvocations();
  private readonly first: EndedOperation[] = [];
  private count = 0;

  constructor(private readonly checker: Checker<Result>) {}

  observe(op: Op): void {
    this.checker.observe(op);
    const ended = this.open.end(op);
    if (ended === undefined || op.type !== 'ok' || isAnswerTo(ended.invocation.value, op.value)) return;
    this.count++;
    if (this.first.length < SHOWN) this.first.push(ended);
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

/** Returns undefined if all completions match their invocations. */
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

/** Whether a completion has the micro-operations of its invocation. Any completion matches an empty invocation. */
function isAnswerTo(asked: Json, answer: Json): boolean {
  if (!isJsonArray(asked) || asked.length === 0 || !isJsonArray(answer)) return true;
  return asked.length === answer.length && asked.every((mop, i) => isMicroAnswerTo(mop, answer[i] ?? null));
}

function isMicroAnswerTo(asked: Json, answer: Json): boolean {
  if (!isJsonArray(asked) || !isJsonArray(answer)) return true;
  const [name = null, key = null, value = null] = asked;
  const [answerName = null, answerKey = null, answerValue = null] = answer;
  const f = wordOf(name);
  // A subscription has keys here, which need not be words.
  if (f === undefined ? !jsonEquals(name, answerName) : f !== wordOf(answerName)) return false;
  if (f === 'poll') return true;
  if (!jsonEquals(key, answerKey)) return false;
  return f === 'r' || jsonEquals(value, answerValue) || (f === 'send' && isStored(answerValue, value));
}

/** Whether a sent message was completed as [offset, value]. */
const isStored = (answer: Json, value: Json): boolean =>
  isJsonArray(answer) && answer.length === 2 && jsonEquals(answer[1] ?? null, value);
