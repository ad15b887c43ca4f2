/** Converts a shape to a JSON schema (draft 2020-12), for editors. Functions are left out. */
import type { Json, JsonObject } from '../json.ts';
import type { Shape } from './setting-shape.ts';

/** `needed` are the required top-level fields. */
export function jsonSchema(shape: Shape, title: string, needed: readonly string[]): JsonObject {
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title,
    ...schemaOf(shape),
    required: [...needed],
  };
}

function schemaOf(shape: Shape): { readonly [name: string]: Json } {
  const schema = bareSchemaOf(shape);
  if (shape.about === undefined) return schema;
  const unit = schema['description'];
  return { ...schema, description: typeof unit === 'string' ? `${shape.about}, in ${unit}` : shape.about };
}

function bareSchemaOf(shape: Shape): { readonly [name: string]: Json } {
  switch (shape.kind) {
    case 'any':
    case 'function':
      return {};
    case 'text':
      return { type: 'string' };
    case 'flag':
      return { type: 'boolean' };
    case 'word':
      return { enum: [...shape.of] };
    case 'list':
      return { type: 'array', items: schemaOf(shape.of) };
    case 'map':
      return { type: 'object', additionalProperties: schemaOf(shape.of) };
    case 'number': {
      const { min, max, minExcluded, integer, unit } = shape.range;
      return {
        type: integer === true ? 'integer' : 'number',
        ...(min === undefined ? {} : { [minExcluded === true ? 'exclusiveMinimum' : 'minimum']: min }),
        ...(max === undefined ? {} : { maximum: max }),
        ...(unit === undefined ? {} : { description: unit }),
      };
    }
    case 'object':
      return {
        type: 'object',
        properties: Object.fromEntries(
          Object.entries(shape.fields).map(([name, field]) => [name, schemaOf(field)]),
        ),
        additionalProperties: false,
      };
  }
}
