/**
 * The text format of Plume, PolySI and AWDIT: one line for each step of a transaction, those of a session in its order.
 *
 *     w(0,1,2,7)      key 0, value 1, session 2, transaction 7; a transaction numbered -1 was aborted
 */
import { HistoryError } from '../history-error.ts';
import { shownText } from '../../protocol/shown-text.ts';
import { integerOf, type MicroOp, type SessionLog, type SessionTransaction } from './session-transaction.ts';

/** Sessions are safe integers. */
const STEP = /^\s*([rRwW])\(\s*(\d+)\s*,\s*(\d+)\s*,\s*(\d{1,15})\s*,\s*(-?\d+)\s*\)\s*$/;
const ABORTED = '-1';

interface Open {
  readonly transaction: string;
  readonly value: MicroOp[];
  readonly line: number;
}

export class PlumeLog implements SessionLog {
  private readonly decoder = new TextDecoder();
  private rest = '';
  private line = 0;
  /** By session: its latest transaction, which ends with the next one's first step. */
  private readonly open = new Map<number, Open>();

  *push(chunk: Uint8Array): Iterable<SessionTransaction> {
    const lines = (this.rest + this.decoder.decode(chunk, { stream: true })).split('\n');
    this.rest = lines.pop() ?? '';
    for (const line of lines) yield* this.step(line);
  }

  *end(): Iterable<SessionTransaction> {
    yield* this.step(this.rest);
    for (const [session, { value, line }] of this.open) yield { session, isAborted: false, value, line };
  }

  private *step(text: string): Iterable<SessionTransaction> {
    this.line++;
    const [, f = '', key = '', value = '', of = '', transaction = ''] = STEP.exec(text) ?? [];
    if (f === '') {
      if (text.trim() === '') return;
      throw new HistoryError(
        `line ${this.line} is no step of a transaction; expected r(key,value,session,transaction) or w(...). Seen: ${shownText(text, 120)}`,
      );
    }
    const { line } = this;
    const session = Number(of);
    const microOp: MicroOp = [f.toLowerCase() === 'w' ? 'w' : 'r', integerOf(key), integerOf(value)];
    if (transaction === ABORTED) {
      if (microOp[0] === 'w') yield { session, isAborted: true, value: [microOp], line };
      return;
    }
    const open = this.open.get(session);
    if (open?.transaction === transaction) {
      open.value.push(microOp);
      return;
    }
    this.open.set(session, { transaction, value: [microOp], line });
    if (open !== undefined) yield { session, isAborted: false, value: open.value, line: open.line };
  }
}
