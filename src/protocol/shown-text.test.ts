import { expect, test } from 'vitest';
import { plainText, shownText } from './shown-text.ts';

test('a text that is shortened again keeps the length that it had', () => {
  const once = shownText('x'.repeat(4000), 500);
  expect(shownText(once, 10)).toBe('xxxxxxxxxx... (4000 characters)');
  expect(shownText(`${once} #3`, 10)).toBe('xxxxxxxxxx... (4000 characters)');
  expect(shownText(`"${once}"`, 10)).toBe('"xxxxxxxxx... (4000 characters)');
  expect(shownText(`${once} and more`, 10)).toBe(`xxxxxxxxxx... (${once.length + 9} characters)`);
});

test('no character that is invisible makes two texts look the same', () => {
  for (const unseen of ['\u00ad', '\u115f', '\u180e', '\u200b', '\u3164', '\uffa0', '\ufffa']) {
    const code = `\\u${unseen.charCodeAt(0).toString(16).padStart(4, '0')}`;
    expect(shownText(`n1${unseen}`)).toBe(`n1${code}`);
    expect(plainText(`n1${unseen}`)).toBe(`n1${code}`);
  }
  expect(shownText('n1\u{e0041}')).toBe('n1\\udb40\\udc41');
  expect(shownText('n1 \u{1f600} \u2764\ufe0f')).toBe('n1 \u{1f600} \u2764\ufe0f');
});
