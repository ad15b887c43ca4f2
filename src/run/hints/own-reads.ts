/**
 * Whether transactions over registers see their own writes: those before a read, and not those after it. The weak models
 * do not ask for it, so a program that carries out the writes of a transaction first, or last, passes them.
 *
 *     [w x 1] [r x null]     misses its own write
 *     [r x 1] [w x 1]        reads what it writes only afterwards
 */
import type { Op } from '../../history/op.ts';
import { byCount } from '../../protocol/count-text.ts';
import { isJsonArray, stringifyJson, type Json } from '../../protocol/json.ts';
import { shownText } from '../../protocol/shown-text.ts';

type MicroOp = readonly [kind: Json, key: string, value: string];

export class OwnReads {
  private wrong = 0;
  private example: string | undefined;

  observe({ type, f, value }: Op): void {
    if (type !== 'ok' || f !== 'txn' || !isJsonArray(value) || value.length < 2) return;
    const kinds = value.map((mop) => (isJsonArray(mop) ? (mop[0] ?? null) : null));
    if (!kinds.includes('r') || !kinds.includes('w')) return;
    const problem = problemOf(value.flatMap(microOpOf));
    if (problem === undefined) return;
    this.wrong++;
    this.example ??= `in ${shownText(stringifyJson(value), 120)} ${problem}`;
  }

  sentence(): string | undefined {
    const { wrong, example } = this;
    if (example === undefined) return undefined;
    const which = byCount(
      wrong,
      'One transaction did not read its',
      `${wrong.toLocaleString('en')} transactions did not read their`,
    );
    return `${which} own writes in order: ${example}. Carry out reads and writes one after the other, as they are listed.`;
  }
}

function microOpOf(mop: Json): readonly MicroOp[] {
  if (!isJsonArray(mop)) return [];
  const [kind = null, key = null, value = null] = mop;
  return [[kind, stringifyJson(key), stringifyJson(value)]];
}

function problemOf(mops: readonly MicroOp[]): string | undefined {
  const written = new Map<string, string>();
  for (const [at, [kind, key, value]] of mops.entries()) {
    if (kind === 'w') written.set(key, value);
    if (kind !== 'r') continue;
    const own = written.get(key);
    if (own !== undefined && own !== value)
      return `the read of key ${shown(key)} returned ${shown(value)}, although ${shown(own)} had been written before it`;
    const later = mops
      .slice(at + 1)
      .some((other) => other[0] === 'w' && other[1] === key && other[2] === value);
    if (own === undefined && later)
      return `the read of key ${shown(key)} returned ${shown(value)}, which was written only after it`;
  }
  return undefined;
}

const shown = (json: string): string => shownText(json, 40);
