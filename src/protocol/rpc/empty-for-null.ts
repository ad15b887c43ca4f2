/**
 * Replaces null by an empty list or map where a schema expects a list or a map.
 *
 * In Go a slice or map that was never filled is nil and is written as null; upstream accepts it as empty. This applies
 * only where null can mean nothing else: a nullable value stays null, and null for a number or a string stays an error.
 */
import { definitionOf, type Schema } from './compile-schema.ts';
import { isJsonArray, isJsonObject, type Json } from '../json/json-value.ts';
import { anyJson, anyNumber, integer } from './rpc.ts';

export type EmptyForNull = (value: Json) => Json;

const asItIs: EmptyForNull = (value) => value;

export function compileEmptyForNull(schema: Schema): EmptyForNull {
  if (schema === anyJson || schema === integer || schema === anyNumber) return asItIs;
  const def = definitionOf(schema);
  switch (def.type) {
    case 'array': {
      const element = compileEmptyForNull(def.element);
      return (value) => (value === null ? [] : mapped(value, element));
    }
    case 'record': {
      const field = compileEmptyForNull(def.valueType);
      return (value) => (value === null ? {} : mappedFields(value, () => field));
    }
    case 'object': {
      const fields = new Map(
        Object.entries(def.shape).map(([name, field]) => [name, compileEmptyForNull(field)]),
      );
      return (value) => mappedFields(value, (name) => fields.get(name) ?? asItIs);
    }
    case 'optional':
      return compileEmptyForNull(def.innerType);
    // A null pair lacks more than its elements; in a union or a nullable, null has its own meaning.
    case 'tuple':
    case 'union':
    case 'nullable':
    case 'string':
    case 'boolean':
    case 'null':
    case 'literal':
      return asItIs;
  }
}

function mapped(value: Json, element: EmptyForNull): Json {
  return element !== asItIs && isJsonArray(value) ? value.map(element) : value;
}

function mappedFields(value: Json, fieldOf: (name: string) => EmptyForNull): Json {
  if (!isJsonObject(value)) return value;
  // Unlike assignments, this makes a key "__proto__" a field like any other.
  return Object.fromEntries(Object.entries(value).map(([name, field]) => [name, fieldOf(name)(field)]));
}
