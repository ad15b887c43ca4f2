import { expect, it } from 'vitest';
import { readHistory } from '../../history/reading/read-history.ts';
import { resultsToEdn } from '../../store/results/result-shapes.ts';
import { writeEdn } from '../../edn/edn-value.ts';
import { check } from '../check.ts';

it('a last read in EDN is often a set, and is read as such', () => {
  const history = (shown: string) =>
    readHistory(
      '{:type :invoke, :process 0, :f :add, :value 1}\n{:type :ok, :process 0, :f :add, :value 1}\n' +
        `{:type :invoke, :process 0, :f :read, :value nil}\n{:type :ok, :process 0, :f :read, :value ${shown}}\n`,
    ).ops;
  expect(check('set', history('#{1}'))['valid?']).toBe(true);
  expect(check('set', history('#{}'))['valid?']).toBe(false);
  expect(check('set', history('#{1 2}'))['valid?']).toBe(false);
});

it("its results in EDN are those of Jepsen's set: elements as texts of intervals", () => {
  const adds = (type: string, ...elements: readonly string[]): string =>
    elements
      .map((value, process) => `{:type ${type}, :process ${process}, :f :add, :value ${value}}\n`)
      .join('');
  const elements = ['3', '1', '2', '7', ':k', '12345678901234567890'];
  const text =
    adds(':invoke', ...elements) +
    adds(':ok', ...elements.slice(0, 4)) +
    '{:type :invoke, :process 9, :f :read, :value nil}\n' +
    '{:type :ok, :process 9, :f :read, :value #{1 2 3 :k "made up" 12345678901234567890}}\n';
  const odd: string[] = [];
  const edn = resultsToEdn(check('set', readHistory(text).ops), 'set', odd);
  expect(odd).toEqual([]);
  expect(writeEdn(edn)).toMatchInlineSnapshot(
    `"{:valid? false, :attempt-count 6, :acknowledged-count 4, :ok-count 5, :lost-count 1, :recovered-count 2, :unexpected-count 1, :ok "#{1..3 12345678901234567890N :k}", :lost "#{7}", :unexpected "#{\\"made up\\"}", :recovered "#{12345678901234567890N :k}", :last-read {:index 11, :time 0, :type :ok, :process 9, :f :read, :value #{1 2 3 :k "made up" 12345678901234567890N}}}"`,
  );
});
