/**
 * Types of what JSON keeps: a promise, a function, a `Map`, a `Set` or a date in a reply does not compile.
 *
 * TypeScript gives an interface no index signature, so "an object of JSON values" accepts no interface. Therefore a method
 * infers the type of what it is given, and checks each field of it. It has two overloads for that. `Kept` checks without
 * conditional types, which the compiler does not decide for a type parameter: within `class Log<Entry extends Json>` an
 * `Entry` can be sent. Its messages would not help anyone, so a value that it refuses is refused again by `Explained`,
 * whose name for it says what to write instead. `Fields` beside the inferred type is for what is written within a reply:
 * the type of an `rpc` there is inferred from it, and not from a type that is still unknown.
 *
 * Of a type parameter that extends an interface (`send<M extends Vote | Ack>(to: string, message: M)`) the fields are not
 * known, so `Kept` refuses it. `Checked` accepts it: the compiler tries an undecided `true extends Loses<M>` with `any` for
 * M, which loses nothing, and then compares only with the other branch.
 */
import type { Fields, Json, Sendable, SendableFields } from './message.ts';

/** The fields of a body, each of which can be sent. */
export type Kept<Own> = { readonly [Field in keyof Own]: Sendable | undefined };

/** Anything for a body that can be sent, else its explanation. */
export type Checked<Own> = true extends Loses<Own> ? Explained<Own> : unknown;

/** True if `Kept` refuses a field, and if the field is known. */
type Loses<Own> = [0] extends [1 & Own] ? false : { [Field in keyof Own]: Refuses<Own[Field]> }[keyof Own];

type Refuses<Value> = [0] extends [1 & Value] ? false : Value extends Sendable | undefined ? false : true;

/** A body, or `Lost` in place of what cannot be sent. */
type Explained<Own> = 0 extends 1 & Own // any
  ? Own
  : unknown extends Own
    ? Own
    : Own extends Json | undefined | void
      ? Own
      : Own extends (...args: never[]) => unknown
        ? Lost<'a function: is its call missing?'>
        : Own extends PromiseLike<unknown>
          ? Lost<'a promise: is an await missing?'>
          : Own extends ReadonlyMap<unknown, unknown>
            ? Lost<'a Map, which JSON writes as {}: send Object.fromEntries(map) or [...map]'>
            : Own extends ReadonlySet<unknown>
              ? Lost<'a Set, which JSON writes as {}: send [...set]'>
              : Own extends { getTime(): number }
                ? Lost<'a Date: send date.getTime()'>
                : { readonly [Field in keyof Own]: Explained<Own[Field]> };

interface Lost<What extends string> {
  readonly 'cannot be sent': What;
}

/** What a handler may return. */
export type Reply = SendableFields | undefined | void;

/** The result of a handler, in whose reply each field can be sent. */
export type KeptReply<Result> =
  Result extends PromiseLike<infer Awaited> ? Promise<Reply & Kept<Awaited>> : Reply & Kept<Result>;

export type CheckedReply<Result> = true extends LosesReply<Result> ? ExplainedReply<Result> : unknown;

type LosesReply<Result> = [0] extends [1 & Result]
  ? false
  : Result extends PromiseLike<infer Awaited>
    ? LosesBody<Awaited>
    : LosesBody<Result>;

type LosesBody<Own> = [0] extends [1 & Own]
  ? false
  : Own extends Fields | undefined | void
    ? false
    : Own extends readonly unknown[]
      ? true
      : Own extends object
        ? Loses<Own>
        : true;

type ExplainedReply<Result> =
  Result extends PromiseLike<infer Awaited> ? Promise<ExplainedBody<Awaited>> : ExplainedBody<Result>;

type ExplainedBody<Own> = Own extends Fields | undefined | void
  ? Own
  : Own extends readonly unknown[]
    ? Lost<'a list: send an object, such as { values: list }'>
    : Own extends object
      ? Explained<Own>
      : Lost<'no object: send one, such as { value: 1 }'>;
