import { expect, it } from 'vitest';
import { faultInWords } from './left-out.ts';

it('what can be left out has the same words as in the story', () => {
  expect(faultInWords('one-way', 'n1 does not hear n2')).toBe('the one-way cut (n1 does not hear n2)');
  expect(faultInWords('partition', 'n1 | n2')).toBe('the partition n1 | n2');
  expect(faultInWords('kill', 'n1')).toBe('the kill of n1');
  expect(faultInWords('kill', 'n1 n2 n3')).toBe('the kill of n1, n2 and n3');
  expect(faultInWords('slow', 'n1 n2')).toBe('the fault slow at n1 n2');
});
