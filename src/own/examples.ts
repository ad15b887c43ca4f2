/**
 * Declares fields of a message by an example of each instead of a schema: `{ token: 7, owner: 'c1' }` means that
 * `token` is an integer and `owner` a string.
 *
 *     'c1'          a string                [1]           a list, each element like the first
 *     7             an integer              []            a list of anything
 *     7.5           a number                { a: 1 }      an object with these fields
 *     true          true or false           {}            an object with any fields
 *     null          any value               optional(7)   an integer, or no such field
 */
import * as z from 'zod';
import type { Json, JsonObject } from '../protocol/json.ts';
import { anyJson, anyNumber, integer, type ObjectSchema } from '../protocol/rpc/rpc.ts';
import { UserError } from '../protocol/user-error.ts';

export type Example =
  string | number | boolean | null | Optional | readonly Example[] | { readonly [field: string]: Example };

/** Examples of a whole message's fields. */
export type Examples = { readonly [field: string]: Example };

/** An example of an optional field. */
export class Optional<Of extends Example = Example> {
  constructor(readonly example: Of) {}
}

/** Declares an optional field like the example. */
export const optional = <Of extends Example>(example: Of): Optional<Of> => new Optional(example);

/** The type of a field like this example. */
export type Like<Of> =
  Of extends Optional<infer Inner>
    ? Like<Inner> | undefined
    : Of extends string
      ? string
      : Of extends number
        ? number
        : Of extends boolean
          ? boolean
          : Of extends null
            ? Json
            : Of extends readonly (infer Item)[]
              ? readonly ([Item] extends [never] ? Json : Like<Item>)[]
              : LikeFields<Of>;

/** An object without named fields accepts any fields. */
type LikeFields<Of> = [keyof Of] extends [never]
  ? JsonObject
  : string extends keyof Of
    ? JsonObject
    : { readonly [Field in keyof Of]: Like<Of[Field]> };

/** Returns the schema. Throws a UserError for an invalid example; `where` names it. */
export function schemaOf(examples: unknown, where: string): ObjectSchema {
  if (!isPlainObject(examples))
    throw new UserError(
      `${where} is ${seen(examples)}; expected an object with an example of each field.`,
      HINT,
    );
  return objectLike(examples, where);
}

const HINT = "For example: reply: { token: 7, owner: 'c1' }, of a reply with an integer and a string.";

function objectLike(examples: Readonly<Record<string, unknown>>, where: string): z.ZodObject {
  const fields = Object.entries(examples).map(([name, example]) => [name, like(example, `${where}.${name}`)]);
  return z.object(Object.fromEntries(fields) as z.ZodRawShape); // as `like` makes them
}

function like(example: unknown, where: string): z.ZodType {
  if (example instanceof Optional) return like(example.example, where).optional();
  switch (typeof example) {
    case 'string':
      return z.string();
    case 'number':
      // Both were made by zod; see RpcSchema.
      return (Number.isInteger(example) ? integer : anyNumber) as unknown as z.ZodType;
    case 'boolean':
      return z.boolean();
    case 'object': {
      if (example === null) return anyJson as unknown as z.ZodType; // made by zod
      if (Array.isArray(example))
        return z.array(example.length === 0 ? like(null, where) : like(example[0], `${where}[0]`));
      if (!isPlainObject(example)) break;
      return Object.keys(example).length === 0
        ? z.record(z.string(), like(null, where))
        : objectLike(example, where);
    }
    default:
  }
  throw new UserError(
    `${where} is ${seen(example)}, which is not an example of a JSON value; expected a string, number, boolean, list, object, or null for any value.`,
    HINT,
  );
}

function isPlainObject(value: unknown): value is Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}

/** Describes a value of the user's in words. */
export function seen(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'a list';
  switch (typeof value) {
    case 'function':
      return 'a function';
    case 'string':
      return JSON.stringify(value.length > 60 ? `${value.slice(0, 60)}...` : value);
    case 'undefined':
      return 'missing';
    case 'number':
    case 'bigint':
    case 'boolean':
    case 'symbol':
      return value.toString();
    default:
      return 'an object';
  }
}
