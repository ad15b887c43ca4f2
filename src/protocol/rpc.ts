/**
 * What an RPC definition is: one declaration that gives the request's and the reply's schema, their TypeScript types,
 * the check of what nodes send (`checkReply`), and the text of the reference page (`describeRpc`).
 */
import * as z from 'zod';
import { isJsonInteger, JsonNumber, type Json } from './json-value.ts';

/**
 * A schema, made by zod 4: known here by the type of its values alone. zod's own types are named nowhere in the declarations
 * of the package, which are then good for a program that has no zod, or another version of it.
 */
export interface RpcSchema<Value = unknown> {
  readonly _zod: { readonly output: Value };
}

/** A schema made by `z.object`. */
export type ObjectSchema = RpcSchema<Readonly<Record<string, unknown>>>;

/** A schema that can be a part of others: `z.array(integer)`. What zod asks of it beside its values is its own affair. */
export interface PartSchema<Value> {
  readonly _zod: { readonly output: Value; readonly input: Value } & ZodInternals;
}

/* oxlint-disable typescript/no-explicit-any -- what stands there is named by nothing but zod */
interface ZodInternals {
  readonly version: any;
  readonly def: any;
  readonly deferred: any;
  readonly run: any;
  readonly parse: any;
  readonly traits: any;
  readonly pattern: any;
  readonly constr: any;
  readonly bag: any;
  readonly isst: any;
}
/* oxlint-enable typescript/no-explicit-any */

export interface RpcDefinition<
  Request extends ObjectSchema = ObjectSchema,
  Response extends ObjectSchema = ObjectSchema,
> {
  /** The request's `type`; the reply's is this with `_ok`. */
  readonly type: string;
  /** What it asks for, in Markdown. */
  readonly about: string;
  /** The request's fields beside `type` and `msg_id`: a schema made by `z.object`. */
  readonly request: Request;
  /** The reply's fields beside `type`, `msg_id` and `in_reply_to`. */
  readonly response: Response;
}

/** The fields of a definition's request, as a TypeScript type. */
export type RequestOf<Definition extends RpcDefinition> = Definition['request']['_zod']['output'];

/** The fields of a definition's reply, as a TypeScript type. */
export type ReplyOf<Definition extends RpcDefinition> = Definition['response']['_zod']['output'];

/** Any JSON value at all, but it must be there. */
export const anyJson: PartSchema<Json> = z.custom<Json>((value) => value !== undefined);

/** An integer of any size: a `bigint` beyond 2^53. 1.0 is none. */
export const integer: PartSchema<number | bigint> = z.custom<number | bigint>(isJsonInteger);

/** A number of any kind, 1.0 and 1e400 too. */
export const anyNumber: PartSchema<number | bigint | JsonNumber> = z.custom<number | bigint | JsonNumber>(
  (value) => typeof value === 'number' || typeof value === 'bigint' || value instanceof JsonNumber,
);

/** Declares an RPC; only there so that the types of its schemas are inferred. */
export function defineRpc<Request extends ObjectSchema, Response extends ObjectSchema>(
  definition: RpcDefinition<Request, Response>,
): RpcDefinition<Request, Response> {
  return definition;
}
