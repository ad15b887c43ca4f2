/**
 * Counts the polls at the end of a kafka run. When messages are unseen because none of these polls was answered,
 * whether anything is lost is unknown.
 */
import type { Budget } from '../../checkers/checker.ts';
import { KafkaChecker } from '../../checkers/kafka/kafka.ts';
import type { KafkaResult } from '../../checkers/kafka/result.ts';
import type { Op, Process } from '../../history/op.ts';
import { counted } from '../../protocol/count-text.ts';
import { elementsOf, wordOf, type Json } from '../../protocol/json.ts';
import { shownText } from '../../protocol/shown-text.ts';
import { valueInWords } from '../../protocol/value-text.ts';
import { TIMEOUT } from '../completion.ts';

const LONGEST_ERROR = 120;

export class FinalLookChecker extends KafkaChecker {
  /** Processes that have started again on all logs. */
  private readonly looking = new Set<Process>();
  private answered = 0;
  private timedOut = 0;
  private refused = 0;
  private firstError: Json | undefined;

  override observe(op: Op): void {
    super.observe(op);
    if (op.type === 'invoke') return;
    if (op.f === 'assign' && op.final === true && op.type === 'ok') this.looking.add(op.process);
    if (op.f !== 'poll' || !this.looking.has(op.process)) return;
    if (op.type === 'ok') this.answered++;
    else if (op.error === undefined || op.error === TIMEOUT) this.timedOut++;
    else {
      this.refused++;
      this.firstError ??= op.error;
    }
  }

  override result(budget?: Budget): KafkaResult {
    const result = super.result(budget);
    const unanswered = this.timedOut + this.refused;
    if (result.unseen === undefined || this.answered > 0 || unanswered === 0) return result;
    const text =
      `Clients looked for these messages in the end, and not one of ${counted(unanswered, 'poll')} was answered with messages: ` +
      `whether they are still there was not seen. ${this.reason()}`;
    return { ...result, warnings: [...(result.warnings ?? []), text] };
  }

  private reason(): string {
    if (this.firstError === undefined)
      return 'Does a poll of all logs take longer than clients wait, or do nodes stand still?';
    const failed = `${this.timedOut === 0 ? 'They' : `${this.refused} of them`} ended in errors, such as ${errorText(this.firstError)}`;
    return this.timedOut === 0 ? `${failed}.` : `${failed}; the others got no answer in time.`;
  }
}

function errorText(error: Json): string {
  const [code = null, text = null] = elementsOf(error) ?? [error];
  const said = wordOf(text) ?? (text === null ? '' : valueInWords(text));
  const name = shownText(wordOf(code) ?? valueInWords(code), LONGEST_ERROR);
  return said === '' ? name : `${name} (${shownText(said.replace(/\.$/, ''), LONGEST_ERROR)})`;
}
