/**
 * JSON fields from a store, which may contain anything: missing fields and those of another type become empty, and
 * nothing is longer than a page can show. A text that is cut says so.
 */
import { shortened } from '../../protocol/shown-text.ts';

export type Fields = Readonly<Record<string, unknown>>;

const LONGEST_TEXT = 4000;
/** A command that lacks its end repeats another run. */
const LONGEST_COMMAND = 200_000;
const MOST_ITEMS = 200;

export const fieldsOf = (value: unknown): Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : {}; // any object has fields

export const items = (value: unknown): readonly unknown[] =>
  Array.isArray(value) ? (value as readonly unknown[]).slice(0, MOST_ITEMS) : [];

/** The length of a whole list, of which `items` may show only the first part. */
export const lengthOf = (value: unknown): number => (Array.isArray(value) ? value.length : 0);

export const texts = (value: unknown): readonly string[] => items(value).map(textOf);

export const textOf = (value: unknown): string =>
  typeof value === 'string' ? shortened(value, LONGEST_TEXT) : '';

export const commandOf = (value: unknown): string =>
  typeof value === 'string' ? shortened(value, LONGEST_COMMAND) : '';

export const numberOf = (value: unknown): number =>
  typeof value === 'number' && Number.isFinite(value) && value >= 0 ? value : 0;
