/** The text of the reference pages: RPC definitions and error codes in Markdown. */
import { asZodObject, isOptional, schemaShape } from './compile-schema.ts';
import { ERROR_CODES } from '../error-code.ts';
import type { RpcDefinition } from './rpc.ts';

/**
 * Returns the Markdown for one RPC: a heading of level three, what it asks for, and the shapes of request and reply. A
 * `?` after a field's name means that the field is optional.
 */
export function describeRpc(definition: RpcDefinition): string {
  const { type, about, request, response } = definition;
  return [
    `### RPC: \`${type}\``,
    about,
    'Request:',
    shapeBlock([['type', JSON.stringify(type)], ...fieldsOf(request), ['msg_id', 'Integer']]),
    'Reply:',
    shapeBlock([
      ['type', JSON.stringify(`${type}_ok`)],
      ...fieldsOf(response),
      ['msg_id?', 'Integer'],
      ['in_reply_to', 'Integer'],
    ]),
    '',
  ].join('\n\n');
}

/** Returns the shapes of request and reply, one line each: `{type: "read", key: Any}`. */
export function rpcShapes({
  type,
  request,
  response,
}: RpcDefinition): readonly [request: string, reply: string] {
  const line = (name: string, fields: readonly (readonly [string, string])[]): string =>
    `{${[['type', JSON.stringify(name)], ...fields].map(([field, shape]) => `${field}: ${shape}`).join(', ')}}`;
  return [line(type, fieldsOf(request)), line(`${type}_ok`, fieldsOf(response))];
}

function fieldsOf(schema: RpcDefinition['request']): [string, string][] {
  return Object.entries(asZodObject(schema).shape).map(([name, field]) => [
    isOptional(field) ? `${name}?` : name,
    schemaShape(field),
  ]);
}

function shapeBlock(fields: readonly (readonly [string, string])[]): string {
  const lines = fields.map(([name, shape]) =>
    name.endsWith('?') ? `  "${name.slice(0, -1)}"?: ${shape}` : `  "${name}": ${shape}`,
  );
  return ['```', '{', lines.join(',\n'), '}', '```'].join('\n');
}

export function describeErrors(): string {
  const rows = ERROR_CODES.map(
    ({ code, name, definite, about }) => `| ${code} | \`${name}\` | ${definite ? 'yes' : 'no'} | ${about} |`,
  );
  return ['| code | name | definite | meaning |', '|---|---|---|---|', ...rows, ''].join('\n');
}
