/** Operations within sentences: a client's request and its result. */
import type { Op } from '../../history/op.ts';
import type { Followed } from '../../protocol/value-text.ts';
import { CRASHED_ON_PURPOSE } from '../../workloads/completion.ts';
import type { StoryOperation } from '../facts/story-operations.ts';
import { moment } from '../text/words.ts';
import { failureText } from './failure-text.ts';
import { phraseOf, type Known } from './operation-phrase.ts';

export interface OperationText {
  /** `c1 adds 7 at n1`. */
  readonly begins: string;
  /** Appended if no step comes in between: `, which acknowledges it`. */
  readonly ends: string;
  /** Otherwise a separate sentence: `n1 acknowledges c1's add of 7`. */
  readonly answer: string;
}

export function operationText(
  operation: StoryOperation,
  followed: Followed,
  known: Known = {},
): OperationText {
  const { client, node, completion } = operation;
  const { name, number } = known;
  if (completion?.error === CRASHED_ON_PURPOSE) {
    const begins = `${client} crashes on purpose`;
    return { begins, ends: '', answer: begins };
  }
  const { verb, where, behind, noun, result } = phraseOf(operation, followed, known);
  const called = name === undefined ? noun : `${noun} ${name}`;
  const numbered = number === undefined ? '' : ` (operation ${number})`;
  const begins = `${client} ${verb}${node === undefined ? '' : ` ${where} ${node}`}${numbered}${behind}`;
  if (completion?.type !== 'ok') return { begins, ...failureText(completion, { node, client, called }) };
  if (node === undefined) return { begins, ...answerWithoutNode({ client, called, result }, completion) };
  return result === undefined
    ? { begins, ends: ', which acknowledges it', answer: `${node} acknowledges ${client}'s ${called}` }
    : { begins, ends: ` and gets ${result}`, answer: `${node} answers ${client}'s ${called}: ${result}` };
}

interface Answered {
  readonly client: string;
  /** `add of 7`. */
  readonly called: string;
  readonly result: string | undefined;
}

/** For histories without nodes: adds the time of the completion. */
function answerWithoutNode(
  { client, called, result }: Answered,
  { time }: Op,
): Omit<OperationText, 'begins'> {
  const at = `at ${moment(time)}`;
  return result === undefined
    ? { ends: `, which is acknowledged ${at}`, answer: `${client}'s ${called} is acknowledged` }
    : { ends: ` and gets ${result} ${at}`, answer: `${client}'s ${called} gets ${result}` };
}
