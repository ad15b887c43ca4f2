/** A row of a followed request as text: what happened to its message, and how long it took. */
import { LOST, RECEIVED } from '../../../src/recording/messages/message-flags.ts';
import type { MessageRow, RequestRow } from '../../../src/recording/views.ts';
import { spanText } from '../time-text.ts';

export interface RowFate {
  /** `bad` for failures. */
  readonly tone: 'bad' | 'plain';
  readonly words: string;
}

/** True when no copy of the message arrived. */
export const isLost = ({ flags }: MessageRow): boolean => (flags & (LOST | RECEIVED)) === LOST;

export function fatesOf(row: RequestRow): readonly RowFate[] {
  const { message, reply, againAfter, byTimer, isWaitedFor, waitedUntil, parent } = row;
  const bad = (words: string): RowFate => ({ tone: 'bad', words });
  const plain = (words: string): RowFate => ({ tone: 'plain', words });
  return [
    ...(isLost(message) ? [bad(lostBy(row.dropReason))] : []),
    ...(message.end === null ? [plain('under way')] : []),
    ...(reply !== undefined && isLost(reply) ? [bad(`reply ${lostBy(row.replyDropReason)}`)] : []),
    ...(isUnanswered(row) ? [bad('no reply')] : []),
    ...(waitedUntil === undefined ? [] : [bad(`waited ${spanText(waitedUntil - message.sent)} in vain`)]),
    ...(againAfter === undefined ? [] : [plain(`again after ${spanText(againAfter)}`)]),
    ...(byTimer && againAfter === undefined && parent >= 0 ? [plain('by a timer')] : []),
    ...(isWaitedFor ? [plain('waited for')] : []),
  ];
}

const lostBy = (reason: string | undefined): string =>
  reason === undefined || reason === 'loss' ? 'lost' : `lost (${reason})`;

/** True when it requested a reply and none was sent. */
const isUnanswered = ({ message, reply }: RequestRow): boolean =>
  reply === undefined &&
  !isLost(message) &&
  message.end !== null &&
  /"msg_id"\s*:\s*-?\d/.test(message.preview) &&
  !/"in_reply_to"\s*:\s*-?\d/.test(message.preview);

/** Returns the time from sending to the reply, or to the arrival if no reply was requested; empty if that did not arrive. */
export function durationText(row: RequestRow): string {
  const { message, reply } = row;
  const last = reply ?? message;
  return last.end === null || isLost(last) || isUnanswered(row) || last.end === message.sent
    ? ''
    : spanText(last.end - message.sent);
}
