/** The fates of messages in words: which types each fault affected, and which it never did. */
import { DOUBLED, OVERTAKEN, type MessageFates } from './message-fates.ts';

/** The fate that each kind of fault causes; kinds that are not listed cause none. */
const FATE_OF: Readonly<Record<string, string>> = {
  partition: 'partition',
  'one-way': 'one-way',
  loss: 'loss',
  flap: 'flap',
  duplicate: DOUBLED,
  reorder: OVERTAKEN,
  kill: 'gone',
};

const WORDS: Readonly<Record<string, string>> = {
  partition: 'lost by a partition',
  'one-way': 'lost one way',
  loss: 'lost by chance',
  flap: 'lost on a link that was down',
  gone: 'lost, as the receiver was down',
  [DOUBLED]: 'came twice',
  [OVERTAKEN]: 'overtaken by a later one',
};

const wordsOf = (fate: string): string => WORDS[fate] ?? `lost (${fate})`;

/**
 * Returns a line for each fate, including those that the faults should have caused and did not:
 *
 *     lost by a partition: replicate 12, vote 3; never: hello
 */
export function fateSentences(fates: MessageFates, faults: readonly string[]): readonly string[] {
  const types = Object.entries(fates).toSorted(([, a], [, b]) => b.sent - a.sent);
  if (types.length === 0) return [];
  const expected = faults.flatMap((fault) => FATE_OF[fault] ?? []);
  const seen = types.flatMap(([, { fates: own }]) => Object.keys(own));
  return [...new Set([...expected, ...seen])].map((fate) => {
    const met = types.flatMap(([type, { fates: own }]) => {
      const count = own[fate] ?? 0;
      return count === 0 ? [] : [`${type} ${count}`];
    });
    const never = types.filter(([, { fates: own }]) => (own[fate] ?? 0) === 0).map(([type]) => type);
    if (met.length === 0) return `${wordsOf(fate)}: never`;
    const both = [met.join(', '), ...(never.length === 0 ? [] : [`never: ${never.join(', ')}`])];
    return `${wordsOf(fate)}: ${both.join('; ')}`;
  });
}
