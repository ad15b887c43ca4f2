/** Converts a shape to a JSON schema (draft 2020-12), for editors. Functions are left out. */
import type { Json, JsonObject } from '../json.ts';
import { oneOf, type ObjectShape, type Shape } from './setting-shape.ts';

export const jsonSchema = (shape: Shape, title: string): JsonObject => ({
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  title,
  ...schemaOf(shape),
});

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
      return objectSchema(shape);
    case 'variants':
      return {
        oneOf: Object.entries(shape.of).map(([name, { fields, needed, ...variant }]) =>
          objectSchema({
            ...variant,
            fields: { [shape.by]: oneOf([name]), ...fields },
            needed: [shape.by, ...needed],
          }),
        ),
      };
  }
}

const objectSchema = ({ fields, needed }: ObjectShape): { readonly [name: string]: Json } => ({
  type: 'object',
  properties: Object.fromEntries(Object.entries(fields).map(([name, field]) => [name, schemaOf(field)])),
  ...(needed.length === 0 ? {} : { required: [...needed] }),
  additionalProperties: false,
});
