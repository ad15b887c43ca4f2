/** The stories of runs in which an assertion or an invariant fails, while the answers of nodes are right. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { simulateOnce } from '../harness/simulations/simulate-once.ts';
import { completeSpec } from '../harness/settings/spec-defaults.ts';
import { MemoryJournal } from '../network/journal/memory-journal.ts';
import { bundleNode } from '../world/bundling/bundle.ts';
import { echo } from '../workloads/echo.ts';
import type { StateChange, StateFields } from '../protocol/state-change.ts';
import { makeStory } from './make-story.ts';
import { stateSteps } from './steps/state-steps.ts';
import type { Story } from '../recording/story.ts';
import { storyRunOf } from './story-run.ts';

const folder = mkdtempSync(join(tmpdir(), 'maelstrom-must-hold-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** Each echo makes its node the leader of the next term: two at once lead in the same. */
const PROGRAM = `
  import { Node, always } from 'maelstrom/node';
  const node = new Node();
  let term = 0;
  let leader;
  node.on('echo', ({ echo }) => {
    term += 1;
    leader = node.id;
    for (const other of node.nodeIds) if (other !== node.id) node.send(other, { type: 'i_lead', term });
    return { echo };
  });
  node.on('i_lead', (body, { src }) => {
    if (process.argv[2] === 'asserts')
      always(body.term !== term || leader !== node.id, 'one leader \\u202e a term', { term });
    if (body.term > term) [term, leader] = [body.term, src];
  });
  node.inspect(() => ({ term, leader }));
`;

const INVARIANT = `
  export default (states) => {
    const led = new Map();
    for (const [node, { term, leader }] of states) {
      if (leader !== node) continue;
      if (led.has(term)) return led.get(term) + ' and ' + node + ' both lead in term ' + term;
      led.set(term, node);
    }
  };
`;

async function storyWith(settings: {
  readonly args?: readonly string[];
  readonly invariants?: readonly string[];
}): Promise<Story> {
  const source = join(folder, 'lead.mjs');
  writeFileSync(source, PROGRAM);
  const { bin } = await bundleNode(source, 'simulated', mkdtempSync(join(folder, 'bundle-')));
  const spec = completeSpec({
    workload: 'echo',
    bin,
    world: 'simulated',
    nodes: ['n1', 'n2', 'n3'],
    latency: { distribution: 'constant', meanMs: 100 },
    rate: 5,
    timeLimitSeconds: 3,
    ...settings,
  });
  const journal = new MemoryJournal();
  const run = await simulateOnce(spec, echo, 'a', { journal });
  const story = makeStory(storyRunOf({ spec, workload: echo, run, journal }));
  if (story === undefined) throw new Error(`nothing fails: ${JSON.stringify(run.results)}`);
  return story;
}

const textOf = ({ steps }: Story): string => steps.map(({ text }) => text).join('\n');

it('an invariant: the messages up to then, and the states that violate it', async () => {
  const invariant = join(folder, 'one-leader.mjs');
  writeFileSync(invariant, INVARIANT);
  const story = await storyWith({ invariants: [invariant] });
  const [, one = '', other = '', term = ''] =
    /^one-leader\.mjs: (n\d) and (n\d) both lead in term (\d+)$/.exec(story.title) ?? [];
  for (const leader of [one, other])
    expect(textOf(story)).toMatch(new RegExp(`${leader} sends i_lead \\{term: ${term}\\} to n`));
  expect(textOf(story)).toMatch(/After this turn of n\d, one-leader\.mjs says: /);
  expect(textOf(story)).toContain(`${one}: {leader: "${one}", term: ${term}}`);
  expect(story.steps.at(-1)?.kind).toBe('verdict');
});

it('an assertion: what its node had received, and the details, with the name shown safely', async () => {
  const story = await storyWith({ args: ['asserts'] });
  const [, node = ''] = /^On (n\d) the assertion "one leader .* a term" fails$/.exec(story.title) ?? [];
  expect(story.title).not.toContain('\u202e');
  expect(textOf(story)).toMatch(new RegExp(`sends i_lead .* to (n\\d and )?${node}`));
  expect(textOf(story)).toMatch(new RegExp(`${node}: always "one leader .* did not hold at [\\d.]+ s`));
  expect(textOf(story)).toMatch(/Details: \{"term":\d+\}/);
  expect(textOf(story)).not.toContain("'s log: ");
});

it('states that nodes showed: changes of words, decreases, or values that the sentence names; hostile ones shown safely', () => {
  const set = (time: number, node: string, fields: StateFields): StateChange => ({
    node,
    time,
    kind: 'set',
    fields,
  });
  const told = stateSteps(
    [
      set(1, 'n1', { role: 'follower', term: 0, committed: 0 }),
      set(2, 'n1', { role: 'leader', term: 2 }),
      set(3, 'n1', { committed: 11 }),
      set(4, 'n1', { committed: 12, log: [1, 2] }),
      set(5, 'n2', { role: 'follower', term: 2, committed: 12 }),
      set(6, 'n2', { committed: 8 }),
      set(7, 'n3', { role: 'leader' }),
      set(8, 'n2', { role: 'a\u202e\u001b[31m' }),
      { node: 'n2', time: 9, kind: 'end' },
      set(9, 'n2', { role: 'follower' }),
      set(10, 'n2', { role: 'leader' }),
      set(99, 'n2', { role: 'too late' }),
    ],
    {
      sentence: 'n2 leads in term 4 without the entry at index 12, which n1 had committed in term 2',
      nodes: ['n1', 'n2', 'n3'],
      untilNanos: 20,
    },
  );
  expect(told.map(({ timeNanos }) => timeNanos)).toEqual([2, 4, 6, 8, 10]);
  const text = told.map((one) => one.text).join('\n');
  expect(text).toContain("n1's state is now: role leader, term 2, committed 0");
  expect(text).toContain("n1's state is now: committed 12, role leader, term 2");
  expect(text).toContain(
    "n2's state is now: committed 8, role follower, term 2, and had committed 12 before",
  );
  for (const hidden of ['\u202e', '\u001b', 'too late', 'n3']) expect(text).not.toContain(hidden);
});
