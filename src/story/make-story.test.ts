/** The story of a small failing run of each broken example: what it must name, and that all it names exists. */
import { beforeAll, describe, expect, it } from 'vitest';
import { BROKEN, smallFailingRun, type SmallRun } from '../../test/support/small-failing-run.ts';
import { isJsonObject, parseJson } from '../protocol/json.ts';
import { makeStory } from './make-story.ts';
import type { Story } from '../recording/story.ts';
import { storyPicture } from './picture/story-picture.ts';
import { storyMarkdown, storyText } from './text/story-text.ts';
import { svgFile } from '../report/svg/svg.ts';

interface Told {
  readonly run: SmallRun;
  readonly story: Story;
}

const told = new Map<string, Told>();

beforeAll(async () => {
  for (const one of BROKEN) {
    const run = await smallFailingRun(one);
    const story = makeStory(run);
    if (story === undefined) throw new Error(`${one.name} has no story`);
    told.set(one.name, { run, story });
  }
}, 240_000);

function toldOf(name: string): Told {
  const known = told.get(name);
  if (known === undefined) throw new Error(`there is no run of ${name}`);
  return known;
}

const textOf = (name: string): string =>
  toldOf(name)
    .story.steps.map(({ text }) => text)
    .join('\n');
const kindsOf = (name: string): readonly string[] => toldOf(name).story.steps.map(({ kind }) => kind);

