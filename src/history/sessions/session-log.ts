/**
 * Histories of tools that check transactions of sessions: Plume, PolySI, AWDIT and dbcop. They have transactions in the order
 * of each session and no times, so that they become completions without invocations: one process for each session.
 *
 *     w(0,1,2,7)           text of Plume, PolySI and AWDIT: key, value, session, transaction       plume-log.ts
 *     w 0 1                AWDIT's `test`: ----- between transactions, ===== between sessions      session-texts.ts
 *     [x:=1 y==2] [z==?]!  dbcop's .hist: --- between sessions, ! after an aborted transaction
 *     [[{"events": ...     dbcop's JSON, old and new                                               dbcop-files.ts
 *     history.bincode      dbcop's binary file
 */
import { dbcopTransactions, bincodeTransactions, isBincode } from './dbcop-files.ts';
import { PlumeLog } from './plume-log.ts';
import type { SessionLog, SessionTransaction } from './session-transaction.ts';
import { histTransactions, testTransactions } from './session-texts.ts';

/** Number of bytes inspected. */
const LOOKED_AT = 4096;

/** Returns a reader for the format in which the bytes begin; undefined if it is another. */
export function sessionLogOf(bytes: Uint8Array): SessionLog | undefined {
  if (isBincode(bytes)) return new WholeLog((whole) => bincodeTransactions(whole));
  const start = new TextDecoder('latin1').decode(bytes.subarray(0, LOOKED_AT));
  if (/^\s*[rRwW]\(\s*\d+\s*,\s*\d+\s*,\s*\d+\s*,\s*-?\d+\s*\)/.test(start)) return new PlumeLog();
  if (/^\s*[rw] \d+ \d+\s*(\n|$)/.test(start)) return textLog(testTransactions);
  if (/^(\s|\/\/[^\n]*\n)*\[\s*\w+(:=|==)[\d?]/.test(start)) return textLog(histTransactions);
  const isDbcop =
    /^\s*\[\s*\[\s*\{\s*"(events|committed|success)"/.test(start) ||
    /^\s*\{\s*"params"\s*:\s*\{[^{}]*"n_variable"/.test(start);
  return isDbcop ? textLog(dbcopTransactions) : undefined;
}

const textLog = (read: (text: string) => Iterable<SessionTransaction>): SessionLog =>
  new WholeLog((bytes) => read(new TextDecoder().decode(bytes)));

/** For formats whose files are small, or cannot be read in parts: reads everything at the end. */
class WholeLog implements SessionLog {
  private readonly chunks: Uint8Array[] = [];

  constructor(private readonly read: (whole: Uint8Array) => Iterable<SessionTransaction>) {}

  push(chunk: Uint8Array): Iterable<SessionTransaction> {
    this.chunks.push(Uint8Array.prototype.slice.call(chunk));
    return [];
  }

  end(): Iterable<SessionTransaction> {
    const whole = new Uint8Array(this.chunks.reduce((sum, { length }) => sum + length, 0));
    let at = 0;
    for (const chunk of this.chunks.splice(0)) {
      whole.set(chunk, at);
      at += chunk.length;
    }
    return this.read(whole);
  }
}
