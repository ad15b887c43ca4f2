import { expect, it } from 'vitest';
import { lastWords } from './last-words.ts';

it('shows the cause above the last lines, once, and indents by blanks where the program did by tabs', () => {
  const lastStderr = ['\tfrom node.rb:3', '\u001b[31mred'];
  const cause = ['node.rb:7: undefined method (NoMethodError)', '\tfrom node.rb:3'];
  expect(lastWords({ code: 1, signal: null, lastStderr, cause })).toMatchInlineSnapshot(`
    "What seems to be the cause, in its stderr:
      node.rb:7: undefined method (NoMethodError)
          from node.rb:3
    The last lines of its stderr:
          from node.rb:3
      \\u001b[31mred"
  `);
  expect(lastWords({ code: 1, signal: null, lastStderr, cause: ['\tfrom node.rb:3'] })).not.toContain(
    'cause',
  );
  expect(lastWords({ code: 0, signal: null, lastStderr: [] })).toBe('It had written nothing to its stderr.');
});
