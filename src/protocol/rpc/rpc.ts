/**
 * RPC definitions: one declaration gives the request's and the reply's schema, their TypeScript types, the check of
 * what nodes send (`checkReply`), and the text of the reference page (`describeRpc`).
 */
import * as z from 'zod';
import { isJsonInteger, JsonNumber, type Json } from '../json/json-value.ts';

/**
 * A schema made by zod 4, of which only the type of its values is visible here. The package's declarations do not name
 * zod's own types, so they work in a program with another version of zod, or without zod.
 */
export interface RpcSchema<Value = unknown> {
  readonly _zod: { readonly output: Value };
}

/** A schema made by `z.object`. */
export type ObjectSchema = RpcSchema<Readonly<Record<string, unknown>>>;

/** A schema that can be part of others: `z.array(integer)`. The rest of what zod requires of it is opaque here. */
export interface PartSchema<Value> {
  readonly _zod: { readonly output: Value; readonly input: Value } & ZodInternals;
}

/* oxlint-disable typescript/no-explicit-any -- only zod has names for these types */
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
  /** The request's fields other than `type` and `msg_id`: a schema made by `z.object`. */
  readonly request: Request;
  /** The reply's fields other than `type`, `msg_id` and `in_reply_to`. */
  readonly response: Response;
}

/** The fields of a definition's request, as a TypeScript type. */
export type RequestOf<Definition extends RpcDefinition> = Definition['request']['_zod']['output'];

/** The fields of a definition's reply, as a TypeScript type. */
export type ReplyOf<Definition extends RpcDefinition> = Definition['response']['_zod']['output'];

/** Any JSON value, which must be present. */
export const anyJson: PartSchema<Json> = z.custom<Json>((value) => value !== undefined);

/** An integer of any size, as a `bigint` beyond 2^53. 1.0 is not an integer. */
export const integer: PartSchema<number | bigint> = z.custom<number | bigint>(isJsonInteger);

/** A number of any kind, including 1.0 and 1e400. */
export const anyNumber: PartSchema<number | bigint | JsonNumber> = z.custom<number | bigint | JsonNumber>(
  (value) => typeof value === 'number' || typeof value === 'bigint' || value instanceof JsonNumber,
);

/** Declares an RPC. It only exists so that the types of its schemas are inferred. */
export function defineRpc<Request extends ObjectSchema, Response extends ObjectSchema>(
  definition: RpcDefinition<Request, Response>,
): RpcDefinition<Request, Response> {
  return definition;
}
