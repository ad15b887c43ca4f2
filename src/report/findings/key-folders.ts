/** The histories of keys that are judged separately, extracted from the whole history. */
import type { Op } from '../../history/op.ts';
import { stringifyJson, type Json } from '../../protocol/json.ts';

/**
 * If there are few keys and the history is short, each key has a folder; otherwise only a limited number of invalid
 * keys: a copy of a valid history of a million operations is of no use, and takes longer than the rest of a report.
 */
const FEW_KEYS = 12;
const FEW_OPERATIONS = 50_000;
const MOST_WRONG = 32;

/** Returns the keys that get a folder in a run with that many operations, invalid ones first. */
export function keysToKeep(
  verdicts: ReadonlyMap<string, { readonly 'valid?'?: unknown }>,
  operations: number,
): readonly string[] {
  const wrong = [...verdicts].filter(([, result]) => result['valid?'] !== true).map(([key]) => key);
  if (verdicts.size > FEW_KEYS || operations > FEW_OPERATIONS) return wrong.slice(0, MOST_WRONG);
  return [...wrong, ...[...verdicts.keys()].filter((key) => !wrong.includes(key))];
}

export function keyFolderName(key: string): string {
  const plain = key.replaceAll(/[^A-Za-z0-9_-]/g, (character) => `%${character.charCodeAt(0).toString(16)}`);
  return plain === '' ? '%' : plain.slice(0, 80);
}

/** Groups operations whose value is `[key, value]` by key. */
export class KeyHistories {
  private readonly ops = new Map<string, Op[]>();

  constructor(keys: readonly string[]) {
    for (const key of keys) this.ops.set(key, []);
    // A keyword of EDN is known by its text, `:x`, and is `x` in the history.
    for (const key of keys) {
      const written = key.slice(1);
      const ops = this.ops.get(key);
      if (ops !== undefined && key.startsWith(':') && !this.ops.has(written)) this.ops.set(written, ops);
    }
  }

  observe(op: Op): void {
    if (op.process === 'nemesis' || !Array.isArray(op.value) || op.value.length !== 2) return;
    const [key = null] = op.value as readonly Json[];
    this.ops.get(typeof key === 'string' ? key : stringifyJson(key))?.push(op);
  }

  of(key: string): readonly Op[] {
    return this.ops.get(key) ?? [];
  }
}
