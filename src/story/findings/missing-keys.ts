/** A key that was written and later reported as missing. */
import { wrongBeside } from '../../checkers/evidence.ts';
import { elementsOf, type Json } from '../../protocol/json.ts';
import { shownText } from '../../protocol/shown-text.ts';
import type { Finding } from '../finding.ts';
import type { StoryFacts } from '../facts/story-facts.ts';
import { endOf, type StoryOperation } from '../facts/story-operations.ts';
import { brief, duration } from '../text/words.ts';

/** Returns undefined if no key is missing, or the operations that show it are not in the history. */
export function missingKeyFinding({ operations, run: { evidence } }: StoryFacts): Finding | undefined {
  const missing = wrongBeside(evidence).find(({ kind }) => kind === 'missing-keys');
  const [written, wrong] = (missing?.operations ?? []).map((number) => operations.at(number));
  if (written === undefined || wrong === undefined) return undefined;
  const [key = null] = elementsOf(wrong.invocation.value) ?? [];
  return {
    title: `Key ${brief(key)} is missing after it was written`,
    verdict: [
      `${wrong.client}'s ${nameOf(wrong)} of key ${brief(key)} at ${placeOf(wrong)} is answered by "key does not exist", ` +
        `although ${written.client}'s ${nameOf(written)} of it at ${placeOf(written)} was acknowledged ` +
        `${duration(wrong.invocation.time - endOf(written))} before, and nothing deletes keys.`,
    ],
    operations: [written.number, wrong.number],
    wrong: wrong.number,
    values: writtenBy(written).map((value) => [key, value]),
    reach: 'state',
  };
}

const nameOf = ({ invocation: { f } }: StoryOperation): string => shownText(f, 40);
const placeOf = ({ node }: StoryOperation): string => node ?? 'a node';

function writtenBy({ invocation: { f, value } }: StoryOperation): readonly Json[] {
  const [, argument = null] = elementsOf(value) ?? [];
  if (f === 'write') return [argument];
  return (elementsOf(argument) ?? []).slice(1, 2);
}
