import { expect, it } from 'vitest';
import { nemesisLine } from './nemesis-line.ts';

const CUT = 'partition n1 | n2 n3';

it('a fault begins and ends in the words of the status line', () => {
  const value = ['isolated', { n1: ['n2', 'n3'] }];
  expect(nemesisLine({ f: 'start-partition', value, before: [], after: [CUT] })).toBe(
    `Nemesis: ${CUT} begins`,
  );
  expect(
    nemesisLine({
      f: 'stop-partition',
      value: 'network-healed',
      before: [CUT, 'kill n1'],
      after: ['kill n1'],
    }),
  ).toBe(`Nemesis: ${CUT} ends`);
  expect(nemesisLine({ f: 'kill', value: {}, before: ['kill n1'], after: ['kill n1', 'kill n1'] })).toBe(
    'Nemesis: kill n1 begins',
  );
});

it('an end without effect is not logged, and a beginning without effect says so', () => {
  expect(
    nemesisLine({ f: 'stop-partition', value: 'network-healed', before: [], after: [] }),
  ).toBeUndefined();
  expect(nemesisLine({ f: 'pause', value: {}, before: [], after: [] })).toBe('Nemesis: pause hit no node');
});

it('one of two nodes may stay affected', () => {
  expect(nemesisLine({ f: 'start', value: {}, before: ['kill n1 n2'], after: ['kill n2'] })).toBe(
    'Nemesis: kill n1 n2 goes on as kill n2',
  );
});

it('says which node joined or left, or why it did not', () => {
  const line = (f: string, value: Record<string, string | (string | number)[]>) =>
    nemesisLine({ f, value, before: [], after: ['members n1 n2 n4'] });
  expect(line('add-member', { n4: 'added' })).toBe('Nemesis: n4 added');
  expect(line('remove-member', { n1: ['error', 11, 'not the leader\u001b'] })).toBe(
    'Nemesis: remove-member n1: error 11, "not the leader\\u001b"',
  );
  expect(line('remove-member', {})).toBe('Nemesis: remove-member changed nothing');
});
