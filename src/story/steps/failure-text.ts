/** How an unsuccessful operation ended, in words: without a reply, with a malformed one, or with an error. */
import type { Op } from '../../history/op.ts';
import { ERROR_CODES } from '../../protocol/error-code.ts';
import { inSeries } from '../../protocol/in-series.ts';
import { elementsOf, wordOf, type Json } from '../../protocol/json.ts';
import { shownText } from '../../protocol/shown-text.ts';
import { valueInWords } from '../../protocol/value-text.ts';
import { BROKEN_ANSWER } from '../../workloads/workload.ts';
import { TIMEOUT } from '../../workloads/completion.ts';
import { inPlainWords } from '../text/words.ts';

export interface FailureText {
  /** Appended to the beginning of the operation: `, which refuses it`. */
  readonly ends: string;
  /** A sentence of its own: `n1 refuses c1's add of 7`. */
  readonly answer: string;
}

interface Failed {
  readonly node: string | undefined;
  readonly client: string;
  /** `add of 7`. */
  readonly called: string;
}

export function failureText(completion: Op | undefined, { node, client, called }: Failed): FailureText {
  const { type, error = null } = completion ?? {};
  if (type !== 'fail' && type !== 'info')
    return {
      ends: ' and has no answer by the end',
      answer: `${client}'s ${called} has no answer by the end`,
    };
  if (error === TIMEOUT)
    return { ends: ' and gets no answer', answer: `${client}'s ${called} gets no answer` };
  const [code = null, ...texts] = elementsOf(error) ?? [error];
  const name = wordOf(code);
  const said = inSeries(texts.flatMap((part) => textOfError(part)));
  const broken = name === WRONG_STRUCTURE ? said : brokenAnswer(said);
  if (broken !== undefined)
    return {
      ends: ` and gets an answer that breaks the protocol: ${broken}`,
      answer:
        node === undefined
          ? `the answer to ${client}'s ${called} breaks the protocol: ${broken}`
          : `${node} answers ${client}'s ${called}, and breaks the protocol: ${broken}`,
    };
  const behind = said === '' ? '' : ` (${said})`;
  if (name !== undefined && !isErrorName(name)) {
    const known = `${shownText(name, 80)}${behind}`;
    return {
      ends: `; how it ended is not known: ${known}`,
      answer: `how ${client}'s ${called} ended is not known: ${known}`,
    };
  }
  if (code === null && type === 'fail')
    return node === undefined
      ? { ends: ', which is refused', answer: `${client}'s ${called} is refused` }
      : { ends: ', which refuses it', answer: `${node} refuses ${client}'s ${called}` };
  const why = name === undefined ? `error ${valueInWords(code)}` : inPlainWords(name);
  // Its progress before the crash is unknown.
  if (name === CRASH)
    return {
      ends: `, where its handling fails${said === '' ? '' : `: ${said}`}`,
      answer: `${node === undefined ? 'the' : `${node}'s`} handling of ${client}'s ${called} fails${said === '' ? '' : `: ${said}`}`,
    };
  return type === 'fail'
    ? {
        ends:
          node === undefined ? `, which is refused: ${why}${behind}` : `, which refuses it: ${why}${behind}`,
        answer:
          node === undefined
            ? `${client}'s ${called} is refused: ${why}${behind}`
            : `${node} refuses ${client}'s ${called}: ${why}${behind}`,
      }
    : {
        ends: ` and does not learn whether it was done: ${why}${behind}`,
        answer: `${client}'s ${called} ends in doubt: ${why}${behind}`,
      };
}

const CRASH = 'crash';
const WRONG_STRUCTURE = 'wrong-structure';
const LONGEST_ERROR = 120;

const isErrorName = (name: string): boolean => ERROR_CODES.some((one) => one.name === name);

const brokenAnswer = (said: string): string | undefined =>
  said.startsWith(BROKEN_ANSWER) ? said.slice(BROKEN_ANSWER.length) : undefined;

function textOfError(part: Json): readonly string[] {
  const said = shownText(wordOf(part) ?? valueInWords(part), LONGEST_ERROR);
  return said === '' ? [] : [said];
}
