/** `maelstrom check --model FILE`: histories judged by a model, a judge or a workload of the user's. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Json } from '../../protocol/json.ts';
import { checkInFolders, jsonl, ops } from '../../../test/support/check-in-folders.ts';

const here = checkInFolders();
const { check, file } = here;

const STACK = `export default {
  init: [] as number[],
  isReadOnly: (f: string) => f === 'size',
  operations: ['push', 'pop', 'size'],
  acknowledged: ['push'],
  step(items: number[], f: string, value: number) {
    if (f === 'push') return [...items, value];
    if (f === 'size') return items.length === value ? items : undefined;
    return items.at(-1) === value ? items.slice(0, -1) : undefined;
  },
};`;

type Step = readonly [process: number, f: string, asked: Json, value: Json];

/** A history of operations one after the other. */
const inTurn = (...steps: readonly Step[]): string =>
  jsonl(
    ops(
      ...steps.flatMap(([process, f, asked, value]) => [
        ['invoke', process, f, asked] as const,
        ['ok', process, f, value] as const,
      ]),
    ),
  );

/** A push of 1, one of 2, whose reply is empty, and a pop. */
const popped = (value: number): string =>
  inTurn([0, 'push', 1, 1], [0, 'push', 2, null], [1, 'pop', null, value]);

describe('a model in a file', () => {
  it('judges a history, with all members that a model for `check` has', async () => {
    file('stack.ts', STACK);
    file('right.jsonl', popped(2));
    file('wrong.jsonl', popped(1));
    const right = await check('FOLDER/right.jsonl --model FOLDER/stack.ts');
    expect([right.err, right.code]).toEqual(['', 0]);
    expect(right.out).toContain('Judged as: stack.ts');
    const wrong = await check('FOLDER/wrong.jsonl --model FOLDER/stack.ts');
    expect(wrong.code).toBe(1);
    expect(wrong.out).toContain('Operation 4, pop 1 by process 1, cannot have happened');
    expect(wrong.out).toContain('could have been [1,2]');
  });

  it('judges each key separately with --independent', async () => {
    file('stack.ts', STACK);
    file(
      'keys.jsonl',
      inTurn(
        [0, 'push', ['a', 1], ['a', 1]],
        [0, 'push', ['b', 2], ['b', 2]],
        [1, 'pop', ['a', null], ['a', 1]],
        [1, 'pop', ['b', null], ['b', 1]],
      ),
    );
    const { code, out } = await check('FOLDER/keys.jsonl --model FOLDER/stack.ts --independent');
    expect([code, out]).toEqual([1, expect.stringContaining(':failures ["b"]')]);
  });

  it('shows its evidence in a page', async () => {
    file('stack.ts', STACK);
    file('wrong.jsonl', popped(1));
    const { out } = await check('FOLDER/wrong.jsonl --model FOLDER/stack.ts --report FOLDER/page.html');
    expect(out).toContain('Report: FOLDER/page.html');
    expect(readFileSync(join(here.folder, 'page.html'), 'utf8')).toContain('not linearizable');
  });

  it('has no certificate', async () => {
    file('stack.ts', STACK);
    file('right.jsonl', popped(2));
    const { out } = await check('FOLDER/right.jsonl --model FOLDER/stack.ts --certificate FOLDER/c.json');
    expect(out).toContain('No certificate');
  });

  it('that throws gives no verdict, and the place in the file', async () => {
    file('stack.ts', STACK.replace("if (f === 'size')", "if (f === 'pop') throw new Error('oops');$&"));
    file('right.jsonl', popped(2));
    const { code, out } = await check('FOLDER/right.jsonl --model FOLDER/stack.ts');
    expect([code, out]).toEqual([
      2,
      expect.stringMatching(/There is no verdict: the checker failed: Error: oops \(stack\.ts:8:\d+\)/),
    ]);
  });

  it.each([
    ['another operation', 'right.jsonl', '--model FOLDER/stack.ts', /line 1: .*knows no "?enqueue|enqueue/],
    ['an option that models have not', 'own.jsonl', '--model FOLDER/stack.ts --strict', /no option --strict/],
    ['a missing file', 'own.jsonl', '--model FOLDER/none.ts', /none\.ts does not exist/],
    ['a file that judges nothing', 'own.jsonl', '--model FOLDER/three.ts', /has 3 as its default export/],
  ])('refuses %s', async (_, history, options, problem) => {
    file('stack.ts', STACK);
    file('three.ts', 'export default 3;');
    file('own.jsonl', popped(2));
    file('right.jsonl', inTurn([0, 'enqueue', 1, 1]));
    expect(await check(`FOLDER/${history} ${options}`)).toMatchObject({
      code: 254,
      err: expect.stringMatching(problem) as string,
    });
  });
});

describe('what judges a workload, in a file', () => {
  it.each([
    [
      'a judge',
      `import { onOps } from 'maelstrom';
       export default onOps((ops) => ops.filter(({ f }) => f === 'pop').map((op) => ({ text: \`\${op.value} came out\`, operations: [op] })));`,
    ],
    [
      'a workload',
      `import { defineWorkload, onOps } from 'maelstrom';
       export default defineWorkload({
         operations: { push: {}, pop: {} },
         next: () => ({ f: 'pop' }),
         checker: onOps((ops) => ops.filter(({ f }) => f === 'pop').map((op) => ({ text: \`\${op.value} came out\`, operations: [op] }))),
       });`,
    ],
  ])('%s judges a history', async (_, text) => {
    file('judge.ts', text);
    file('h.jsonl', popped(1));
    const { code, out } = await check('FOLDER/h.jsonl --model FOLDER/judge.ts');
    expect([code, out]).toEqual([1, expect.stringContaining('1 came out (operation 4).')]);
  });

  it('refuses operations of another workload', async () => {
    file(
      'lock.ts',
      `import { defineWorkload, onOps } from 'maelstrom';
       export default defineWorkload({ operations: { lock: {} }, next: () => ({ f: 'lock' }), checker: onOps(() => []) });`,
    );
    file('h.jsonl', popped(1));
    expect(await check('FOLDER/h.jsonl --model FOLDER/lock.ts')).toMatchObject({
      code: 254,
      err: expect.stringMatching(/line 1: .*push/) as string,
    });
  });
});
