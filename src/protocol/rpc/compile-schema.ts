/**
 * Compiles a zod schema into a plain function that checks a value, and describes it in words.
 *
 * Each RPC's schema is declared once, with zod. But zod visits each of thousands of array elements even if any value is
 * allowed (27 µs for 2,000 integers, here 0.02: bench/protocol.ts), while a whole client operation should cost no more
 * than 20 µs; and for a union it only says that no option fits. So schemas are compiled into closures, for the kinds of
 * schema that RPCs use. Compiling any other kind throws.
 */
import type * as z from 'zod';
import { isJsonArray, isJsonObject, JsonNumber, type Json } from '../json/json-value.ts';
import { anyJson, anyNumber, integer, type ObjectSchema } from './rpc.ts';
import { shownJson } from '../json/shown-json.ts';

/** What is wrong with a value. `path` leads from the body to it, such as `msgs["k1"][0]`. */
export interface Misfit {
  readonly path: string;
  readonly seen: Json | undefined;
  readonly expected: string;
}

/** Checks a value, which is undefined if missing. */
export type Check = (value: Json | undefined) => Misfit | undefined;

export type Schema = z.core.$ZodType;

/** Returns a request's or reply's schema with zod's own type. */
export const asZodObject = (schema: ObjectSchema): z.ZodObject => schema as z.ZodObject; // it was made by zod

const KINDS = [
  ...(['string', 'boolean', 'null', 'literal', 'array', 'record'] as const),
  ...(['tuple', 'object', 'union', 'optional', 'nullable'] as const),
];

/** The definitions of the kinds of schema that RPCs may use, besides `anyJson`, `integer` and `anyNumber`. */
type Definition = Extract<z.core.$ZodTypes['_zod']['def'], { readonly type: (typeof KINDS)[number] }>;

/** Throws for a kind of schema that RPCs cannot use. */
export function definitionOf(schema: Schema): Definition {
  const { def } = schema._zod;
  if (!KINDS.some((kind) => kind === def.type)) {
    throw new Error(`RPC schemas cannot use zod's ${def.type}: teach compile-schema.ts about it`);
  }
  return def as Definition; // by its type, which zod's base class does not narrow
}

export function compileSchema(schema: Schema): Check {
  if (schema === anyJson) return (value) => (value === undefined ? misfit(value, 'any value') : undefined);
  if (schema === integer) return checkInteger;
  if (schema === anyNumber) return kindCheck(isNumber, 'a number');
  const def = definitionOf(schema);
  switch (def.type) {
    case 'string':
      return kindCheck((value) => typeof value === 'string', 'a string');
    case 'boolean':
      return kindCheck((value) => typeof value === 'boolean', 'true or false');
    case 'null':
      return kindCheck((value) => value === null, 'null');
    case 'literal': {
      const expected = describeSchema(schema);
      return kindCheck((value) => (def.values as readonly unknown[]).includes(value), expected);
    }
    case 'array':
      return arrayCheck(schema, def.element);
    case 'record':
      return recordCheck(schema, def.valueType);
    case 'tuple':
      return tupleCheck(schema, def.items);
    case 'object':
      return objectCheck(def.shape);
    case 'union':
      return unionCheck(schema, def.options);
    case 'optional': {
      const check = compileSchema(def.innerType);
      return (value) => (value === undefined ? undefined : check(value));
    }
    case 'nullable': {
      const check = compileSchema(def.innerType);
      const expected = describeSchema(schema);
      return (value) => {
        const found = value === null ? undefined : check(value);
        return found?.path === '' ? { ...found, expected } : found;
      };
    }
  }
}

function misfit(seen: Json | undefined, expected: string, path = ''): Misfit {
  return { path, seen, expected };
}

function kindCheck(fits: (value: Json | undefined) => boolean, expected: string): Check {
  return (value) => (fits(value) ? undefined : misfit(value, expected));
}

function checkInteger(value: Json | undefined): Misfit | undefined {
  return (typeof value === 'number' && Number.isInteger(value)) || typeof value === 'bigint'
    ? undefined
    : misfit(value, 'an integer');
}

const isNumber = (value: Json | undefined): boolean =>
  typeof value === 'number' || typeof value === 'bigint' || value instanceof JsonNumber;

function arrayCheck(schema: Schema, element: Schema): Check {
  const expected = describeSchema(schema);
  // Elements of any kind need no check, and there may be thousands.
  if (element === anyJson) return kindCheck(isJsonArray, expected);
  const check = compileSchema(element);
  return (value) => {
    if (!isJsonArray(value)) return misfit(value, expected);
    for (let index = 0; index < value.length; index++) {
      const found = check(value[index]);
      if (found !== undefined) return { ...found, path: `[${index}]${found.path}` };
    }
    return undefined;
  };
}

