/** Two notations in which histories of sessions are written by hand: AWDIT's `test`, and dbcop's `.hist`. */
import { HistoryError } from '../history-error.ts';
import { shownText } from '../../protocol/shown-text.ts';
import { integerOf, type MicroOp, type SessionTransaction } from './session-transaction.ts';

/** `r 0 1` and `w 0 1`, a line each; lines of `-` between transactions, lines of `=` between sessions. */
export function* testTransactions(text: string): Iterable<SessionTransaction> {
  let session = 0;
  let value: MicroOp[] = [];
  let first = 1;
  const done = (): readonly SessionTransaction[] => {
    const ended = value.length === 0 ? [] : [{ session, isAborted: false, value, line: first }];
    value = [];
    return ended;
  };
  for (const [at, line] of text.split('\n').entries()) {
    const [, f, key = '', shown = ''] = /^\s*([rw])\s+(\d+)\s+(\d+)\s*$/.exec(line) ?? [];
    if (f !== undefined) {
      if (value.length === 0) first = at + 1;
      value.push([f === 'w' ? 'w' : 'r', integerOf(key), integerOf(shown)]);
    } else if (/^\s*[-=]+\s*$/.test(line)) {
      yield* done();
      if (line.includes('=')) session++;
    } else if (line.trim() !== '') throw notRead(at + 1, 'r KEY VALUE, w KEY VALUE, ----- or =====', line);
  }
  yield* done();
}

/** `[x:=1 y==2 z==?]`, one or more on a line; `!` behind an aborted one, `---` between sessions, `//` before a comment. */
export function* histTransactions(text: string): Iterable<SessionTransaction> {
  let session = 0;
  for (const [at, whole] of text.split('\n').entries()) {
    const line = whole.replace(/\/\/.*$/, '').trim();
    if (line === '') continue;
    if (/^-+$/.test(line)) {
      session++;
      continue;
    }
    if (!/^(\[[^[\]]*\]!?\s*)+$/.test(line)) throw notRead(at + 1, '[x:=1 y==2] or ---', line);
    for (const [, inner = '', bang = ''] of line.matchAll(/\[([^[\]]*)\](!?)/g)) {
      const value = inner
        .trim()
        .split(/\s+/)
        .map((event): MicroOp => {
          const [, key = '', sign = '', version = ''] = /^(\w+)(:=|==)(\d+|\?)$/.exec(event) ?? [];
          if (sign === '' || (sign === ':=' && version === '?'))
            throw notRead(at + 1, 'x:=1, x==1 or x==?', event);
          return [sign === ':=' ? 'w' : 'r', key, version === '?' ? null : integerOf(version)];
        });
      yield { session, isAborted: bang === '!', value, line: at + 1 };
    }
  }
}

const notRead = (line: number, expected: string, seen: string): HistoryError =>
  new HistoryError(
    `line ${line} is not of this notation; expected ${expected}. Seen: ${shownText(seen, 120)}`,
  );
