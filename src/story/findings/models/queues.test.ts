/** The stories of histories of queues. */
import { expect, it } from 'vitest';
import { TotalQueueChecker } from '../../../checkers/sets/total-queue.ts';
import { resultOver } from '../../../checkers/checker.ts';
import type { Op } from '../../../history/op.ts';
import { completeSpec } from '../../../harness/settings/spec-defaults.ts';
import type { Json } from '../../../protocol/json.ts';
import { storiesOfHistory } from '../../history-stories.ts';
import { storyText } from '../../text/story-text.ts';

type Row = readonly [f: string, asked: Json, answered: Json];

function storyOf(rows: readonly Row[]): string {
  const history = rows.flatMap(([f, asked, answered], at): Op[] => {
    const op = { process: at % 2, f, time: at * 1e6 };
    return [
      { ...op, index: 2 * at, type: 'invoke', value: asked },
      { ...op, index: 2 * at + 1, type: 'ok', value: answered },
    ];
  });
  const spec = completeSpec({ workload: 'total-queue', bin: '', world: 'real', seed: '', nodes: [] });
  const result = resultOver(new TotalQueueChecker(), history);
  const made = storiesOfHistory({ spec, history, result, evidence: undefined, evidenceIsDrawn: false });
  return made?.stories.map((story) => storyText(story, 1000)).join('\n') ?? '';
}

it('an element that never came out: its enqueue, and the last drain', () => {
  const text = storyOf([
    ['enqueue', 1, 1],
    ['enqueue', 2, 2],
    ['dequeue', null, 2],
    ['drain', null, []],
  ]);
  expect(text).toContain('1 went into the queue and never came out');
  expect(text).toMatch(/process 0 enqueues 1, .*\n.* process 1 drains the queue and gets \[\]/);
  expect(text).toContain(
    "process 0's enqueue of 1 is acknowledged, but nothing took it out, up to the drain of process 1.",
  );
  expect(text).not.toContain('more element');
});

it('an element that never went in: the operation that took it, and what it is another form of', () => {
  expect(
    storyOf([
      ['enqueue', 1, 1],
      ['dequeue', null, 1],
      ['drain', null, [9]],
    ]),
  ).toMatch(
    /9 came out of the queue, and never went in[^]*process 0 takes 9 out of the queue, which no operation enqueued\./,
  );
  const text = storyOf([
    ['enqueue', 1, 1],
    ['dequeue', null, '1'],
  ]);
  expect(text).toContain('"1" came out, which is 1 as a string: a different value.');
  expect(text).toContain('1 more element is lost or came from nowhere.');
});

it('a valid history has no story', () => {
  expect(
    storyOf([
      ['enqueue', 1, 1],
      ['dequeue', null, 1],
    ]),
  ).toBe('');
});
