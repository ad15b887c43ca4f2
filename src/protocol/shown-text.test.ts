import { expect, test } from 'vitest';
import { shownText } from './shown-text.ts';

test('a text that is shortened again keeps the length that it had', () => {
  const once = shownText('x'.repeat(4000), 500);
  expect(shownText(once, 10)).toBe('xxxxxxxxxx... (4000 characters)');
  expect(shownText(`${once} #3`, 10)).toBe('xxxxxxxxxx... (4000 characters)');
  expect(shownText(`"${once}"`, 10)).toBe('"xxxxxxxxx... (4000 characters)');
  expect(shownText(`${once} and more`, 10)).toBe(`xxxxxxxxxx... (${once.length + 9} characters)`);
});