function recordCheck(schema: Schema, valueSchema: Schema): Check {
  const expected = describeSchema(schema);
  const check = compileSchema(valueSchema);
  return (value) => {
    if (!isJsonObject(value)) return misfit(value, expected);
    for (const [key, field] of Object.entries(value)) {
      const found = check(field);
      if (found !== undefined) return { ...found, path: `[${shownJson(key)}]${found.path}` };
    }
    return undefined;
  };
}

function tupleCheck(schema: Schema, items: readonly Schema[]): Check {
  const expected = describeSchema(schema);
  const checks = items.map(compileSchema);
  return (value) => {
    if (!isJsonArray(value) || value.length !== checks.length) return misfit(value, expected);
    for (const [index, check] of checks.entries()) {
      const found = check(value[index]);
      if (found !== undefined) return { ...found, path: `[${index}]${found.path}` };
    }
    return undefined;
  };
}

function objectCheck(shape: Readonly<Record<string, Schema>>): Check {
  const names = Object.keys(shape);
  const checks = Object.values(shape).map(compileSchema);
  return (value) => {
    if (!isJsonObject(value)) return misfit(value, 'an object');
    for (let index = 0; index < names.length; index++) {
      const name = names[index] ?? '';
      const found = checks[index]?.(Object.hasOwn(value, name) ? value[name] : undefined);
      if (found !== undefined) return { ...found, path: joined(name, found.path) };
    }
    return undefined;
  };
}

function joined(name: string, rest: string): string {
  return rest === '' || rest.startsWith('[') ? name + rest : `${name}.${rest}`;
}

function unionCheck(schema: Schema, options: readonly Schema[]): Check {
  const expected = describeSchema(schema);
  const checks = options.map(compileSchema);
  return (value) => {
    let nearest: Misfit | undefined;
    for (const check of checks) {
      const found = check(value);
      if (found === undefined) return undefined;
      // When an option fits in its first element, such as ["r", key, 7], its inner problem says more than the union.
      if (found.path !== '' && !found.path.startsWith('[0]')) nearest ??= found;
    }
    return nearest ?? misfit(value, expected);
  };
}

/** Describes a schema for the words `expected ...`: `an integer`, `an array of strings`. */
export function describeSchema(schema: Schema): string {
  if (schema === anyJson) return 'any value';
  if (schema === integer) return 'an integer';
  if (schema === anyNumber) return 'a number';
  const def = definitionOf(schema);
  switch (def.type) {
    case 'string':
      return 'a string';
    case 'boolean':
      return 'true or false';
    case 'null':
      return 'null';
    case 'literal':
      return def.values.map((value) => JSON.stringify(value)).join(' or ');
    case 'array':
      return def.element === anyJson ? 'an array' : `an array, each element ${describeSchema(def.element)}`;
    case 'record':
      return `an object, each value ${describeSchema(def.valueType)}`;
    case 'tuple':
      return descriptionOf(schema) ?? `an array ${schemaShape(schema)}`;
    case 'union':
      return def.options.map(describeSchema).join(' or ');
    case 'nullable':
      return `${describeSchema(def.innerType)} or null`;
    case 'optional':
      return `${describeSchema(def.innerType)}, or nothing`;
    case 'object':
      return 'an object';
  }
}

/** Returns the description that the definition gives with zod's `describe`. */
const descriptionOf = (schema: Schema): string | undefined =>
  'description' in schema && typeof schema.description === 'string' ? schema.description : undefined;

/** Returns a schema as a JSON-like shape for the reference pages: `{String: [Integer]}`. */
export function schemaShape(schema: Schema): string {
  if (schema === anyJson) return 'Any';
  if (schema === integer) return 'Integer';
  if (schema === anyNumber) return 'Number';
  const def = definitionOf(schema);
  switch (def.type) {
    case 'string':
      return 'String';
    case 'boolean':
      return 'Boolean';
    case 'literal':
      return def.values.map((value) => JSON.stringify(value)).join(' | ');
    case 'array':
      return `[${schemaShape(def.element)}, ...]`;
    case 'record':
      return `{${schemaShape(def.keyType)}: ${schemaShape(def.valueType)}, ...}`;
    case 'tuple':
      return `[${def.items.map(schemaShape).join(', ')}]`;
    case 'union':
      return def.options.map(schemaShape).join(' | ');
    case 'nullable':
      return `${schemaShape(def.innerType)} | null`;
    case 'optional':
      return schemaShape(def.innerType);
    case 'null':
      return 'null';
    case 'object':
      return 'Object';
  }
}

/** Whether a field may be left out. */
export function isOptional(schema: Schema): boolean {
  return schema._zod.def.type === 'optional';
}
