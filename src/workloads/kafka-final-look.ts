/**
 * Counts the polls at the end of a kafka run. When messages are unseen because none of these polls was answered,
 * whether anything is lost is unknown.
 */
import type { Budget } from '../checkers/checker.ts';
import { KafkaChecker } from '../checkers/kafka/kafka.ts';
import type { KafkaResult } from '../checkers/kafka/result.ts';
import type { Op, Process } from '../history/op.ts';
import { counted } from '../protocol/count-text.ts';

export class FinalLookChecker extends KafkaChecker {
  /** Processes that have started again on all logs. */
  private readonly looking = new Set<Process>();
  private answered = 0;
  private unanswered = 0;

  override observe(op: Op): void {
    super.observe(op);
    if (op.type === 'invoke') return;
    if (op.f === 'assign' && op.final === true && op.type === 'ok') this.looking.add(op.process);
    if (op.f !== 'poll' || !this.looking.has(op.process)) return;
    if (op.type === 'ok') this.answered++;
    else this.unanswered++;
  }

  override result(budget?: Budget): KafkaResult {
    const result = super.result(budget);
    if (result.unseen === undefined || this.answered > 0 || this.unanswered === 0) return result;
    const polls = counted(this.unanswered, 'poll');
    const text =
      `Clients looked for these messages in the end, and not one of ${polls} was answered with messages: whether they are still there was not seen. ` +
      'Does a poll of all logs take longer than clients wait, or do nodes stand still?';
    return { ...result, warnings: [...(result.warnings ?? []), text] };
  }
}