describe.each(BROKEN.map(({ name }) => name))('the story of %s', (name) => {
  it('is numbered from 1, in the order of time, and ends with the verdict', () => {
    const { steps } = toldOf(name).story;
    expect(steps.map(({ number }) => number)).toEqual(steps.map((_, at) => at + 1));
    const times = steps.map(({ timeNanos }) => timeNanos);
    expect(times).toEqual(times.toSorted((a, b) => a - b));
    expect(steps.at(-1)?.kind).toBe('verdict');
    expect(steps.length).toBeGreaterThan(2);
    expect(steps.length).toBeLessThanOrEqual(20);
  });

  it('names existing messages, operations and steps, and endpoints that have a lane', () => {
    const { run, story } = toldOf(name);
    const numbers = new Set(run.history.map(({ index }) => index));
    const lanes = new Set(story.lanes.map((lane) => lane.name));
    for (const { messages, operations, arrows, text } of story.steps) {
      expect(messages.filter((id) => !(id >= 0 && id < run.journal.messageCount))).toEqual([]);
      expect(operations.filter((number) => !numbers.has(number))).toEqual([]);
      for (const arrow of arrows) {
        expect(messages).toContain(arrow.message);
        const { src, dest } = run.journal.message(arrow.message);
        expect([arrow.from, arrow.to]).toEqual([src, dest]);
        expect(lanes.has(src) && lanes.has(dest)).toBe(true);
      }
      for (const [, step] of text.matchAll(/step (\d+)/g))
        expect(Number(step)).toBeLessThanOrEqual(story.steps.length);
    }
  });

  it('has one line per step, and nothing of the start of the run', () => {
    for (const { text } of toldOf(name).story.steps) {
      expect(text).not.toMatch(/\n|undefined|NaN|Infinity|\[object/);
      expect(text).not.toMatch(/\b(init|init_ok|topology)\b/);
    }
  });

  it('reports everything lost or duplicated as such', () => {
    const { run, story } = toldOf(name);
    const lost = new Set<number>();
    for (let number = 0; number < run.journal.eventCount; number++) {
      const event = run.journal.event(number);
      if (event.kind === 'dropped') lost.add(event.messageId);
    }
    for (const { arrows } of story.steps)
      for (const { isLost, message } of arrows) if (isLost) expect(lost.has(message)).toBe(true);
  });

  it('is the same again, in text and picture', () => {
    const { run, story } = toldOf(name);
    const again = makeStory(run);
    expect(again).toEqual(story);
    const svg = svgFile(storyPicture(story));
    expect(again && svgFile(storyPicture(again))).toBe(svg);
    for (const { number } of story.steps) expect(svg).toContain(`>${number}. `);
  });
});

describe('the content of stories of broken examples', () => {
  it.each(['trusts-delivery, partition', 'trusts-delivery, loss'])(
    '%s: which message was lost, by what fault, and which node lacks the element',
    (name) => {
      const { story } = toldOf(name);
      const [, element = ''] = /^Element (\d+) is lost$/.exec(story.title) ?? [];
      const fault = name.endsWith('loss') ? 'fault loss' : 'partition';
      expect(textOf(name)).toMatch(new RegExp(`broadcasts ${element} at n\\d`));
      expect(textOf(name)).toMatch(new RegExp(`sends tell \\{message: ${element}\\} to n\\d`));
      expect(textOf(name)).toMatch(new RegExp(`${fault}.* begins`));
      expect(kindsOf(name)).toEqual(expect.arrayContaining(['fault', 'lost', 'verdict']));
      expect(textOf(name)).toMatch(new RegExp(`lacks ${element}, although n\\d acknowledged it`));
      const lost = story.steps.find(({ kind }) => kind === 'lost');
      expect(lost?.text).toMatch(name.endsWith('loss') ? /is lost/ : /the partition .* drops it/);
    },
  );

  it('broadcast: the larger value that arrived first', () => {
    const { story } = toldOf('broadcast');
    const [, element = ''] = /^Element (\d+)/.exec(story.title) ?? [];
    const larger = [...textOf('broadcast').matchAll(/broadcasts (\d+) at/g)].map(([, value]) =>
      Number(value),
    );
    expect(larger.some((value) => value > Number(element))).toBe(true);
    expect(textOf('broadcast')).toMatch(/sends tell \{values: \[.*\]\} to n\d; n\d answers tell_ok/);
  });

  it('g-set: the set that replaced the one with the element', () => {
    expect(textOf('g-set')).toMatch(/sends merge \{elements: \[[\d ]+\]\} to n\d/);
  });

  it('assumes-exactly-once: the addition that arrived twice, or the lost acknowledgement', () => {
    expect(textOf('assumes-exactly-once, duplicate')).toMatch(
      /sends increase \{delta: (\d+)\} .*arrives twice/,
    );
    expect(textOf('assumes-exactly-once, duplicate')).toMatch(/reads \d+ at n\d, \d+ too much/);
    expect(textOf('assumes-exactly-once, loss')).toMatch(/answers increase_ok \(it is lost\)/);
  });

  it('counters: what was merged, and by how much the sum is wrong', () => {
    expect(textOf('g-counter')).toMatch(/sends merge \{sum: \d+\}/);
    expect(textOf('g-counter')).toMatch(/too little/);
    expect(textOf('pn-counter')).toMatch(/sends merge \{counts: /);
  });

  it('raft-stale-reads: both leaders, the partition, the stale read; heartbeats only in folded steps', () => {
    const name = 'raft-stale-reads';
    expect(textOf(name)).toMatch(/A partition begins/);
    const leaders = textOf(name).matchAll(/(n\d) sends append_entries \{term: \d+/g);
    expect(new Set([...leaders].map(([, leader]) => leader)).size).toBe(2);
    expect(textOf(name)).toMatch(/reads .* from key \d+ at n\d, although it can only have been/);
    const { story, run } = toldOf(name);
    const idle = story.steps.filter(
      ({ kind, messages }) =>
        (kind === 'message' || kind === 'lost') &&
        messages.length > 0 &&
        messages.every((id) => isHeartbeat(run.journal.message(id).body.toString())),
    );
    expect(idle.length).toBeLessThanOrEqual(6);
  });

  it('kafka-lost-message: the copy that arrived too late', () => {
    expect(textOf('kafka-lost-message')).toMatch(/sends replicate .* it (arrives|takes) /);
    expect(kindsOf('kafka-lost-message')).toContain('delayed');
  });

  it('forgets-on-restart and txn-saved-late: the node that was killed and restarted', () => {
    for (const name of ['forgets-on-restart', 'txn-saved-late']) {
      expect(textOf(name)).toMatch(/n1 is killed\nn1 restarts with only what it had stored/);
      expect(kindsOf(name).filter((kind) => kind === 'restart')).toHaveLength(1);
    }
  });

  it('cycles: both transactions by their names, and why each came before the other', () => {
    for (const name of ['txn-lost-update', 'txn-write-skew']) {
      expect(textOf(name)).toMatch(/runs transaction T1 at n\d/);
      expect(textOf(name)).toMatch(/runs transaction T2 at n\d/);
      expect(textOf(name)).toMatch(/Yet .*That is a contradiction/);
    }
  });

  it('lin-kv under duplication: the write that arrived a second time, after the other one', () => {
    expect(textOf('lin-kv, duplicate')).toMatch(
      /sends write .* arrives twice, the second time .* later, after that of step \d+/,
    );
  });
});

const isHeartbeat = (body: string): boolean => {
  const read = parseJson(body);
  return isJsonObject(read) && read['type'] === 'append_entries' && JSON.stringify(read['entries']) === '[]';
};

describe('golden stories', () => {
  it.each(BROKEN.map(({ name }) => name))('%s', (name) => {
    expect(storyText(toldOf(name).story)).toMatchSnapshot();
  });

  it('Markdown shows what nodes sent as text', () => {
    expect(storyMarkdown(toldOf('trusts-delivery, partition').story, 'story.svg')).toMatchSnapshot();
  });
});

describe('the story of a run whose nodes report causes', () => {
  const name = 'broadcast';

  /** The run as a real world would have recorded it: with the origins of some senders, and without identities. */
  function recordedIn(run: SmallRun, says: (src: string) => boolean): SmallRun {
    const { journal } = run;
    return {
      ...run,
      spec: { ...run.spec, world: 'real' },
      journal: {
        eventCount: journal.eventCount,
        messageCount: journal.messageCount,
        event: (number) => journal.event(number),
        message: (id) => {
          const { cause, ...packet } = journal.message(id);
          return says(packet.src) ? { ...packet, origin: cause?.origin } : packet;
        },
        close: () => undefined,
      },
    };
  }

  it('equals that of the simulated run', () => {
    const { run, story } = toldOf(name);
    expect(makeStory(recordedIn(run, () => true))).toEqual(story);
    expect(story.notes.join()).not.toContain('is taken from the order');
  });

  it('says where causes were inferred from the order: everywhere, or for some nodes', () => {
    const { run } = toldOf(name);
    const none = makeStory(recordedIn(run, () => false))?.notes.join('\n');
    expect(none).toContain('The run was not simulated: which message led to which is not known');
    // A simulated run has no causes where no message led to another: as when a node ends before it has sent anything.
    const simulated = makeStory({ ...recordedIn(run, () => false), spec: run.spec })?.notes.join();
    expect(simulated).not.toContain('is taken from the order');
    const some = makeStory(recordedIn(run, (src) => src !== 'n1'))?.notes.join('\n');
    expect(some).toMatch(/^Not every message of n1 says which one led to it/m);
  });
});
