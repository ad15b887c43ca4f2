/** What an operation writes: to a register, to a log, or, as a transaction, to several keys. */
import { elementsOf, wordOf, type Json } from '../../../protocol/json.ts';
import type { StoryOperation } from '../../facts/story-operations.ts';
import { microOps } from '../../steps/micro-ops-text.ts';

export interface Written {
  readonly key: Json;
  readonly value: Json;
}

const WRITING: ReadonlySet<string> = new Set(['append', 'w', 'send']);

export function writesOf({ invocation: { f, value } }: StoryOperation): readonly Written[] {
  const mops = microOps(value);
  if (mops !== undefined)
    return mops.flatMap(([word = null, key = null, written = null]) =>
      WRITING.has(wordOf(word) ?? '') && written !== null ? [{ key, value: written }] : [],
    );
  const [key = null, part = null] = elementsOf(value) ?? [];
  if (f === 'write' && elementsOf(value)?.length === 2) return [{ key, value: part }];
  const to = f === 'cas' ? elementsOf(part)?.[1] : undefined;
  return to === undefined ? [] : [{ key, value: to }];
}
