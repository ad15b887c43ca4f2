import { expect, test } from 'vitest';
import { saidOrigin } from './said-origin.ts';

const said = (text: string) => saidOrigin(Buffer.from(text), 0, Buffer.byteLength(text));

test('a cause is the id of a message, a timer set in its handling, or none', () => {
  expect(said('17')).toEqual({ message: 17, byTimer: false });
  expect(said('{"timer": 17}')).toEqual({ message: 17, byTimer: true });
  expect([said('null'), said('{"timer":null}')]).toEqual(
    Array.from({ length: 2 }, () => ({ message: undefined, byTimer: false })),
  );
});

test.each([
  '"17"',
  '-1',
  '1.5',
  'true',
  '[17]',
  '{}',
  '{"timer":"17"}',
  '{"timer":-1}',
  '{"timer":1e300}',
  '{"__proto__":{"timer":1}}',
  '9'.repeat(40),
  `{"timer":17,"x":"${'x'.repeat(200)}"}`,
])('%s is invalid', (text) => expect(said(text)).toBeUndefined());
