/**
 * A client's connection: RPCs over the network, one at a time.
 *
 * It numbers requests, matches replies by `in_reply_to`, times requests out, and reports replies that match no request.
 * Nodes are not trusted: a malformed reply is recorded and never throws.
 */
import { isDefinite, isKnownError } from '../../protocol/error-code.ts';
import {
  checkErrorReply,
  checkReply,
  unknownReplyFields,
  withEmptyForNull,
} from '../../protocol/rpc/check-rpc.ts';
import { shownText } from '../../protocol/shown-text.ts';
import {
  isJsonInteger,
  isJsonObject,
  parseJson,
  stringifyJson,
  type Json,
  type JsonObject,
} from '../../protocol/json.ts';
import { otherKindHint } from '../../protocol/json/other-kind.ts';
import type { RpcDefinition } from '../../protocol/rpc/rpc.ts';
import { initRpc } from '../../protocol/rpcs/init.ts';
import type { Endpoint } from '../../network/endpoint.ts';
import type { Network } from '../../network/network.ts';
import type { ViolationKind } from '../../network/violation-kinds.ts';
import type { ViolationLog } from '../../network/violations.ts';
import { withFields } from '../../node/with-fields.ts';
import { BROKEN_ANSWER, type ClientLink, type Reply } from '../../workloads/workload.ts';
import { RecentAnswers } from './recent-answers.ts';
import { NANOS_PER_MS, type Clock, type Scheduled } from '../../world/clock.ts';
import type { Packet } from '../../world/world.ts';

export const DEFAULT_TIMEOUT_MS = 5000;

export interface ClientConnectionOptions {
  readonly name: string;
  /** The node that the client is bound to. */
  readonly node: string;
  readonly nodes: readonly string[];
  readonly network: Network;
  readonly clock: Clock;
  readonly violations: ViolationLog;
}

interface Request {
  readonly msgId: number;
  readonly definition: RpcDefinition;
  readonly dest: string;
  readonly deadlineNanos: number;
  readonly done: (reply: Reply) => void;
}

/** Number of timed-out requests remembered, so that late replies to them are not reported as unsolicited. */
const GIVEN_UP_KEPT = 1000;

export class ClientConnection implements ClientLink, Endpoint {
  readonly name: string;
  readonly node: string;
  readonly nodes: readonly string[];
  private lastMsgId = 0;
  private current: Request | undefined;
  private readonly givenUp = new Set<number>();
  private readonly answers = new RecentAnswers();
  /**
   * Fires at or before the deadline of the current request. It is kept across requests, since most are answered in
   * time.
   */
  private alarm: Scheduled | undefined;
  private alarmNanos = 0;
  private closed = false;

  constructor(private readonly options: ClientConnectionOptions) {
    this.name = options.name;
    this.node = options.node;
    this.nodes = options.nodes;
    options.network.attach(options.name, 'client', this);
  }

  rpc(
    definition: RpcDefinition,
    dest: string,
    fields: JsonObject,
    done: (reply: Reply) => void,
    timeoutMs = DEFAULT_TIMEOUT_MS,
  ): void {
    if (this.closed) throw new Error(`${this.name}: rpc on a closed connection`);
    if (this.current !== undefined) {
      throw new Error(`${this.name}: ${definition.type} while ${this.current.definition.type} is in flight`);
    }
    const { clock, network } = this.options;
    const msgId = ++this.lastMsgId;
    const deadlineNanos = clock.nowNanos() + Math.round(timeoutMs * NANOS_PER_MS);
    this.current = { msgId, definition, dest, deadlineNanos, done };
    this.setAlarm(deadlineNanos);
    const outcome = network.sendJson(
      this.name,
      dest,
      withFields({ type: definition.type, ...fields }, { msg_id: msgId }),
    );
    if (outcome === 'unknown-dest') {
      clock.schedule(clock.nowNanos(), () => this.refuse(msgId, dest));
    }
  }

  violation(
    message: string,
    body: Json,
    kind: 'wrong-structure' | 'uncommitted-offset' = 'wrong-structure',
  ): void {
    this.report(this.node, kind, message, stringifyJson(body));
  }

  /** Stops delivering replies, including the one to the request in flight. */
  close(): void {
    if (this.closed) return;
    this.closed = true;
    this.current = undefined;
    this.alarm?.cancel();
    this.options.network.detach(this.name);
  }

  deliver(packet: Packet): void {
    const text = packet.body.toString('utf8');
    // The sender's port has checked that the body is a JSON object.
    const body = parseJson(text);
    if (!isJsonObject(body)) return;
    const inReplyTo = own(body, 'in_reply_to');
    const request = this.current;
    // A message with a client as its src was sent by a node, most likely the one this client talks to.
    const src = this.options.network.kindOf(packet.src) === 'client' ? this.node : packet.src;
    if (request !== undefined && inReplyTo === request.msgId) this.answer(request, src, body, text);
    else this.blame(src, inReplyTo, body, text);
  }

