import { expect, it } from 'vitest';
import { ERROR_CODES } from '../protocol/error-code.ts';
import { ErrorCode, RpcError } from './rpc-error.ts';

const camelCase = (name: string) => name.replaceAll(/-(\w)/g, (_, letter: string) => letter.toUpperCase());

it("has every code of the protocol by its name, with the protocol's definiteness", () => {
  const ours = Object.entries(ErrorCode).map(([name, code]) => [name, code, new RpcError(code, '').definite]);
  expect(ours).toEqual(ERROR_CODES.map(({ name, code, definite }) => [camelCase(name), code, definite]));
});

it('has a function for every code', () => {
  for (const [name, code] of Object.entries(ErrorCode)) {
    const make = RpcError[name as keyof typeof ErrorCode]; // Object.entries loses the key types
    expect(make('why')).toMatchObject({ code, text: 'why', message: `error ${code}: why` });
  }
});

it('refuses a code that is no integer, such as a misspelt name', () => {
  const { Timeout } = ErrorCode as unknown as { readonly Timeout: number };
  expect(() => new RpcError(Timeout, 'why')).toThrow(
    'An RpcError needs an integer as its code, not undefined; see ErrorCode',
  );
});

it('promises nothing about a code it does not know', () => {
  expect(new RpcError(1234, 'mine').definite).toBe(false);
});
