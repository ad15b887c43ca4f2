/** Parses JSON from Redis, which may contain anything: values of another type or beyond a size are refused. */
import { z } from 'zod';

/** Thrown for data of another form than expected. */
export class NotOurs extends Error {}

export const countForm = z.int().min(0);
export const numberForm = z.number().min(0);
export const textForm = (most: number) => z.string().max(most);
export const mapForm = <Item extends z.ZodType>(most: number, item: Item) =>
  z.record(textForm(300), item).refine((all) => Object.keys(all).length <= most, 'too many fields');

/** Returns the fields of that form; others are left out. Throws NotOurs for a value of another form. */
export function readAs<T>(form: z.ZodType<T>, value: unknown): T {
  const { data, error } = form.safeParse(value);
  if (data === undefined) throw new NotOurs(error?.message);
  return data;
}

export function parsed(text: unknown): unknown {
  if (typeof text !== 'string') throw new NotOurs('not text');
  try {
    return JSON.parse(text);
  } catch {
    throw new NotOurs('not JSON');
  }
}

/** Returns undefined if `read` throws NotOurs. */
export function orUndefined<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (error instanceof NotOurs) return undefined;
    throw error;
  }
}
