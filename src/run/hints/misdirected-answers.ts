/**
 * Answers to clients that went to a node instead: their `dest` is the node itself, or a peer, which had not asked.
 *
 *     c1 ── echo {msg_id: 1} ──> n1 ── echo_ok {in_reply_to: 1} ──> n1
 *
 * A hint only if not one client got an answer of that type: nodes may have requests of the same name among themselves.
 */
import type { EndpointKind } from '../../network/endpoint.ts';
import type { Op } from '../../history/op.ts';
import { isJsonObject, parseJson, stringifyJson } from '../../protocol/json.ts';
import { shownText } from '../../protocol/shown-text.ts';
import type { Packet } from '../../world/world.ts';

/** Number of messages between nodes that are looked at: a program with this mistake makes it from the beginning. */
const MOST_MESSAGES = 1000;
/** Longer messages are skipped. */
const LONGEST_BYTES = 2000;
const OK = '_ok';

interface Misdirected {
  readonly src: string;
  readonly dest: string;
  readonly f: string;
  readonly inReplyTo: string;
}

export class MisdirectedAnswers {
  private looked = 0;
  private readonly found: Misdirected[] = [];
  /** Requests between nodes, as "SRC DEST TYPE". */
  private readonly requested = new Set<string>();
  private readonly succeeded = new Set<string>();
  private readonly invoked = new Set<string>();

  constructor(private readonly kindOf: (name: string) => EndpointKind | undefined) {}

  observe({ f, type }: Op): void {
    (type === 'ok' ? this.succeeded : this.invoked).add(f);
  }

  sent({ src, dest, body }: Packet): void {
    if (this.looked >= MOST_MESSAGES || this.kindOf(src) !== 'node' || this.kindOf(dest) !== 'node') return;
    this.looked += 1;
    if (body.length > LONGEST_BYTES) return;
    const message = parseJson(body.toString('utf8'));
    if (!isJsonObject(message)) return;
    const { type, in_reply_to: inReplyTo } = message;
    if (typeof type !== 'string') return;
    if (!type.endsWith(OK) || inReplyTo === undefined) {
      this.requested.add(`${src} ${dest} ${type}`);
      return;
    }
    const f = type.slice(0, -OK.length);
    if (!this.requested.has(`${dest} ${src} ${f}`))
      this.found.push({ src, dest, f, inReplyTo: stringifyJson(inReplyTo) });
  }

  /** Returns a sentence about the first such answer, or undefined if there is none. */
  sentence(): string | undefined {
    const { invoked, succeeded } = this;
    // Without an operation the run ended at the set-up, such as broadcast's `topology`.
    const first = this.found.find(({ f }) => !succeeded.has(f) && (invoked.has(f) || invoked.size === 0));
    if (first === undefined) return undefined;
    const { src, dest, f, inReplyTo } = first;
    const [whom, who] = src === dest ? ['itself', 'it'] : [dest, dest];
    return (
      `${src} sent ${whom} the answer \`${f}${OK}\` with \`in_reply_to\` ${shownText(inReplyTo, 40)}, but ${who} had not asked for that. ` +
      'Expected: the `dest` of an answer is the `src` of its request, here a client.'
    );
  }
}
