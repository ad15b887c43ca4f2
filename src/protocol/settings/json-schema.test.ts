import { expect, it } from 'vitest';
import { jsonSchema } from './json-schema.ts';
import { explained, FLAG, listOf, mapOf, number, object, oneOf, TEXT, variants } from './setting-shape.ts';

it('states what each field may be, and which are required', () => {
  const shape = object<{ name: string; sizes: number[]; on: boolean; for: number; kind: string; of: object }>(
    {
      name: TEXT,
      sizes: listOf(number({ min: 0, minExcluded: true, unit: 'seconds' })),
      on: explained('whether it is on', FLAG),
      for: explained('how long', number({ unit: 'seconds' })),
      kind: oneOf(['a', 'b']),
      of: mapOf(number({ min: 1, max: 9, integer: true })),
    },
    ['name'],
  );
  expect(jsonSchema(shape, 'A thing')).toEqual({
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: 'A thing',
    type: 'object',
    properties: {
      name: { type: 'string' },
      sizes: { type: 'array', items: { type: 'number', exclusiveMinimum: 0, description: 'seconds' } },
      on: { type: 'boolean', description: 'whether it is on' },
      for: { type: 'number', description: 'how long, in seconds' },
      kind: { enum: ['a', 'b'] },
      of: { type: 'object', additionalProperties: { type: 'integer', minimum: 1, maximum: 9 } },
    },
    additionalProperties: false,
    required: ['name'],
  });
});

it('states what objects of each kind have', () => {
  const shape = variants('kind', { factor: object<{ by: number }>({ by: number({}) }, ['by']) });
  expect(jsonSchema(shape, 'A slowdown')).toMatchObject({
    oneOf: [
      {
        type: 'object',
        properties: { kind: { enum: ['factor'] }, by: { type: 'number' } },
        required: ['kind', 'by'],
        additionalProperties: false,
      },
    ],
  });
});
