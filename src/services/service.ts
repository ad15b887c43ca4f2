/**
 * Services: sequential machines that nodes can use, reached by messages like any other name.
 *
 * The machine (`ServiceMachine`) handles requests and answers only. `ServiceEndpoint` does the rest for all of them: it
 * parses the body and sends the answer with `in_reply_to`.
 */
import type { Endpoint, EndpointKind } from '../network/endpoint.ts';
import { isJsonObject, parseJson, stringifyJson, type Json, type JsonObject } from '../protocol/json.ts';
import { shownText } from '../protocol/shown-text.ts';
import type { Cause } from '../world/cause.ts';
import type { Packet } from '../world/world.ts';
import type { ServiceMemory } from './service-memory.ts';

/** A service's answer to one request: a reply's type and its own fields, or one of the protocol's errors. */
export type ServiceAnswer =
  | { readonly kind: 'ok'; readonly type: string; readonly fields: JsonObject }
  | { readonly kind: 'error'; readonly code: number; readonly text: string }
  /** There is no room for the data to be stored. */
  | { readonly kind: 'full'; readonly text: string };

export interface ServiceMachine {
  /** Its well-known name, such as `lin-kv`. */
  readonly name: string;
  /**
   * Handles one request immediately.
   * @param type the request's `type`
   * @param request the whole body
   * @param client the client of the request: services that are not linearizable remember what each client has seen
   * @param cause the key of random values, if known
   */
  handle(type: string, request: JsonObject, client: string, cause?: Cause): ServiceAnswer;
}

/** The part of the network through which a service answers. */
export interface Sender {
  send(src: string, dest: string, body: Buffer): unknown;
}

/** The part of the network that services are attached to. */
export interface ServiceNetwork extends Sender {
  attach(name: string, kind: EndpointKind, endpoint: Endpoint): unknown;
}

export const malformed = (text: string): ServiceAnswer => ({ kind: 'error', code: 12, text });

const MIB = 1024 * 1024;

export const full = (service: string, key: Json, { limitBytes }: ServiceMemory): ServiceAnswer => ({
  kind: 'full',
  text: `${service} is full: services keep at most ${Math.round(limitBytes / MIB)} MiB in total, and the value of key ${show(key)} would exceed that`,
});

/** Error 11: the request was certainly not executed. */
const FULL_CODE = 11;

export const unsupported = (service: string, type: string, known: readonly string[]): ServiceAnswer => ({
  kind: 'error',
  code: 10,
  text: `${service} does not know requests of type ${show(type)}; it knows ${known.join(', ')}`,
});

/** Returns a value for an error text: as JSON, shortened. */
export const show = (value: Json): string => shownText(stringifyJson(value), 120);

/** Connects a machine to the network. */
export class ServiceEndpoint implements Endpoint {
  /** @param onFull called with a client's name and the reason when its request found no room */
  constructor(
    private readonly machine: ServiceMachine,
    private readonly sender: Sender,
    private readonly onFull: (client: string, reason: string) => void = () => undefined,
  ) {}

  deliver(packet: Packet): void {
    const request = parseRequest(packet.body);
    // A body that is not a request cannot be answered. And a service that answered answers, such as the error of a node
    // that does not know `read_ok`, would do so forever.
    if (request === undefined || isAnswer(request)) return;
    const type = field(request, 'type');
    const answer =
      typeof type === 'string'
        ? this.machine.handle(type, request, packet.src, packet.cause?.id)
        : malformed(`a request to ${this.machine.name} needs a string "type", not ${show(type ?? null)}`);
    if (answer.kind === 'full') this.onFull(packet.src, answer.text);
    const messageId = field(request, 'msg_id');
    // A request without msg_id expects no answer, but is executed.
    if (messageId === undefined) return;
    this.sender.send(this.machine.name, packet.src, Buffer.from(stringifyJson(replyOf(answer, messageId))));
  }
}

function replyOf(answer: ServiceAnswer, messageId: Json): JsonObject {
  if (answer.kind === 'ok') return { ...answer.fields, type: answer.type, in_reply_to: messageId };
  const code = answer.kind === 'full' ? FULL_CODE : answer.code;
  return { type: 'error', in_reply_to: messageId, code, text: answer.text };
}

/** Some languages write null for a missing field, so null is not an `in_reply_to`. */
function isAnswer(body: JsonObject): boolean {
  return field(body, 'type') === 'error' || (field(body, 'in_reply_to') ?? null) !== null;
}

export function field(object: JsonObject, name: string): Json | undefined {
  return Object.hasOwn(object, name) ? object[name] : undefined;
}

function parseRequest(body: Buffer): JsonObject | undefined {
  let value: Json;
  try {
    value = parseJson(body.toString('utf8'));
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
  return isJsonObject(value) ? value : undefined;
}
