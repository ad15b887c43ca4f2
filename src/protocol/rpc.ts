/**
 * What an RPC definition is: one declaration that gives the request's and the reply's schema, their TypeScript types,
 * and the text of the reference page.
 */
import type { z } from 'zod';

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
