/** Pictures of stories: their lines and words. */
import { expect, it } from 'vitest';
import { storyPicture } from './picture/story-picture.ts';
import type { Op } from '../history/op.ts';
import { SECOND, opsOf, ADD_AND_READ, runOf, gossip, storyOf } from '../../test/support/story-by-hand.ts';

it('a message to its own sender is a loop with words next to it', () => {
  const sent = gossip('{"type":"tell","message":7}').map((one) =>
    one.dest === 'n2' && one.src === 'n1' ? { ...one, dest: 'n1', arrives: one.at } : one,
  );
  const { body } = storyPicture(storyOf(runOf(sent)));
  expect(body).toMatch(/c20 0 20 10 2 10"/);
  expect(body).toMatch(/>\d tell<\/text>/);
});

it('the words of a picture are above all its lines, and link where their lines link', () => {
  const { body } = storyPicture(storyOf(runOf(gossip('{"type":"tell","message":7}'))));
  const words = [...body.matchAll(/<g class="words" data-step="(\d+)" data-message="(\d+)"><text/g)];
  const lines = [...body.matchAll(/<g data-step="(\d+)" data-message="(\d+)"><title>.*?<path/g)];
  const lead = (found: readonly RegExpMatchArray[]) => found.map(([, step, message]) => [step, message]);
  expect(lead(words)).toEqual(lead(lines));
  expect(lines.length).toBeGreaterThan(3);
  expect(words[0]?.index).toBeGreaterThan(lines.at(-1)?.index ?? Infinity);
});

it('the words of a late message stand where no other arrow runs, and those of the others stay with them', () => {
  const arrowOf = (label: string, at: number, end: number) => ({
    message: at,
    from: 'n1',
    to: 'n2',
    sentNanos: at * SECOND,
    endNanos: end * SECOND,
    isLost: false,
    label,
  });
  const arrows = [arrowOf('late', 1, 10), ...[2, 3, 4, 5, 6, 7, 8].map((at) => arrowOf(`t${at}`, at, at))];
  const { body } = storyPicture({
    version: 1,
    title: 'A late message',
    steps: arrows.map((arrow, at) => ({
      number: at + 1,
      timeNanos: arrow.sentNanos,
      kind: 'message',
      text: arrow.label,
      messages: [arrow.message],
      operations: [],
      arrows: [arrow],
    })),
    notes: [],
    lanes: ['n1', 'n2'].map((name) => ({ name, kind: 'node' as const })),
    wrong: undefined,
  });
  const wordsOf = (type: string): number =>
    Number(new RegExp(`<text[^>]* y="([\\d.]+)"[^>]*>\\d+ ${type}</text>`).exec(body)?.[1]);
  const level = [...body.matchAll(/d="M[\d.]+ ([\d.]+)L[\d.]+ ([\d.]+)"/g)].flatMap(([, from, to]) =>
    from === to ? [Number(from)] : [],
  );
  expect(level).toHaveLength(7);
  const y = wordsOf('late');
  expect(level.filter((line) => line > y - 11 && line < y + 6)).toEqual([]);
  for (const { label } of arrows.slice(1)) expect(level).toContain(wordsOf(label) + 3);
});

it('a missing reply has its type, and not the outcome of the operation', () => {
  const history = opsOf([
    [0, 'invoke', 0, 'broadcast', 7],
    [0.9, 'info', 0, 'broadcast', 7],
    [1, 'invoke', 1, 'read', null],
    [1.1, 'ok', 1, 'read', [3]],
  ]);
  const sent = gossip('{"type":"tell","message":7}').map((one) =>
    one.dest === 'c1' ? { ...one, arrives: undefined } : one,
  );
  const labels = storyOf(runOf(sent, { history })).steps.flatMap(({ arrows }) =>
    arrows.map(({ label }) => label),
  );
  expect(labels).toContain('broadcast_ok');
  expect(labels).not.toContain('info');
});

it('a picture of many nodes has lanes for those involved, not for all that a partition affects', () => {
  const nodes = Array.from({ length: 25 }, (_, at) => `n${at + 1}`);
  const cut = Object.fromEntries(nodes.map((name) => [name, nodes.filter((other) => other !== name)]));
  const partition = (process: 'nemesis', index: number, time: number, f: string, value: Op['value']): Op => ({
    process,
    index,
    time,
    type: 'info',
    f,
    value,
  });
  const history = [
    partition('nemesis', 10, 0.01 * SECOND, 'start-partition', 'one'),
    partition('nemesis', 11, 0.02 * SECOND, 'start-partition', ['isolated', cut]),
    ...ADD_AND_READ,
  ];
  const sent = gossip('{"type":"tell","message":7}').map((one) => ({ ...one, reason: 'partition' }));
  const run = runOf(sent, { history });
  const story = storyOf({ ...run, spec: { ...run.spec, nodes } });
  expect(story.steps.find(({ band }) => band !== undefined)?.band?.nodes).toHaveLength(25);
  expect(story.lanes.map(({ name }) => name)).toEqual(['c1', 'c2', 'n1', 'n2']);
  // The names of all appear once.
  const texts = story.steps.map(({ text }) => text);
  expect(texts.join('\n')).toMatch(/^A partition begins: n1 \| n2 /m);
  expect(texts.join('\n')).toContain('; the partition of 0.010 s drops it');
  const { body } = storyPicture(story);
  expect(body.indexOf('>partition</text>')).toBeGreaterThan(body.indexOf('class="lane"'));
});
