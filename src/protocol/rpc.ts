/**
 * What an RPC definition is: one declaration that gives the request's and the reply's schema, their TypeScript types,
 * the check of what nodes send (`checkReply`), and the text of the reference page (`describeRpc`).
 */
import { z } from 'zod';
import { isJsonInteger, type Json } from './json-value.ts';

export interface RpcDefinition<
  Request extends z.ZodObject = z.ZodObject,
  Response extends z.ZodObject = z.ZodObject,
> {
  /** The request's `type`; the reply's is this with `_ok`. */
  readonly type: string;
  /** What it asks for, in Markdown. */
  readonly about: string;
  /** The request's fields beside `type` and `msg_id`. */
  readonly request: Request;
  /** The reply's fields beside `type`, `msg_id` and `in_reply_to`. */
  readonly response: Response;
}

/** The fields of a definition's request, as a TypeScript type. */
export type RequestOf<Definition extends RpcDefinition> = z.infer<Definition['request']>;

/** The fields of a definition's reply, as a TypeScript type. */
export type ReplyOf<Definition extends RpcDefinition> = z.infer<Definition['response']>;

/** Any JSON value at all, but it must be there. */
export const anyJson = z.custom<Json>((value) => value !== undefined);

/** An integer of any size: a `bigint` beyond 2^53. 1.0 is none. */
export const integer = z.custom<number | bigint>(isJsonInteger);

/** Declares an RPC; only there so that the types of its schemas are inferred. */
export function defineRpc<Request extends z.ZodObject, Response extends z.ZodObject>(
  definition: RpcDefinition<Request, Response>,
): RpcDefinition<Request, Response> {
  return definition;
}
