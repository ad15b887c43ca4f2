/** The transactions of sessions, and what reads them from a file. */
import { jsonInteger, type Json } from '../../protocol/json.ts';

/** A step of a transaction on registers. */
export type MicroOp = readonly [f: 'r' | 'w', key: Json, value: Json];

/** Converts the digits of an integer. */
export const integerOf = (digits: string): Json =>
  digits.length < 16 ? Number(digits) : jsonInteger(BigInt(digits));

export interface SessionTransaction {
  readonly session: number;
  readonly isAborted: boolean;
  readonly value: readonly MicroOp[];
  /** The line on which it begins, from 1; in a binary file its number. */
  readonly line: number;
}

/** Reads transactions from consecutive chunks. Throws a HistoryError for anything else. */
export interface SessionLog {
  push(chunk: Uint8Array): Iterable<SessionTransaction>;
  end(): Iterable<SessionTransaction>;
}
