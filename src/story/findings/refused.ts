/**
 * Operations that a node refused although they seem to have happened: usually the node gave up on a request that it had already
 * logged or sent to other nodes. A definite error promises that the operation did not happen and never will.
 */
import { ERROR_CODES } from '../../protocol/error-code.ts';
import { elementsOf, wordOf } from '../../protocol/json.ts';
import type { StoryOperation } from '../facts/story-operations.ts';
import { atNode, inPlainWords } from '../text/words.ts';

/** Error codes that are results: the node evaluated the operation, which changes nothing. */
const RESULTS: ReadonlySet<string> = new Set([
  'key-does-not-exist',
  'key-already-exists',
  'precondition-failed',
]);

export const REFUSED_FOR_GOOD = 'what is refused must not take effect, neither then nor later';

export function isRefused({ completion }: StoryOperation): boolean {
  const name = errorNameOf(completion?.error ?? null);
  return completion?.type === 'fail' && !(name !== undefined && RESULTS.has(name));
}

/** `what` is the story's name for the operation, such as `write of 0`. */
export function refusedText({ client, node, completion }: StoryOperation, what: string): string {
  const error = ERROR_CODES.find(({ name }) => name === errorNameOf(completion?.error ?? null));
  const by = error === undefined ? '' : ` with error ${error.code}, ${inPlainWords(error.name)}`;
  return `${client}'s ${what}${atNode(node)} would explain it, but it was refused${by}: ${REFUSED_FOR_GOOD}.`;
}

const errorNameOf = (error: Parameters<typeof elementsOf>[0]): string | undefined =>
  wordOf((elementsOf(error) ?? [error])[0] ?? null);
