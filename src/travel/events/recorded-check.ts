/**
 * Compares a repeated run, as it goes, with its recording: every event of the journal and every entry of the history,
 * with times and bodies. Keeps the first difference.
 */
import type { Op } from '../../history/op.ts';
import type { JournalEvent, JournalReader } from '../../network/journal/journal.ts';
import { stringifyJson, type Json } from '../../protocol/json.ts';
import { shownText } from '../../protocol/shown-text.ts';
import { KIND, type EventIndex, type RawEvent } from './event-index.ts';
import type { RunEvents } from './run-events.ts';

export interface RunDifference {
  /** Event of the repeated run. */
  readonly event: number;
  readonly recorded: string;
  readonly again: string;
}

export interface Recorded {
  readonly journal: JournalReader;
  /** Offset that the journal's reader has subtracted from its times. */
  readonly zeroNanos: number;
  readonly history: readonly Op[];
}

const SHOWN = 500;
const AT_ITS_END = 'nothing more: the recorded run ends here';

export class RecordedCheck {
  difference: RunDifference | undefined;
  /** Why the comparison was not completed: a file that cannot be read. */
  problem: string | undefined;
  private journalAt = 0;
  private opAt = 0;

  constructor(private readonly recorded: Recorded) {}

  event(event: number, raw: RawEvent, run: RunEvents, index: EventIndex): void {
    if (this.difference !== undefined || this.problem !== undefined) return;
    try {
      if (raw.kind === KIND.operation) this.operation(event, index.ops[raw.subject]);
      else if (raw.kind <= KIND.duplicated) this.message(event, raw, run, index);
    } catch (error) {
      this.problem = (error as Error).message;
    }
  }

  /** To be called at the end of the run: recorded events beyond it are a difference, too. */
  end(events: number): void {
    if (this.difference !== undefined || this.problem !== undefined) return;
    const { journal, history } = this.recorded;
    const again = 'nothing more: the run that was made again ends here';
    if (this.journalAt < journal.eventCount)
      this.difference = { event: events - 1, recorded: this.journalText(this.journalAt), again };
    else if (this.opAt < history.length)
      this.difference = { event: events - 1, recorded: opText(history[this.opAt]), again };
  }

  private operation(event: number, op: Op | undefined): void {
    const recorded = this.recorded.history[this.opAt++];
    const [was, is] = [opText(recorded), opText(op)];
    if (was !== is) this.difference = { event, recorded: shownText(was, SHOWN), again: shownText(is, SHOWN) };
  }

  private message(event: number, raw: RawEvent, run: RunEvents, index: EventIndex): void {
    const at = this.journalAt++;
    const { journal, zeroNanos } = this.recorded;
    if (at < journal.eventCount) {
      const recorded = journal.event(at);
      if (
        recorded.messageId === raw.subject &&
        recorded.timeNanos + zeroNanos === raw.nanos &&
        isSameKind(recorded, raw, index) &&
        (raw.kind !== KIND.sent || this.isSameMessage(raw.subject, run, index))
      )
        return;
    }
    const { from, to } = index.message(raw.subject);
    const { kind } = index.row(event).happening;
    const body = raw.kind === KIND.sent ? ` ${run.message?.body ?? ''}` : '';
    const again = `message ${raw.subject} ${kind} at ${raw.nanos - zeroNanos} ns, ${from} to ${to}${body}`;
    this.difference = { event, recorded: this.journalText(at), again: shownText(again, SHOWN) };
  }

  private isSameMessage(id: number, run: RunEvents, index: EventIndex): boolean {
    const { src, dest, body } = this.recorded.journal.message(id);
    const { from, to } = index.message(id);
    return src === from && dest === to && body.toString('utf8') === run.message?.body;
  }

  private journalText(at: number): string {
    const { journal } = this.recorded;
    if (at >= journal.eventCount) return AT_ITS_END;
    const event = journal.event(at);
    const { src, dest, body } = journal.message(event.messageId);
    const kind = event.kind === 'dropped' ? 'lost' : event.kind;
    const text = kind === 'sent' ? ` ${body.toString('utf8')}` : '';
    return shownText(
      `message ${event.messageId} ${kind} at ${event.timeNanos} ns, ${src} to ${dest}${text}`,
      SHOWN,
    );
  }
}

function isSameKind(recorded: JournalEvent, { kind, detail }: RawEvent, index: EventIndex): boolean {
  switch (recorded.kind) {
    case 'sent':
      return kind === KIND.sent;
    case 'received':
      return kind === KIND.received;
    case 'dropped':
      return kind === KIND.lost && index.texts.textOf(detail) === recorded.reason;
    case 'duplicated':
      return kind === KIND.duplicated && detail === recorded.copies;
  }
}

const opText = (op: Op | undefined): string =>
  op === undefined ? AT_ITS_END : stringifyJson(op as unknown as Json); // an operation is plain JSON
