/** Origins of messages, encoded as small numbers that deflate well: a message usually follows from a recent one. */
import { NO_ORIGIN, type Origin } from '../../world/cause.ts';
import { FOLLOWS_NONE, FOLLOWS_UNKNOWN } from '../messages/message-origins.ts';

const NONE = 0;
const UNKNOWN = 1;

export function originCode(id: number, origin: number, byTimer: boolean): number {
  if (origin === FOLLOWS_NONE) return NONE;
  return origin === FOLLOWS_UNKNOWN ? UNKNOWN : 2 * (id - origin) + (byTimer ? 1 : 0);
}

export function originOfCode(id: number, code: number): Origin | undefined {
  if (code === NONE) return NO_ORIGIN;
  return code === UNKNOWN ? undefined : { message: id - Math.floor(code / 2), byTimer: code % 2 === 1 };
}
