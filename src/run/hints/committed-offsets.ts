/**
 * Whether kafka nodes list what clients have committed: nothing at all, or lower offsets than acknowledged ones. A checker
 * does not see that: a client that finds no or an old committed offset polls messages once more, but none is lost.
 *
 *     c1 ── commit_offsets {"a": 7} ──> n1     c2 ── list_committed_offsets ["a"] ──> n1 ── {} ──> c2
 */
import { counted } from '../../protocol/count-text.ts';
import {
  isJsonArray,
  isJsonInteger,
  isJsonObject,
  parseJson,
  stringifyJson,
  type Json,
  type JsonObject,
} from '../../protocol/json.ts';
import { shownText } from '../../protocol/shown-text.ts';
import type { EndpointKind } from '../../network/endpoint.ts';
import type { Packet } from '../../world/world.ts';

/** Minimum number of listings without any offset for a hint. */
const FEW = 10;
/** Minimum number of offsets that were lower than acknowledged ones. */
const FEW_BEHIND = 3;
/** Longer messages are skipped. */
const LONGEST_BYTES = 20_000;
/** Maximum number of requests kept while they have no answer. */
const MOST_PENDING = 1000;
const MOST_PARSED = 50_000;

type Offset = number | bigint;
type Offsets = ReadonlyMap<string, Offset>;

/** A request without an answer yet: what it commits, or what was acknowledged when it asked. */
interface Pending {
  readonly commits: boolean;
  readonly offsets: Offsets;
}

/** An offset that was listed although a higher one had been acknowledged. */
interface Behind {
  readonly node: string;
  readonly key: string;
  readonly listed: Offset | undefined;
  readonly acknowledged: Offset;
}

export class CommittedOffsets {
  /** Indexed by client and `msg_id`. */
  private readonly pending = new Map<string, Pending>();
  /** Indexed by key: the highest acknowledged offset. */
  private readonly acknowledged = new Map<string, Offset>();
  private parsed = 0;
  private missing = 0;
  private isListed = false;
  private timesBehind = 0;
  private behind: Behind | undefined;

  constructor(private readonly kindOf: (name: string) => EndpointKind | undefined) {}

  sent({ src, dest, body }: Packet): void {
    if (this.parsed >= MOST_PARSED || body.length > LONGEST_BYTES || !body.includes('commit')) return;
    const isRequest = this.kindOf(src) === 'client';
    if (!isRequest && this.kindOf(dest) !== 'client') return;
    this.parsed++;
    const message = parseJson(body.toString('utf8'));
    if (!isJsonObject(message)) return;
    if (isRequest) this.asked(src, message);
    else this.answered(src, dest, message);
  }

  sentence(): string | undefined {
    const { missing, isListed, acknowledged, timesBehind, behind } = this;
    if (!isListed)
      return missing < FEW
        ? undefined
        : `Clients committed offsets of ${counted(acknowledged.size, 'log')}, but no answer to \`list_committed_offsets\` had any of them, ` +
            `although ${missing} requests asked for them: a client that resumes starts each log from the beginning.`;
    if (behind === undefined || timesBehind < FEW_BEHIND) return undefined;
    const { node, key, listed, acknowledged: higher } = behind;
    return (
      `${timesBehind.toLocaleString('en')} times \`list_committed_offsets\` was answered with less than what had been acknowledged as committed, first by ${node}: ` +
      `${listed === undefined ? 'nothing' : `offset ${listed}`} for key ${shownText(stringifyJson(key), 60)}, although ${higher} had been. A client that resumes there polls messages again. ` +
      'Does a commit of a lower offset replace a higher one, or does only the node that took a commit know it?'
    );
  }

  private asked(client: string, { type = null, msg_id: id = null, keys, offsets }: JsonObject): void {
    if (type === 'commit_offsets') this.wait(client, id, { commits: true, offsets: offsetsIn(offsets) });
    else if (type === 'list_committed_offsets') {
      const known = (isJsonArray(keys) ? keys : []).flatMap((key) => {
        const offset = typeof key === 'string' ? this.acknowledged.get(key) : undefined;
        return typeof key !== 'string' || offset === undefined ? [] : [[key, offset] as const];
      });
      if (known.length > 0) this.wait(client, id, { commits: false, offsets: new Map(known) });
    }
  }

  private wait(client: string, id: Json, request: Pending): void {
    if (this.pending.size >= MOST_PENDING) this.pending.clear();
    this.pending.set(`${client} ${stringifyJson(id)}`, request);
  }

  private answered(
    node: string,
    client: string,
    { type = null, in_reply_to: to = null, offsets }: JsonObject,
  ): void {
    const name = `${client} ${stringifyJson(to)}`;
    const request = this.pending.get(name);
    if (request === undefined) return;
    this.pending.delete(name);
    if (request.commits && type === 'commit_offsets_ok') this.acknowledge(request.offsets);
    if (!request.commits && type === 'list_committed_offsets_ok')
      this.noteListed(node, request.offsets, offsetsIn(offsets));
  }

  private acknowledge(offsets: Offsets): void {
    for (const [key, offset] of offsets) {
      const before = this.acknowledged.get(key);
      if (before === undefined || offset > before) this.acknowledged.set(key, offset);
    }
  }

  private noteListed(node: string, acknowledged: Offsets, listed: Offsets): void {
    if ([...acknowledged.keys()].some((key) => listed.has(key))) this.isListed = true;
    else this.missing++;
    for (const [key, higher] of acknowledged) {
      const offset = listed.get(key);
      if (offset !== undefined && offset >= higher) continue;
      this.timesBehind++;
      this.behind ??= { node, key, listed: offset, acknowledged: higher };
    }
  }
}

/** Returns the committed offsets by key; below 0 means that nothing was committed. */
function offsetsIn(offsets: Json | undefined): Offsets {
  const entries = isJsonObject(offsets) ? Object.entries(offsets) : [];
  return new Map(
    entries.flatMap(([key, offset]) =>
      isJsonInteger(offset) && offset >= 0 ? [[key, offset] as const] : [],
    ),
  );
}
