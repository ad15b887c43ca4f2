/**
 * Detects keys that existed and no longer do. In lin-kv an operation answered with "key does not exist" counts as
 * failed, as it does upstream, so a store that forgets a whole key passes the checker of registers:
 *
 *     p0  |-- write 1: ok --|
 *     p1                       |-- read: error 20 --|      and nothing ever deletes a key
 *
 * The verdict remains upstream's, but this is reported in addition, and commands that look for failures count it as
 * one.
 */
import { byCount } from '../../protocol/count-text.ts';
import type { Budget, Checker, CheckResult, NodeOf } from '../../checkers/checker.ts';
import type { SuspectOperations } from '../../checkers/evidence.ts';
import { canonicalJson, valueText, wordOf, type Json } from '../../protocol/json.ts';
import type { Op } from '../../history/op.ts';
import { OpenInvocations } from '../../history/pairing.ts';
import { shownText } from '../../protocol/shown-text.ts';
import type { Meanings } from '../../protocol/key-meaning.ts';

const MISSING = 'key-does-not-exist';

/**
 * A result; if keys were missing, also how often, and the first operation that showed it with the one that had written
 * the key.
 */
export type WithMissingKeys<Result> = Result & { readonly 'missing-keys'?: MissingKeys };

type MissingKeys = { readonly count: number; readonly op: Op; readonly written: Op };

export const WITH_MISSING_KEYS_MEANINGS = {
  'missing-keys':
    'keys that were reported as missing after they had been written; does not change the verdict',
} as const satisfies Meanings<WithMissingKeys<unknown>>;

export const MISSING_KEYS_MEANINGS = {
  count: 'number of such answers',
  op: 'the first operation with such an answer',
  written: 'the operation that had written the key',
} as const satisfies Meanings<MissingKeys>;

export class MissingKeysChecker<Result extends CheckResult> implements Checker<WithMissingKeys<Result>> {
  /** Indexed by key: the first operation that is known to have written it. */
  private readonly written = new Map<string, Op>();
  private readonly open = new OpenInvocations();
  private count = 0;
  private first: { readonly op: Op; readonly written: Op } | undefined;

  constructor(private readonly checker: Checker<Result>) {}

  observe(op: Op): void {
    this.checker.observe(op);
    const ended = this.open.end(op);
    const key = keyOf(op);
    if (key === undefined || ended === undefined) return;
    if (op.type === 'ok' && op.f !== 'read' && !this.written.has(key)) this.written.set(key, op);
    if (op.type !== 'fail' || !saysMissing(op.error)) return;
    const written = this.written.get(key);
    if (written === undefined || written.index > ended.invocation.index) return;
    this.count++;
    this.first ??= { op, written };
  }

  get malformed(): string | undefined {
    return this.checker.malformed;
  }

  result(budget?: Budget): WithMissingKeys<Result> {
    const result = this.checker.result(budget);
    return this.first === undefined
      ? result
      : { ...result, 'missing-keys': { count: this.count, ...this.first } };
  }
}

/** Returns the key of an operation on a `[key, argument]` pair, as text. */
function keyOf({ value }: Op): string | undefined {
  if (!Array.isArray(value) || value.length !== 2) return undefined;
  return canonicalJson((value as readonly Json[])[0] ?? null);
}

function saysMissing(error: Json | undefined): boolean {
  return Array.isArray(error) && wordOf((error as readonly Json[])[0] ?? null) === MISSING;
}

/** The first operation that did not find a key, and the one that had written it. */
export const missingKeysSuspects = ({ op, written }: MissingKeys): SuspectOperations => ({
  kind: 'missing-keys' satisfies keyof WithMissingKeys<CheckResult>,
  title: 'a key was reported missing after it had been written',
  operations: [written.index, op.index],
});

/** Returns undefined when no key was missing. */
export function explainMissingKeys(
  result: WithMissingKeys<CheckResult>,
  nodeOf?: NodeOf,
): string | undefined {
  const { 'missing-keys': missing } = result;
  if (missing === undefined) return undefined;
  const { count, op, written } = missing;
  const [reader, writer] = [nodeOf?.(op), nodeOf?.(written)];
  const isKnownElsewhere = reader !== undefined && writer !== undefined && reader !== writer;
  const times = byCount(count, 'Once a key was', `${count} times a key was`);
  return (
    `${times} reported missing (error 20) although it had been written, and nothing deletes keys: operation ${op.index}, ` +
    `${describe(op, nodeOf)}, after operation ${written.index}, ${describe(written, nodeOf)}, was acknowledged. ` +
    `Such operations count as failed, here as upstream, so the verdict does not rest on them; but the store forgets${isKnownElsewhere ? `, or ${shownText(reader, 60)} never learned what ${shownText(writer, 60)} acknowledged` : ''}.`
  );
}

function describe(op: Op, nodeOf: NodeOf | undefined): string {
  const { f, value, process } = op;
  const node = nodeOf?.(op);
  return `${shownText(f, 60)} ${valueText(value)} by process ${process}${node === undefined ? '' : ` on ${node}`}`;
}
