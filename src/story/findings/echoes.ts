/** Echoes that differ from the request. */
import { echoErrorCounts, type EchoResult } from '../../checkers/replies/echo.ts';
import { withoutNote } from '../../checkers/bounded-result.ts';
import { isJsonObject, jsonEquals, type Json } from '../../protocol/json.ts';
import type { Finding } from '../finding.ts';
import type { StoryFacts } from '../facts/story-facts.ts';
import { endOf, type StoryOperation } from '../facts/story-operations.ts';
import { brief } from '../text/words.ts';

export function echoFinding(facts: StoryFacts, result: EchoResult): Finding | undefined {
  const { wrong: different, refused: refusals, atLeast } = echoErrorCounts(result);
  const count = different + refusals;
  for (const [, sent, , received] of withoutNote(result.errors)) {
    const wrong = facts.operations.all.find(
      ({ invocation, completion }) =>
        jsonEquals(invocation.value, sent) &&
        completion !== undefined &&
        jsonEquals(completion.value, received),
    );
    if (wrong === undefined) continue;
    const echoed = isJsonObject(received) ? (received['echo'] ?? null) : null;
    const source = sourceOf(facts, wrong, echoed);
    const refused = wrong.completion?.type === 'fail';
    return {
      title: refused ? 'An echo was refused' : 'An echo is not what was sent',
      verdict: [
        refused
          ? `${wrong.node === undefined ? `${wrong.client} is refused the` : `${wrong.node} refuses to`} echo ${brief(sent)}, for which an echo has no reason.`
          : `${wrong.node === undefined ? `${wrong.client} gets ${brief(echoed)}` : `${wrong.node} echoes ${brief(echoed)} to ${wrong.client}`}, which had sent ${brief(sent)}${sourceText(source, wrong, echoed)}.`,
      ],
      operations: [...(source === undefined ? [] : [source.number]), wrong.number],
      wrong: wrong.number,
      values: [[sent], [echoed]],
      reach: 'operations',
      more: count === 1 ? undefined : `In all, ${atLeast}${count} requests were not echoed.`,
    };
  }
  return undefined;
}

/** Looks for the request that the reply belongs to: another one of the same client, an earlier one, or a concurrent one. */
function sourceOf(
  { operations }: StoryFacts,
  wrong: StoryOperation,
  echoed: Json,
): StoryOperation | undefined {
  const like = operations.all.filter(
    (one) => one !== wrong && jsonEquals(one.invocation.value, echoed) && one.invocation.time <= endOf(wrong),
  );
  const before = like.filter((one) => isBefore(one, wrong));
  return before.findLast(({ client }) => client === wrong.client) ?? before.at(-1) ?? like[0];
}

const isBefore = (one: StoryOperation, other: StoryOperation): boolean =>
  one.invocation.index < other.invocation.index;

function sourceText(source: StoryOperation | undefined, wrong: StoryOperation, echoed: Json): string {
  if (source === undefined) return '';
  const who = source.client === wrong.client ? 'it' : source.client;
  return ` (${brief(echoed)} was sent by ${who} ${isBefore(source, wrong) ? 'before' : 'meanwhile'})`;
}
