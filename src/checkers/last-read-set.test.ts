import { expect, it } from 'vitest';
import { readHistory } from '../history/read-history.ts';
import { check } from './check.ts';

it('a last read in EDN is often a set, and is read as one', () => {
  const history = (shown: string) =>
    readHistory(
      '{:type :invoke, :process 0, :f :add, :value 1}\n{:type :ok, :process 0, :f :add, :value 1}\n' +
        `{:type :invoke, :process 0, :f :read, :value nil}\n{:type :ok, :process 0, :f :read, :value ${shown}}\n`,
    ).ops;
  expect(check('set', history('#{1}'))['valid?']).toBe(true);
  expect(check('set', history('#{}'))['valid?']).toBe(false);
  expect(check('set', history('#{1 2}'))['valid?']).toBe(false);
});
