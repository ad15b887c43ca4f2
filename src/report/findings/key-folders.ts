/** The histories of keys that are judged by themselves, gathered from the history of all. */
import type { Op } from '../../history/op.ts';
import { stringifyJson, type Json } from '../../protocol/json.ts';

/**
 * With few keys and a history that is not long each has a folder; otherwise only those that are wrong, and this many of them at
 * most: a copy of a valid history of a million operations is of no use, and takes longer than all else in a report.
 */
const FEW_KEYS = 12;
const FEW_OPERATIONS = 50_000;
const MOST_WRONG = 32;

/** Which keys of a run with that many operations get a folder: the wrong ones first. */
export function keysToKeep(
  verdicts: ReadonlyMap<string, { readonly 'valid?'?: unknown }>,
  operations: number,
): readonly string[] {
  const wrong = [...verdicts].filter(([, result]) => result['valid?'] !== true).map(([key]) => key);
  if (verdicts.size > FEW_KEYS || operations > FEW_OPERATIONS) return wrong.slice(0, MOST_WRONG);
  return [...wrong, ...[...verdicts.keys()].filter((key) => !wrong.includes(key))];
}

/** A key's name in a file system, whatever it is made of. */
export function keyFolderName(key: string): string {
  const plain = key.replaceAll(/[^A-Za-z0-9_-]/g, (character) => `%${character.charCodeAt(0).toString(16)}`);
  return plain === '' ? '%' : plain.slice(0, 80);
}

/** Sorts operations whose value is `[key, value]` by key. */
export class KeyHistories {
  private readonly ops = new Map<string, Op[]>();

  constructor(keys: readonly string[]) {
    for (const key of keys) this.ops.set(key, []);
    // A keyword of EDN is known by its text, `:x`, and stands in the history as `x`.
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
