import { expect, test } from 'vitest';
import { InProcessWorld, type NodeProgram } from '../../../test/support/in-process-world.ts';
import { NO_JOURNAL } from '../../network/journal/journal.ts';
import { gCounter } from '../../workloads/counters.ts';
import { TestRun } from '../test-run.ts';
import { SAMPLE_SPEC } from '../../../test/support/test-spec-sample.ts';
import { verdictSentence } from './verdict-sentence.ts';

interface Habits {
  readonly ignoresRefusals?: boolean;
  /** Acknowledges an add at once, and tries again in the background until the service has it. */
  readonly answersFirst?: boolean;
}

/** Keeps the sum in a service, and answers a read with the service's value. */
const counter =
  (service: string, { ignoresRefusals = false, answersFirst = false }: Habits): NodeProgram =>
  (outside) => {
    const waiting = new Map<number, (value: number | undefined) => void>();
    let lastId = 0;
    const ask = (
      fields: Record<string, string | number | boolean>,
      then: (value: number | undefined) => void,
    ): void => {
      waiting.set(++lastId, then);
      outside.send(service, { key: 'sum', ...fields, msg_id: lastId });
    };
    const add = (delta: number, done: () => void, asked = (): void => undefined): void =>
      ask({ type: 'read' }, (value = 0) => {
        ask({ type: 'cas', from: value, to: value + delta, create_if_not_exists: true }, (swapped) =>
          swapped === undefined && !ignoresRefusals ? add(delta, done) : done(),
        );
        asked();
      });
    return (message) => {
      const { body } = message;
      const replyTo = body['in_reply_to'];
      if (typeof replyTo === 'number') {
        const { type, value } = body;
        return waiting.get(replyTo)?.(type === 'error' ? undefined : typeof value === 'number' ? value : 0);
      }
      if (body['type'] === 'init') return outside.reply(message, { type: 'init_ok' });
      if (body['type'] === 'add') {
        const acknowledge = (): void => outside.reply(message, { type: 'add_ok' });
        if (!answersFirst) return add(Number(body['delta']), acknowledge);
        add(Number(body['delta']), () => undefined, acknowledge);
        return;
      }
      ask({ type: 'read' }, (value = 0) => outside.reply(message, { type: 'read_ok', value }));
    };
  };

async function sentenceOf(service: string, habits: Habits = {}): Promise<string> {
  const spec = { ...SAMPLE_SPEC, workload: 'g-counter', rate: 50, timeLimitSeconds: 4, concurrency: 3 };
  const world = new InProcessWorld({ seed: 'stale', program: counter(service, habits) });
  const run = new TestRun(spec, gCounter, world, {
    history: { append: () => undefined },
    journal: NO_JOURNAL,
    log: () => undefined,
    nodeLogFile: () => undefined,
  });
  return verdictSentence(spec, await run.run(), { nodeOf: run.nodeOf });
}

test('a wrong final read of a counter on seq-kv is explained with the service that it used', async () => {
  expect(await sentenceOf('seq-kv')).toMatch(
    /final reads (?:is|are) wrong: that of (n\d) .* To answer, \1 asked seq-kv, whose reads may be stale\./,
  );
});

test('a correct counter on lin-kv is not', async () => {
  expect(await sentenceOf('lin-kv')).toMatch(/nothing wrong was found\.$/);
});

test('a cas whose refusal was ignored is named as the cause, instead of stale reads', async () => {
  const sentence = await sentenceOf('seq-kv', { ignoresRefusals: true });
  expect(sentence).toMatch(
    /(?:\d+ requests were|1 request was) acknowledged right after a service had refused the node's `cas` \(error 20 or 22\), by n\d/,
  );
  expect(sentence).not.toContain('whose reads may be stale');
});

test('a node that acknowledges before a refused cas and then tries again has not ignored the refusal', async () => {
  const sentence = await sentenceOf('seq-kv', { answersFirst: true });
  expect(sentence).toMatch(/ To answer, n\d asked seq-kv, whose reads may be stale\./);
});
