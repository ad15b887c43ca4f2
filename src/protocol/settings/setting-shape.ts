/** Shapes of settings: as much of a setting's type as can be checked at run time. */
import type { NumberRange } from './number-range.ts';

export type Shape = {
  /** What it means, in JSON schemas. */
  readonly about?: string;
} & (
  | { readonly kind: 'any' | 'text' | 'flag' | 'function' }
  | NumberShape
  | { readonly kind: 'word'; readonly of: readonly string[] }
  | { readonly kind: 'list' | 'map'; readonly of: Shape }
  | ObjectShape
  | VariantsShape
);

export interface ObjectShape {
  readonly kind: 'object';
  readonly fields: Readonly<Record<string, Shape>>;
  /** The fields that may not be missing. */
  readonly needed: readonly string[];
}

/** Objects of several kinds: the field `by` has the name of the kind. */
export interface VariantsShape {
  readonly kind: 'variants';
  readonly by: string;
  readonly of: Readonly<Record<string, ObjectShape>>;
}

export interface NumberShape {
  readonly kind: 'number';
  readonly range: NumberRange;
}

/** What is declared about a setting besides its type. */
export interface Setting<Value = unknown> {
  readonly shape: Shape;
  readonly default?: Value;
  /** The workloads to which it applies; all if undefined. */
  readonly onlyFor?: { readonly workloads: readonly string[]; readonly hint: string };
}

export const isUsedBy = (workload: string, { onlyFor }: Pick<Setting, 'onlyFor'>): boolean =>
  onlyFor === undefined || onlyFor.workloads.includes(workload);

/** One setting for every field of a type: the compiler reports a field that is missing here. */
export type SettingsOf<Spec> = { readonly [Name in keyof Required<Spec>]: Setting<Spec[Name]> };

export const ANY = { kind: 'any' } as const;
export const TEXT = { kind: 'text' } as const;
export const FLAG = { kind: 'flag' } as const;
export const FUNCTION = { kind: 'function' } as const;
export const number = (range: NumberRange): NumberShape => ({ kind: 'number', range });
export const listOf = (of: Shape): Shape => ({ kind: 'list', of });
export const mapOf = (of: Shape): Shape => ({ kind: 'map', of });
export const oneOf = (of: readonly string[]): Shape => ({ kind: 'word', of });
export const object = <T>(
  fields: Readonly<Record<keyof Required<T>, Shape>>,
  needed: readonly (keyof T & string)[] = [],
): ObjectShape => ({ kind: 'object', fields, needed });
export const variants = (by: string, of: Readonly<Record<string, ObjectShape>>): VariantsShape => ({
  kind: 'variants',
  by,
  of,
});

/** Explains a shape to readers of a JSON schema. */
export const explained = (about: string, shape: Shape): Shape => ({ ...shape, about });

export const FRACTION = number({ min: 0, max: 1 });
export const COUNT = number({ min: 1, integer: true });
