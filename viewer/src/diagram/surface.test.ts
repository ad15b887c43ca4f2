import { expect, it } from 'vitest';
import { fitted } from './surface.ts';

const context = { measureText: (text: string) => ({ width: text.length }) as TextMetrics };

it('text of nodes on a canvas shows what would turn its direction, or colour a terminal', () => {
  expect(fitted(context, 'a\u202Ecba\u202C \u001B[31m', 1000)).toBe('a\\u202ecba\\u202c \\u001b[31m');
});

it('a text that is too wide ends in an ellipsis within its width', () => {
  const shown = fitted(context, '\u202E'.repeat(100), 60);
  expect(shown.endsWith('…')).toBe(true);
  expect(shown.length).toBeLessThanOrEqual(60);
});
