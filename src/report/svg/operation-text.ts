/** Operations as short texts, for boxes and bars. */
import type { Op } from '../../history/op.ts';
import { stringifyJson, type Json } from '../../protocol/json.ts';
import { shownText } from '../../protocol/shown-text.ts';
import type { WholeOperation } from '../read/whole-operations.ts';

/** Returns `write 3`, `read → 4`, `cas [1 2]`: with the result if there is one. Safe to show. */
export function operationText(
  { invocation, completion }: WholeOperation,
  value: (op: Op) => Json = valueOf,
): string {
  const asked = value(invocation);
  const answered = completion?.type === 'ok' ? value(completion) : undefined;
  // A transaction needs no function name.
  const transaction = showTransaction(answered ?? asked);
  if (transaction !== undefined) return shownText(transaction, 300);
  const parts = [invocation.f];
  if (isWorthShowing(asked) && (answered === undefined || sameText(asked, answered)))
    parts.push(showValue(asked));
  else if (answered !== undefined && isWorthShowing(answered)) parts.push('→', showValue(answered));
  return shownText(parts.join(' '), 300);
}

const valueOf = ({ value }: Op): Json => value;

const isWorthShowing = (value: Json): boolean => value !== null;

const sameText = (a: Json, b: Json): boolean => stringifyJson(a) === stringifyJson(b);

/** Formats lists without commas, and micro-operations of transactions as `r 1 [2 3], append 4 5`. */
export function showValue(value: Json): string {
  const transaction = showTransaction(value);
  if (transaction !== undefined) return transaction;
  if (Array.isArray(value)) {
    const items = value as readonly Json[];
    const shown = items.slice(0, 24).map(showValue).join(' ');
    return items.length > 24 ? `[${shown} ... ${items.length} in all]` : `[${shown}]`;
  }
  return shownText(stringifyJson(value), 120);
}

function showTransaction(value: Json): string | undefined {
  if (!Array.isArray(value) || value.length === 0) return undefined;
  const texts: string[] = [];
  for (const mop of value as readonly Json[]) {
    if (!Array.isArray(mop) || typeof mop[0] !== 'string') return undefined;
    texts.push([mop[0], ...(mop.slice(1) as readonly Json[]).map(showValue)].join(' '));
  }
  return texts.join(', ');
}
