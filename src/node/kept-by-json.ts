/**
 * Types of what JSON keeps: a promise, a function, a `Map`, a `Set` or a date in a reply does not compile.
 *
 * TypeScript gives an interface no index signature, so "an object of JSON values" accepts no interface. Therefore a method
 * infers the type of what it is given, and checks each field of it. It has two overloads for that. `Kept` checks without
 * conditional types, which the compiler does not decide for a type parameter: within `class Log<Entry extends Json>` an
 * `Entry` can be sent. Its messages would not help anyone, so a value that it refuses is refused again by `Explained`,
 * whose name for it says what to write instead. `Fields` beside the inferred type is for what is written within a reply:
 * the type of an `rpc` there is inferred from it, and not from a type that is still unknown.
 */
import type { Fields, Json, Sendable, SendableFields } from './message.ts';

/** The fields of a body, each of which can be sent. */
export type Kept<Own> = { readonly [Field in keyof Own]: Sendable | undefined };

/** A body, or `Lost` in place of what cannot be sent. */
export type Explained<Own> = 0 extends 1 & Own // any
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

export type ExplainedReply<Result> =
  Result extends PromiseLike<infer Awaited> ? Promise<ExplainedBody<Awaited>> : ExplainedBody<Result>;

type ExplainedBody<Own> = Own extends Fields | undefined | void
  ? Own
  : Own extends readonly unknown[]
    ? Lost<'a list: send an object, such as { values: list }'>
    : Own extends object
      ? Explained<Own>
      : Lost<'no object: send one, such as { value: 1 }'>;
