/** Checks whether a body fits its RPC definition, and says in plain words what does not fit. */
import { asZodObject, compileSchema, type Check, type Misfit } from './compile-schema.ts';
import { compileEmptyForNull, type EmptyForNull } from './empty-for-null.ts';
import { shownJson } from '../json/shown-json.ts';
import { isJsonInteger, isJsonObject, type Json, type JsonObject } from '../json/json-value.ts';
import { otherKindHint } from '../json/other-kind.ts';
import { ERROR_CODES } from '../error-code.ts';
import { nearest } from '../nearest.ts';
import type { RpcDefinition } from './rpc.ts';
import { shownText } from '../shown-text.ts';

/** A definition prepared for checking many bodies. */
interface Compiled {
  readonly replyType: string;
  readonly reply: Check;
  readonly emptyForNull: EmptyForNull;
  readonly replyFields: ReadonlySet<string>;
}

const compiled = new WeakMap<RpcDefinition, Compiled>();

function compile(definition: RpcDefinition): Compiled {
  let ready = compiled.get(definition);
  if (ready === undefined) {
    ready = {
      replyType: `${definition.type}_ok`,
      reply: compileSchema(asZodObject(definition.response)),
      emptyForNull: compileEmptyForNull(asZodObject(definition.response)),
      replyFields: new Set([
        'type',
        'msg_id',
        'in_reply_to',
        ...Object.keys(asZodObject(definition.response).shape),
      ]),
    };
    compiled.set(definition, ready);
  }
  return ready;
}

/**
 * Returns what is wrong with a reply to that RPC, in plain words (`` `messages` is "oops"; expected an array ``), or
 * undefined if nothing is. Extra fields are allowed. For error replies see `checkErrorReply`.
 */
export function checkReply(definition: RpcDefinition, body: JsonObject): string | undefined {
  const { replyType, reply } = compile(definition);
  if (body['type'] !== replyType) return wrongKind('type', body['type'], `"${replyType}"`);
  const misfit = reply(body);
  const problem = idProblem(body) ?? inWords(misfit);
  return problem === undefined || misfit === undefined
    ? problem
    : `${problem}${hintFor(misfit, body, unknownReplyFields(definition, body))}`;
}

/**
 * Returns a guess at the cause of a misfit, or an empty string. For a missing field it suggests a field that the
 * definition does not know, or says which field holds it.
 */
function hintFor({ path, seen, expected }: Misfit, body: JsonObject, unknown: readonly string[]): string {
  if (seen === undefined) {
    const holder = unknown.find((name) => holds(body[name], path));
    if (holder !== undefined)
      return ` (it stands within \`${shownText(holder, 60)}\`: the fields of an answer are those of its body itself, and a handler of the SDK returns nothing else)`;
    if (unknown.length === 0) return ` (${LEFT_OUT})`;
    const other = unknown.length === 1 ? unknown[0] : nearest(path, unknown);
    return other === undefined
      ? ''
      : ` (it has \`${shownText(other, 60)}\`: is that meant to be \`${path}\`?)`;
  }
  return inBrackets(otherKindHint(seen, expected));
}

const inBrackets = (hint: string | undefined): string => (hint === undefined ? '' : ` (${hint})`);

const LEFT_OUT =
  'some languages leave out a field without a value: undefined in JavaScript, nil in Lua and Swift, NULL in R, null with Gson; `omitempty` in Go and WhenWritingDefault in .NET leave out one that is 0 or empty';

function holds(value: Json | undefined, field: string): boolean {
  return isJsonObject(value) && Object.hasOwn(value, field);
}

/**
 * Returns the reply with each null replaced by an empty list or map where the definition expects one: some languages
 * write null for an empty collection.
 */
export function withEmptyForNull(definition: RpcDefinition, body: JsonObject): JsonObject {
  const filled = compile(definition).emptyForNull(body);
  return isJsonObject(filled) ? filled : body;
}

/**
 * Returns what is wrong with an error reply (`{type: "error", in_reply_to, code, text?}`), or undefined if nothing is.
 */
export function checkErrorReply(body: JsonObject): string | undefined {
  const { type, code, text } = body;
  if (type !== 'error') return wrong('type', type, '"error"');
  if (!Number.isSafeInteger(code))
    return wrongKind('code', code, `an integer, one of the error codes${codeMeant(code)}`);
  if (text !== undefined && text !== null && typeof text !== 'string')
    return wrongKind('text', text, 'a string');
  return idProblem(body);
}

/** Suggests the number of the error that was given by its name, or an example. */
function codeMeant(code: Json | undefined): string {
  const meant =
    ERROR_CODES.find(({ name }) => name === code) ?? ERROR_CODES.find((one) => String(one.code) === code);
  if (meant !== undefined) return `: ${meant.code} for ${meant.name}`;
  return ', such as 20 for key-does-not-exist or 22 for precondition-failed';
}

/** Returns the reply's fields that its definition does not know, which deserve a warning. */
export function unknownReplyFields(definition: RpcDefinition, body: JsonObject): readonly string[] {
  const { replyFields } = compile(definition);
  let unknown: string[] | undefined;
  for (const name in body) {
    if (!replyFields.has(name)) (unknown ??= []).push(name);
  }
  return unknown ?? NONE;
}

const NONE: readonly string[] = [];

function idProblem(body: JsonObject): string | undefined {
  const { msg_id: msgId, in_reply_to: inReplyTo } = body;
  if (inReplyTo !== undefined && !isJsonInteger(inReplyTo)) {
    return wrongKind('in_reply_to', inReplyTo, 'an integer, the `msg_id` of the request');
  }
  return msgId === undefined || isJsonInteger(msgId) ? undefined : wrongKind('msg_id', msgId, 'an integer');
}

function inWords(misfit: Misfit | undefined): string | undefined {
  return misfit === undefined ? undefined : wrong(misfit.path, misfit.seen, misfit.expected);
}

/** As `wrong`, with a guess at the cause. */
function wrongKind(path: string, seen: Json | undefined, expected: string): string {
  const hint = seen === undefined ? undefined : otherKindHint(seen, expected);
  return `${wrong(path, seen, expected)}${inBrackets(hint)}`;
}

function wrong(path: string, seen: Json | undefined, expected: string): string {
  return `\`${path}\` is ${shownJson(seen)}; expected ${expected}`;
}
