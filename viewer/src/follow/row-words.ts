/** A row of a followed request in words: what became of it, and how long it took. */
import { LOST, RECEIVED } from '../../../src/recording/messages/message-flags.ts';
import type { MessageRow, RequestRow } from '../../../src/recording/views.ts';
import { spanText } from '../time-text.ts';

export interface RowFate {
  /** `bad` for what went wrong. */
  readonly tone: 'bad' | 'plain';
  readonly words: string;
}

/** Nothing of it arrived. */
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

/** It asked for a reply, and none was sent. */
const isUnanswered = ({ message, reply }: RequestRow): boolean =>
  reply === undefined &&
  !isLost(message) &&
  message.end !== null &&
  /"msg_id"\s*:\s*-?\d/.test(message.preview) &&
  !/"in_reply_to"\s*:\s*-?\d/.test(message.preview);

/** From the sending to the reply, or to the arrival of a message that asks for none; empty where what is asked for is missing. */
export function durationText(row: RequestRow): string {
  const { message, reply } = row;
  const last = reply ?? message;
  return last.end === null || isLost(last) || isUnanswered(row) || last.end === message.sent
    ? ''
    : spanText(last.end - message.sent);
}
