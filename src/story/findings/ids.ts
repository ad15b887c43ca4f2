/** Duplicate ids. */
import { shownText } from '../../protocol/shown-text.ts';
import { isNameOfKey } from '../../checkers/bounded-result.ts';
import { namesOfId } from '../../checkers/replies/unique-ids.ts';
import { byCount, counted } from '../../protocol/count-text.ts';
import { idFile } from '../../report/findings/evidence-files.ts';
import type { Finding } from '../finding.ts';
import type { StoryFacts } from '../facts/story-facts.ts';
import { endOf, type StoryOperation } from '../facts/story-operations.ts';
import { duration } from '../text/words.ts';

export function idFinding(
  facts: StoryFacts,
  ids: readonly string[],
  total = ids.length,
): Finding | undefined {
  const given = facts.operations.all.filter(
    ({ invocation, completion }) => invocation.f === 'generate' && completion?.type === 'ok',
  );
  for (const id of ids) {
    const same = given.filter(({ completion }) =>
      namesOfId(completion?.value ?? null).some((name) => isNameOfKey(id, name)),
    );
    const [first, second] = same.toSorted((a, b) => endOf(a) - endOf(b));
    if (first === undefined || second === undefined) continue;
    const name = shownText(id, 60);
    const others = total - 1;
    return {
      title: `Id ${name} was given out ${same.length === 2 ? 'twice' : counted(same.length, 'time')}`,
      evidence: idFile(id),
      verdict: [
        `${givesText(second, name)}, although ${gaveText(first, second)} ${duration(endOf(second) - endOf(first))} before.`,
      ],
      operations: [first.number, second.number],
      wrong: second.number,
      values: [[second.completion?.value ?? null]],
      reach: 'operations',
      more:
        others === 0
          ? undefined
          : `${counted(others, 'more id')} ${byCount(others, 'was', 'were')} given out more than once.`,
    };
  }
  return undefined;
}

const givesText = ({ node, client }: StoryOperation, name: string): string =>
  node === undefined ? `${client} gets ${name}` : `${node} gives ${name} to ${client}`;

const gaveText = ({ node, client }: StoryOperation, second: StoryOperation): string =>
  node === undefined ? `${client} got it` : `${node === second.node ? 'it' : node} gave it to ${client}`;