  private answer(request: Request, src: string, sent: JsonObject, text: string): void {
    const { definition, msgId, done } = request;
    this.current = undefined;
    // A second answer to `init` is only remarked on, whatever it says: upstream has stopped listening.
    if (definition !== initRpc) this.answers.remember(msgId, text);
    const body = this.withoutOddId(request, src, sent, text);
    if (own(body, 'type') === 'error') return done(this.errorReply(request, src, body, text));
    const asSent = checkReply(definition, body);
    const taken = asSent === undefined ? body : withEmptyForNull(definition, body);
    const problem = asSent === undefined ? undefined : checkReply(definition, taken);
    if (problem !== undefined) return done(this.badReply(request, src, problem, text));
    if (asSent !== undefined) {
      this.report(
        src,
        'null-for-empty',
        `${src}'s \`${definition.type}_ok\` has null for a list or map: ${asSent}. It was read as an empty one.`,
        text,
      );
    }
    const unknown = unknownReplyFields(definition, body);
    if (unknown.length > 0) {
      const fields = unknown.map((field) => `\`${shownText(field, 60)}\``).slice(0, FIELDS_NAMED);
      this.report(
        src,
        'unknown-field',
        `${src}'s \`${definition.type}_ok\` has unknown fields: ${fields.join(', ')}.${notDone(definition.type, body, unknown)}`,
        text,
      );
    }
    done({ kind: 'reply', body: taken });
  }

  /**
   * Removes an invalid `msg_id` where it is harmless: some languages write null for an absent field, upstream checks
   * only the type of `init_ok`, and nothing replies to the `msg_id` of a reply.
   */
  private withoutOddId({ definition }: Request, src: string, body: JsonObject, text: string): JsonObject {
    const { msg_id: id } = body;
    if (id === undefined || isJsonInteger(id) || (id !== null && definition !== initRpc)) return body;
    this.report(
      src,
      'odd-msg-id',
      `${src}'s answer to \`${definition.type}\` has the \`msg_id\` ${shownText(stringifyJson(id), 80)}, which was ignored. Expected: an integer, or no such field.`,
      text,
    );
    const { msg_id: _id, ...others } = body;
    return others;
  }

  private errorReply(request: Request, src: string, body: JsonObject, text: string): Reply {
    const problem = checkErrorReply(body);
    if (problem !== undefined) return this.badReply(request, src, problem, text);
    // checkErrorReply has checked that the code is an integer.
    const code = Number(body['code']);
    const errorText = own(body, 'text');
    if (!isKnownError(code)) {
      this.report(
        src,
        'unknown-error-code',
        `${src} answered \`${request.definition.type}\` with error ${code}, an unknown code, which does not say whether the request took effect: a read counts as failed, another operation as in doubt. Expected: one of the protocol's codes, or a code of your own from 1000.`,
        text,
      );
    }
    return {
      kind: 'error',
      code,
      text: typeof errorText === 'string' ? withinLimit(errorText) : '',
      definite: isDefinite(code),
    };
  }

  private badReply({ definition, msgId }: Request, src: string, problem: string, text: string): Reply {
    const message = `${src} answered \`${definition.type}\` (msg_id ${msgId}) wrongly: ${problem}`;
    this.report(src, 'bad-reply', message, text);
    return {
      kind: 'error',
      code: 13,
      text: `${BROKEN_ANSWER}${problem}`,
      definite: false,
    };
  }

  /** Reports a reply that matches no open request. */
  private blame(src: string, inReplyTo: Json | undefined, body: JsonObject, text: string): void {
    const { name, lastMsgId } = this;
    const sent =
      lastMsgId === 0
        ? `${name} has sent no requests`
        : lastMsgId === 1
          ? `${name}'s only request so far has msg_id 1`
          : `${name}'s requests so far have msg_id 1 to ${lastMsgId}`;
    const expected =
      this.current === undefined
        ? ''
        : ` Expected in the answer to its \`${this.current.definition.type}\`: "in_reply_to": ${this.current.msgId}, the request's \`msg_id\`.`;
    // Some languages write null for an absent field.
    if (inReplyTo === undefined || inReplyTo === null) {
      this.report(
        src,
        'no-in-reply-to',
        `${src} sent ${name} a message without \`in_reply_to\`; clients accept only answers to their requests.${expected}${misnamed(body)}`,
        text,
      );
    } else if (!isJsonInteger(inReplyTo)) {
      const hint = otherKindHint(inReplyTo, 'an integer');
      this.report(
        src,
        'bad-in-reply-to',
        `${src} sent ${name} an answer whose \`in_reply_to\` is ${shownText(stringifyJson(inReplyTo), 80)}; expected the request's \`msg_id\`, an integer${hint === undefined ? '' : ` (${hint})`}.`,
        text,
      );
    } else if (inReplyTo < 1 || inReplyTo > lastMsgId) {
      this.report(
        src,
        'wrong-in-reply-to',
        `${src} sent ${name} an answer with \`in_reply_to\` ${shownText(String(inReplyTo), 80)}, but there is no such request: ${sent}.${expected}`,
        text,
      );
    } else if (this.givenUp.delete(Number(inReplyTo))) {
      this.answers.remember(Number(inReplyTo), text);
      this.report(
        src,
        'late-answer',
        `${src} answered ${name}'s request ${inReplyTo} after the client had given up; the answer was ignored.`,
        text,
      );
    } else this.blameSecondAnswer(src, Number(inReplyTo), body, text);
  }

