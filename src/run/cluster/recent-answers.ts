/**
 * A client's last replies, to distinguish a second reply that repeats the first from one that contradicts it.
 *
 * Of long replies only the newest is kept, and very long ones are not kept, so that a node that replies with megabytes
 * costs no memory.
 */
import { isDefinite } from '../../protocol/error-code.ts';
import { isJsonObject, jsonEquals, parseJson, type Json, type JsonObject } from '../../protocol/json.ts';

const KEPT = 64;
const LONG = 2048;
const VERY_LONG = 1024 * 1024;

export class RecentAnswers {
  /** Indexed by msg_id of the request, oldest first. */
  private readonly texts = new Map<number, string>();
  private newestLong: number | undefined;

  remember(msgId: number, text: string): void {
    if (text.length > VERY_LONG) return;
    if (text.length > LONG) {
      if (this.newestLong !== undefined) this.texts.delete(this.newestLong);
      this.newestLong = msgId;
    }
    this.texts.set(msgId, text);
    if (this.texts.size <= KEPT) return;
    for (const oldest of this.texts.keys()) {
      this.texts.delete(oldest);
      return;
    }
  }

  /**
   * Returns the first reply to that request if this one contradicts it; undefined if it does not or the first is
   * forgotten.
   */
  contradictedBy(msgId: number, second: JsonObject): string | undefined {
    const text = this.texts.get(msgId);
    if (text === undefined) return undefined;
    const first = parseJson(text);
    return isJsonObject(first) && contradict(first, second) ? text : undefined;
  }
}

/**
 * True when the two replies cannot both be true. A later reply may settle an indefinite error; message ids and error
 * texts are ignored.
 */
function contradict(first: JsonObject, second: JsonObject): boolean {
  if (leavesOpen(first) || leavesOpen(second)) return false;
  return !jsonEquals(essence(first), essence(second));
}

function leavesOpen({ type, code }: JsonObject): boolean {
  return type === 'error' && !(typeof code === 'number' && isDefinite(code));
}

function essence(answer: JsonObject): Json {
  if (answer['type'] === 'error') return { type: 'error', code: answer['code'] ?? null };
  const { msg_id: _id, ...rest } = answer;
  return rest;
}
