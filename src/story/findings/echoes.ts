/** Echoes that are not what was sent. */
import type { EchoResult } from '../../checkers/echo.ts';
import { withoutNote } from '../../checkers/bounded-result.ts';
import { isJsonObject, jsonEquals } from '../../protocol/json.ts';
import type { Finding } from '../finding.ts';
import type { StoryFacts } from '../story-facts.ts';
import { brief } from '../words.ts';

export function echoFinding(facts: StoryFacts, { errors }: EchoResult): Finding | undefined {
  for (const [, sent, , received] of withoutNote(errors)) {
    const wrong = facts.operations.all.find(
      ({ invocation, completion }) =>
        jsonEquals(invocation.value, sent) &&
        completion !== undefined &&
        jsonEquals(completion.value, received),
    );
    if (wrong === undefined) continue;
    const echoed = isJsonObject(received) ? (received['echo'] ?? null) : null;
    // What comes back may be another request's.
    const other = facts.operations.all.findLast(
      ({ invocation }) => invocation.index < wrong.invocation.index && jsonEquals(invocation.value, echoed),
    );
    const own = facts.operations.all.findLast(
      ({ invocation, client }) =>
        invocation.index < wrong.invocation.index &&
        client === wrong.client &&
        jsonEquals(invocation.value, echoed),
    );
    const before = own ?? other;
    const node = wrong.node ?? 'a node';
    const refused = wrong.completion?.type === 'fail';
    return {
      title: refused ? 'An echo was refused' : 'An echo is not what was sent',
      verdict: [
        refused
          ? `${node} refuses to echo ${brief(sent)}, for which an echo has no reason.`
          : `${node} echoes ${brief(echoed)} to ${wrong.client}, which had sent ${brief(sent)}${before === undefined ? '' : ` (${brief(echoed)} was sent by ${before === own ? 'it' : before.client} before)`}.`,
      ],
      operations: [...(before === undefined ? [] : [before.number]), wrong.number],
      wrong: wrong.number,
      values: [[sent], [echoed]],
      reach: 'operations',
      more: errors.length === 1 ? undefined : `${errors.length} requests were not echoed in all.`,
    };
  }
  return undefined;
}
