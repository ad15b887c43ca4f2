import { expect, test } from 'vitest';
import type { Stories, Story } from '../../recording/story.ts';
import { Console } from './console.ts';
import { showStory, storyCommand } from './show-story.ts';

const story = (steps: number, text = 'n1 sends tell to n2'): Story => ({
  version: 1,
  title: 'Element 7 is lost',
  steps: Array.from({ length: steps }, (_, at) => ({
    number: at + 1,
    timeNanos: at * 1e8,
    kind: at === steps - 1 ? ('verdict' as const) : ('message' as const),
    text: at === steps - 1 ? '7 is lost.' : text,
    messages: [],
    operations: [],
    arrows: [],
  })),
  notes: [],
  lanes: [],
  wrong: undefined,
});

function shown(stories: Partial<Stories>, isTerminal = true, columns = 120, isValid = false): string {
  let text = '';
  const output = { write: (more: string) => void (text += more), isTTY: isTerminal, columns };
  showStory(
    { version: 1, stories: [], ...stories },
    { whole: storyCommand('./maelstrom', '/store/g-set/1'), isValid },
    new Console(output, { NO_COLOR: '1' }),
  );
  return text;
}

test('a short story is shown in full', () => {
  expect(shown({ stories: [story(3)] })).toBe(
    '\nHow it happened: Element 7 is lost\n1. 0.000 s  n1 sends tell to n2\n2. 0.100 s  n1 sends tell to n2\n3.          7 is lost.\n',
  );
});

test('the heading for a valid run says that something is wrong anyway', () => {
  expect(shown({ stories: [story(3)] }, true, 120, true)).toContain(
    '\nWrong nevertheless: Element 7 is lost\n',
  );
});

test('its lines fit the terminal', () => {
  const lines = shown({ stories: [story(3, 'word '.repeat(15))] }, true, 60).split('\n');
  expect(Math.max(...lines.map(({ length }) => length))).toBeLessThanOrEqual(60);
  // Two steps of two lines, the title, the verdict, and an empty line before and after.
  expect(lines).toHaveLength(8);
});

test('a long story is shown by its beginning and its end, in shortened steps, with the command that shows all of it', () => {
  const lines = shown({ stories: [story(20, 'word '.repeat(60))] })
    .trimEnd()
    .split('\n');
  expect(lines.length).toBeLessThanOrEqual(23);
  expect(Math.max(...lines.map(({ length }) => length))).toBeLessThanOrEqual(100);
  expect(lines).toContain('   … 10 more steps …');
  expect(lines.at(-2)).toContain('7 is lost.');
  expect(lines.at(-1)).toBe('The whole story: ./maelstrom story /store/g-set/1');
});

test('of a long story what is wrong is shown in full', () => {
  const long = story(20, 'word '.repeat(60));
  const verdict = 'c1 reads 68 at n2, 55 too little: '.repeat(4);
  const steps = long.steps.map((step) =>
    step.kind === 'verdict' ? { ...step, text: `${verdict}end.` } : step,
  );
  expect(shown({ stories: [{ ...long, steps }] }, true, 80)).toContain('end.');
});

test('a long story fits a narrow terminal', () => {
  const lines = shown({ stories: [story(20, 'word '.repeat(60))] }, true, 60).split('\n');
  expect(Math.max(...lines.slice(2, -2).map(({ length }) => length))).toBeLessThanOrEqual(60);
});

test('if there are stories of other findings, the command that shows them is named', () => {
  expect(shown({ stories: [story(2), story(2)] })).toContain('The whole story: ./maelstrom story');
});

test('the reason for a missing story is shown, with the command that tells it', () => {
  expect(shown({ note: 'It is too long: maelstrom story RUN does so.' })).toBe(
    'It is too long: ./maelstrom story /store/g-set/1 does so.\n',
  );
});

test('nothing is shown if the output is not a terminal', () => {
  expect(shown({ stories: [story(3)] }, false)).toBe('');
});
