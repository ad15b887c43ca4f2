/**
 * Whether a kafka node ever lists what clients have committed. A checker does not see that: a client that finds no
 * committed offset begins the log anew, so it polls every message, only more than once.
 *
 *     c1 ── commit_offsets {"a": 7} ──> n1     c2 ── list_committed_offsets ["a"] ──> n1 ── {} ──> c2
 */
import { counted } from '../../protocol/count-text.ts';
import { isJsonArray, isJsonObject, parseJson, stringifyJson, type Json } from '../../protocol/json.ts';
import type { EndpointKind } from '../../network/endpoint.ts';
import type { Packet } from '../../world/world.ts';

/** Minimum number of listings for a hint. */
const FEW = 10;
/** Longer messages are skipped. */
const LONGEST_BYTES = 20_000;
/** Maximum number of requests kept while they have no answer. */
const MOST_PENDING = 1000;

export class CommittedOffsets {
  /** Keys of requests without an answer yet, indexed by client and `msg_id`. */
  private readonly pending = new Map<string, readonly string[]>();
  private readonly committed = new Set<string>();
  private missing = 0;
  private isListed = false;

  constructor(private readonly kindOf: (name: string) => EndpointKind | undefined) {}

  sent({ src, dest, body }: Packet): void {
    if (this.isListed || body.length > LONGEST_BYTES || !body.includes('commit')) return;
    const message = parseJson(body.toString('utf8'));
    if (!isJsonObject(message)) return;
    const { type, msg_id: id = null, in_reply_to: to = null, keys = null, offsets = null } = message;
    if (this.kindOf(src) === 'client') {
      if (type === 'commit_offsets') this.asked(src, id, isJsonObject(offsets) ? Object.keys(offsets) : []);
      else if (type === 'list_committed_offsets') this.asked(src, id, isJsonArray(keys) ? keys : []);
    } else if (this.kindOf(dest) === 'client') {
      const request = `${dest} ${stringifyJson(to)}`;
      const asked = this.pending.get(request);
      if (asked === undefined) return;
      this.pending.delete(request);
      if (type === 'commit_offsets_ok') for (const key of asked) this.committed.add(key);
      else if (type === 'list_committed_offsets_ok') this.noteListed(asked, offsets);
    }
  }

  sentence(): string | undefined {
    const { missing, isListed, committed } = this;
    return isListed || missing < FEW
      ? undefined
      : `Clients committed offsets of ${counted(committed.size, 'log')}, but no answer to \`list_committed_offsets\` had any of them, ` +
          `although ${missing} requests asked for them: a client that resumes starts each log from the beginning.`;
  }

  private asked(client: string, id: Json, keys: readonly Json[]): void {
    if (this.pending.size >= MOST_PENDING) this.pending.clear();
    this.pending.set(
      `${client} ${stringifyJson(id)}`,
      keys.filter((key) => typeof key === 'string'),
    );
  }

  private noteListed(asked: readonly string[], offsets: Json): void {
    const known = asked.filter((key) => this.committed.has(key));
    if (known.length === 0) return;
    if (isJsonObject(offsets) && known.some((key) => offsets[key] !== undefined)) this.isListed = true;
    else this.missing++;
  }
}
