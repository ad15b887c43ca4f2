/**
 * Every echo comes back unchanged: the completion's `echo` equals the invocation's value. In a history from another
 * system the completion may hold the bare value instead of the whole reply.
 *
 * A failed request is an error too (a node has no reason to refuse an echo); one that ended in info is ignored.
 */
import type { Op } from '../../history/op.ts';
import { OpenInvocations } from '../../history/pairing.ts';
import { entriesOf, jsonEquals, valueText, wordOf, type Json } from '../../protocol/json.ts';
import { byCount, counted } from '../../protocol/count-text.ts';
import { shownText } from '../../protocol/shown-text.ts';
import { withoutNote } from '../bounded-result.ts';
import { resultOver, type Checker } from '../checker.ts';
import type { Meanings } from '../../protocol/key-meaning.ts';

/** Maximum number of errors kept; the rest are not counted, since one is enough. */
const ERRORS_KEPT = 1000;

export type EchoResult = {
  readonly 'valid?': boolean;
  readonly errors: readonly EchoError[];
};

type EchoError = readonly [text: string, sent: Json, text: string, received: Json];

export const ECHO_MEANINGS = {
  errors: 'answers that differ from the request, each with the value sent and the value received',
} as const satisfies Meanings<EchoResult>;

function isEcho(answer: Json, sent: Json): boolean {
  const echo = entriesOf(answer)?.find(([key]) => wordOf(key) === 'echo')?.[1];
  return (echo !== undefined && jsonEquals(echo, sent)) || jsonEquals(answer, sent);
}

export class EchoChecker implements Checker<EchoResult> {
  private readonly open = new OpenInvocations();
  private readonly errors: EchoError[] = [];

  observe(op: Op): void {
    const sent = this.open.end(op)?.invocation.value;
    if (sent === undefined || op.type === 'info') return;
    if (op.type === 'ok' && isEcho(op.value, sent)) return;
    if (this.errors.length < ERRORS_KEPT) {
      this.errors.push(['Expected a message with :echo', sent, 'But received', op.value]);
    }
  }

  result(): EchoResult {
    return { 'valid?': this.errors.length === 0, errors: this.errors };
  }
}

/** Checks a whole history. */
export function checkEcho(ops: Iterable<Op>): EchoResult {
  return resultOver(new EchoChecker(), ops);
}

/** Counts the errors: `wrong` answers and requests that were `refused`. */
export interface EchoErrorCounts {
  readonly wrong: number;
  readonly refused: number;
  /** `at least `, if there may be more errors than are listed. */
  readonly atLeast: string;
}

export function echoErrorCounts({ errors }: EchoResult): EchoErrorCounts {
  const listed = withoutNote(errors);
  const wrong = listed.filter(isAnswer).length;
  const isAll = listed.length === errors.length && listed.length < ERRORS_KEPT;
  return { wrong, refused: listed.length - wrong, atLeast: isAll ? '' : 'at least ' };
}

/** Explains a failed result; undefined if it is valid. */
export function explainEcho(result: EchoResult): string | undefined {
  if (result['valid?']) return undefined;
  const { wrong, refused, atLeast } = echoErrorCounts(result);
  const first = withoutNote(result.errors).find(isAnswer);
  const texts: string[] = [];
  if (first !== undefined) {
    const [, sent, , received] = first;
    const were = byCount(wrong, 'request was', 'requests were');
    const which = byCount(wrong, ':', ', for example');
    texts.push(
      `${atLeast}${wrong} ${were} not echoed${which} ${brief(sent)} was answered by ${brief(received)}.`,
    );
  }
  if (refused > 0)
    texts.push(`${atLeast}${counted(refused, 'request')} failed, which no echo has a reason for.`);
  return texts.map(capitalized).join(' ');
}

const capitalized = (sentence: string): string => sentence.charAt(0).toUpperCase() + sentence.slice(1);

const brief = (value: Json): string => shownText(valueText(value), 100);

/** A failed operation has the value that was sent, so it looks like an echo. */
const isAnswer = ([, sent, , received]: EchoError): boolean => !jsonEquals(received, sent);

/** Returns undefined if all replies are right. */
export function echoFigure(result: EchoResult): string | undefined {
  const { wrong, refused, atLeast } = echoErrorCounts(result);
  if (wrong + refused === 0) return undefined;
  return [
    ...(wrong === 0 ? [] : [`${atLeast}${counted(wrong, 'wrong answer')}`]),
    ...(refused === 0 ? [] : [`${atLeast}${refused} refused`]),
  ].join(', ');
}