  private blameSecondAnswer(src: string, msgId: number, body: JsonObject, text: string): void {
    const first = this.answers.contradictedBy(msgId, body);
    const again = `${src} answered ${this.name}'s request ${msgId} a second time`;
    if (first === undefined) {
      this.report(
        src,
        'second-answer',
        `${again}; each request is answered once. The first answer counts.`,
        text,
      );
    } else {
      this.report(
        src,
        'contradicting-answer',
        `${again}, with a different answer. Expected: each request is answered once. The first answer was ${shownText(first, 500)}`,
        text,
      );
    }
  }

  private refuse(msgId: number, dest: string): void {
    const request = this.current;
    if (request?.msgId !== msgId) return;
    this.current = undefined;
    request.done({ kind: 'error', code: 1, text: `node ${dest} does not exist`, definite: true });
  }

  private setAlarm(deadlineNanos: number): void {
    if (this.alarm !== undefined) {
      if (this.alarmNanos <= deadlineNanos) return;
      this.alarm.cancel();
    }
    this.alarmNanos = deadlineNanos;
    this.alarm = this.options.clock.schedule(deadlineNanos, () => this.ring());
  }

  private ring(): void {
    this.alarm = undefined;
    const request = this.current;
    if (request === undefined) return;
    if (request.deadlineNanos > this.options.clock.nowNanos()) {
      this.setAlarm(request.deadlineNanos);
      return;
    }
    this.current = undefined;
    this.rememberGivenUp(request.msgId);
    request.done({ kind: 'timeout' });
  }

  private rememberGivenUp(msgId: number): void {
    this.givenUp.add(msgId);
    if (this.givenUp.size <= GIVEN_UP_KEPT) return;
    for (const oldest of this.givenUp) {
      this.givenUp.delete(oldest);
      return;
    }
  }

  private report(src: string, kind: ViolationKind, message: string, text: string): void {
    this.options.violations.record(src, kind, 0, () => ({ message, sample: shownText(text, 500) }));
  }
}

/** Maximum length in characters of an error text in the history, since it is quoted in results, logs and pages. */
const LONGEST_ERROR_TEXT = 2000;

const withinLimit = (text: string): string =>
  text.length > LONGEST_ERROR_TEXT ? shownText(text, LONGEST_ERROR_TEXT) : text;

/**
 * Points out a field that was probably meant as `in_reply_to`: `inReplyTo`, or `InReplyTo`; or the field that holds it,
 * as libraries write a variant of an enum: {"EchoOk": {"in_reply_to": 1}}.
 */
function misnamed(body: JsonObject): string {
  const holder = Object.keys(body).find((key) => {
    const value = body[key];
    return isJsonObject(value) && Object.hasOwn(value, 'in_reply_to');
  });
  if (holder !== undefined)
    return ` It stands within \`${shownText(holder, 60)}\`: \`type\` and the other fields are those of the body itself, which in Rust #[serde(tag = "type", rename_all = "snake_case")] does for an enum.`;
  const meant = Object.keys(body).find((key) =>
    ['inreplyto', 'replyto'].includes(key.replaceAll(/[-_]/g, '').toLowerCase()),
  );
  return meant === undefined || meant === 'in_reply_to'
    ? ''
    : ` It has \`${shownText(meant, 60)}\`: rename it to \`in_reply_to\`.`;
}

/** Names that node authors commonly use for a field that reports refusal. */
const OUTCOMES = new Set([
  'success',
  'succeeded',
  'ok',
  'error',
  'err',
  'failed',
  'applied',
  'swapped',
  'status',
  'result',
]);

/** Returns advice when a reply seems to report a refusal but was taken for a success. */
function notDone(type: string, body: JsonObject, unknown: readonly string[]): string {
  return unknown.some((field) => OUTCOMES.has(field.toLowerCase()) && typeof body[field] !== 'object')
    ? ` \`${type}_ok\` counts as success whatever these fields say: to refuse a request, answer {"type": "error", "code": ...}, such as 22 (precondition-failed) for a \`cas\` whose \`from\` does not match.`
    : '';
}

/** Maximum number of unknown fields that a message lists. */
const FIELDS_NAMED = 10;

const own = (object: JsonObject, name: string): Json | undefined =>
  Object.hasOwn(object, name) ? object[name] : undefined;
