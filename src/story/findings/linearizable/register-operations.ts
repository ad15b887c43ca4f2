/** Operations on the registers of a history: each acts on one key, or on the only register. */
import { elementsOf, jsonEquals, type Json } from '../../../protocol/json.ts';
import type { WrongKey } from '../../facts/first-evidence.ts';
import type { StoryFacts } from '../../facts/story-facts.ts';
import { endOf, type StoryOperation } from '../../facts/story-operations.ts';

export const keyed = (
  value: Json,
  { isAll }: WrongKey,
): readonly [key?: Json | undefined, part?: Json | undefined] => {
  if (isAll) return [undefined, value];
  const [key, part] = elementsOf(value) ?? [];
  return [key, part];
};

/** Returns the operations on the object that began before the wrong operation ended. */
export function begunOn(
  { operations }: StoryFacts,
  about: WrongKey,
  wrong: StoryOperation,
): readonly StoryOperation[] {
  const [key] = keyed(wrong.invocation.value, about);
  return operations.all.filter(
    ({ invocation }) =>
      jsonEquals(keyed(invocation.value, about)[0] ?? null, key ?? null) && invocation.time <= endOf(wrong),
  );
}

export const isReadOf = (
  { invocation: { f }, completion }: StoryOperation,
  value: Json,
  about: WrongKey,
): boolean => f === 'read' && jsonEquals(keyed(completion?.value ?? null, about)[1] ?? null, value);

/** Returns the value of a register after the operation. */
export function writtenBy({ invocation: { f, value } }: StoryOperation, about: WrongKey): Json | undefined {
  const [, written] = keyed(value, about);
  if (f === 'write') return written;
  return f === 'cas' ? elementsOf(written)?.[1] : undefined;
}

export function expectedBy({ invocation: { f, value } }: StoryOperation, about: WrongKey): Json | undefined {
  return f === 'cas' ? elementsOf(keyed(value, about)[1] ?? null)?.[0] : undefined;
}
