/**
 * The form of messages: one JSON object per line, `{"src": "c1", "dest": "n2", "body": {"type": "read", "msg_id": 7}}`.
 */

/** A JSON value. An integer beyond 2^53 is a `bigint`, so that no digit of an id is lost. */
export type Json = null | boolean | number | bigint | string | readonly Json[] | Fields;

/** Named values. One that is `undefined` is not sent. */
export type Fields = { readonly [field: string]: Json | undefined };

/**
 * Values that can be sent: like `Json`, but also an `interface`, where `Fields` accepts only a `type`. (TypeScript
 * gives an interface no index signature, since it could still be extended.)
 */
export type Sendable = null | boolean | number | bigint | string | readonly Sendable[] | SendableFields;

export type SendableFields = Fields | NamedFields;

/** A body that may be sent. */
export type SendableBody = SendableFields & { readonly type: string };

/** An object of any type except lists, functions, promises, maps and dates. */
type NamedFields = object & {
  readonly forEach?: never;
  readonly apply?: never;
  readonly then?: never;
  readonly getTime?: never;
};

/**
 * A body: its own fields, and those that every body may have. `msg_id` marks a request, and `in_reply_to` its reply,
 * with the request's `msg_id`. A body with neither expects no reply.
 */
export type Body<Own = Fields> = Own & {
  readonly type: string;
  readonly msg_id?: number;
  readonly in_reply_to?: number;
};

export interface Message<Own = Fields> {
  /** The number that the network gives each message, for people who read logs. */
  readonly id?: number;
  readonly src: string;
  readonly dest: string;
  readonly body: Body<Own>;
}
