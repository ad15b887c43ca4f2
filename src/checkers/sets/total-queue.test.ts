import { expect, it } from 'vitest';
import { writeEdn } from '../../edn/edn-value.ts';
import { readHistory } from '../../history/reading/read-history.ts';
import { resultsToEdn } from '../../store/results/result-shapes.ts';
import { check, explain } from '../check.ts';
import { modelEntry } from '../models/model-table.ts';

const queue = (...rows: readonly (readonly [f: string, type: string, value: string])[]) =>
  readHistory(
    rows
      .map(([f, type, value], process) => {
        const asked = f === 'enqueue' ? value : 'nil';
        const of = `:process ${process}, :f :${f}`;
        return `{:type :invoke, ${of}, :value ${asked}}\n{:type :${type}, ${of}, :value ${value}}\n`;
      })
      .join(''),
  ).ops;

it('every acknowledged element comes out of a queue, by dequeues or by a drain, and none that was not enqueued', () => {
  const ops = queue(
    ['enqueue', 'ok', '1'],
    ['enqueue', 'ok', ':k'],
    ['enqueue', 'ok', '"lost"'],
    ['enqueue', 'info', '4'],
    ['enqueue', 'fail', '5'],
    ['dequeue', 'ok', '1'],
    ['dequeue', 'ok', '1'],
    ['dequeue', 'ok', 'nil'],
    ['dequeue', 'fail', 'nil'],
    ['drain', 'ok', '[:k 4 "made up"]'],
  );
  const odd: string[] = [];
  const result = check('total-queue', ops);
  expect(writeEdn(resultsToEdn(result, 'total-queue', odd))).toMatchInlineSnapshot(
    `"{:valid? false, :attempt-count 5, :acknowledged-count 3, :ok-count 3, :unexpected-count 1, :duplicated-count 1, :lost-count 1, :recovered-count 1, :lost ("lost"), :unexpected ("made up"), :duplicated (1), :recovered (4)}"`,
  );
  expect(odd).toEqual([]);
  expect(explain('total-queue', result)).toMatchInlineSnapshot(
    `"Of the queue, "lost" never came out, although the enqueue succeeded; "made up" came out, which no operation enqueued."`,
  );
});

it('a valid verdict says that elements came out again', () => {
  const remark = (...drained: readonly string[]): unknown =>
    modelEntry('total-queue').remark(
      check('total-queue', queue(['enqueue', 'ok', '1'], ['drain', 'ok', `[${drained.join(' ')}]`])),
    );
  expect(remark('1')).toBeUndefined();
  expect(remark('1', '1', '1')).toBe(
    '2 dequeues returned an element more often than it was enqueued, which total-queue allows.',
  );
});

it('a drain may be recorded as its dequeues, and as exhausted itself', () => {
  const ops = queue(['enqueue', 'ok', '1'], ['dequeue', 'ok', '1'], ['drain', 'ok', ':exhausted']);
  expect(check('total-queue', ops)['valid?']).toBe(true);
});

it('a dequeue or a drain that crashed may have taken what is missing', () => {
  const missing = [
    ['enqueue', 'ok', '1'],
    ['enqueue', 'ok', '2'],
  ] as const;
  const verdict = (...rows: readonly (readonly [string, string, string])[]): unknown =>
    check('total-queue', queue(...missing, ...rows))['valid?'];
  expect(verdict(['dequeue', 'info', 'nil'])).toBe(false);
  expect(verdict(['dequeue', 'info', 'nil'], ['dequeue', 'info', 'nil'])).toBe('unknown');
  expect(verdict(['drain', 'info', 'nil'])).toBe('unknown');
  expect(verdict(['drain', 'info', 'nil'], ['drain', 'ok', '[1 2]'])).toBe(true);
  expect(verdict(['drain', 'info', 'nil'], ['drain', 'ok', '[3]'])).toBe(false);
  expect(
    explain('total-queue', check('total-queue', queue(...missing, ['drain', 'info', 'nil']))),
  ).toMatchInlineSnapshot(
    `"Of the queue, 1, 2 never came out, although the enqueue succeeded. A drain that crashed may have taken what is missing."`,
  );
});
