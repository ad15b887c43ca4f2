/**
 * JSON fields from a store, which may contain anything: missing fields and those of another type become empty, and
 * nothing is longer than a page can show.
 */

export type Fields = Readonly<Record<string, unknown>>;

const LONGEST_TEXT = 4000;
const MOST_ITEMS = 200;

export const fieldsOf = (value: unknown): Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : {}; // any object has fields

export const items = (value: unknown): readonly unknown[] =>
  Array.isArray(value) ? (value as readonly unknown[]).slice(0, MOST_ITEMS) : [];

export const texts = (value: unknown): readonly string[] => items(value).map(textOf);

export const textOf = (value: unknown): string =>
  typeof value === 'string' ? value.slice(0, LONGEST_TEXT) : '';

export const numberOf = (value: unknown): number =>
  typeof value === 'number' && Number.isFinite(value) && value >= 0 ? value : 0;
