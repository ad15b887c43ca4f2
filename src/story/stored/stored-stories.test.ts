import { appendFileSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openTest } from '../../harness/one-test/open-test.ts';
import { completeSpec } from '../../harness/settings/spec-defaults.ts';
import { bundleNode } from '../../world/bundling/bundle.ts';
import { broadcast } from '../../workloads/broadcast.ts';
import { makeBoundedStories, readStories, writeStories } from './stored-stories.ts';
import { storedStories } from './stored-story.ts';

const store = mkdtempSync(join(tmpdir(), 'maelstrom-stories-'));
afterAll(() => rmSync(store, { recursive: true }));
let folder = '';

beforeAll(async () => {
  folder = await runWith(['partition']);
}, 60_000);

async function runWith(nemesis: readonly 'partition'[]): Promise<string> {
  const program = fileURLToPath(new URL('../../../examples/broken/trusts-delivery.ts', import.meta.url));
  const { bin } = await bundleNode(program, 'simulated', store);
  const spec = completeSpec({
    workload: 'broadcast',
    bin,
    world: 'simulated',
    seed: '1',
    nodes: ['n1', 'n2', 'n3'],
    timeLimitSeconds: 1,
    recoverySeconds: 1,
    rate: 10,
    nemesis,
    nemesisIntervalSeconds: 0.3,
  });
  const run = await openTest({ spec, workload: broadcast, store });
  const stored = await run.run();
  if (stored === undefined) throw new Error('the run was ended');
  return stored.folder;
}

test('stories are read back as they were written, with the file of their evidence', () => {
  const made = makeBoundedStories(folder);
  if (made === undefined) throw new Error('there is no story');
  writeStories(folder, made);
  expect(readStories(folder)).toEqual(JSON.parse(JSON.stringify(made)));
  expect(made.stories[0]).toMatchObject({ title: 'Element 0 is lost', evidence: 'evidence/lost-0' });
  expect(readFileSync(join(folder, 'story.md'), 'utf8')).toContain('# Element 0 is lost');
  expect(readFileSync(join(folder, 'story.svg'), 'utf8')).toContain('data-step="');
});

test.each([
  ['invalid JSON', '{'],
  ['a newer version', '{"version":2,"stories":[]}'],
  ['another shape', '{"version":1,"stories":[{"version":1,"title":7}]}'],
  [
    'a step of an unknown kind',
    '{"version":1,"stories":[{"version":1,"title":"x","steps":[{"kind":"evil"}],"notes":[],"lanes":[]}]}',
  ],
  ['too much text', `{"version":1,"stories":[],"note":"${'x'.repeat(5 << 20)}"}`],
])('a file with %s is ignored', (_, text) => {
  writeFileSync(join(folder, 'story.json'), text);
  expect(readStories(folder)).toBeUndefined();
});

test('if there are too many messages, those before the finding are considered, and the story says how many are not', () => {
  const { stories } = storedStories(folder, { mostMessages: 12 });
  expect(stories).toHaveLength(1);
  expect(stories[0]?.steps.at(-1)?.text).toMatch(/is lost\.$/);
  expect(stories[0]?.notes.join('\n')).toMatch(/\d+ earlier messages of the run were not looked at\./);
});

test('a history too long for memory is left to the command', () => {
  const history = join(folder, 'history.jsonl');
  const { length } = readFileSync(history);
  appendFileSync(history, `${' '.repeat((33 << 20) - 1)}\n`);
  expect(makeBoundedStories(folder)).toEqual({
    version: 1,
    stories: [],
    note: 'The history has 33 MiB, too much to tell its story by itself: maelstrom story RUN does so.',
  });
  truncateSync(history, length);
});

test('a valid run has no story however long its history is, and none is promised', async () => {
  const valid = await runWith([]);
  appendFileSync(join(valid, 'history.jsonl'), `${' '.repeat((33 << 20) - 1)}\n`);
  expect(makeBoundedStories(valid)).toBeUndefined();
});
