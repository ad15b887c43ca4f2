/** Harmless irregularities leave a run valid, with a warning in the sentence; `--strict` makes them violations. */
import { describe, expect, test } from 'vitest';
import { answering, InProcessWorld, type NodeProgram } from '../../test/support/in-process-world.ts';
import type { Op } from '../history/op.ts';
import { NO_JOURNAL } from '../network/journal/journal.ts';
import type { Json, JsonObject } from '../protocol/json.ts';
import { WORKLOADS } from '../workloads/index.ts';
import type { TestResults } from './verdict/analysis.ts';
import { ProtocolRecord } from './records/protocol-record.ts';
import { TestRun } from './test-run.ts';
import { SAMPLE_SPEC } from '../../test/support/test-spec-sample.ts';
import type { TestSpec } from './test-spec.ts';
import { verdictSentence } from './words/verdict-sentence.ts';

interface Outcome {
  readonly results: TestResults;
  readonly sentence: string;
  readonly history: readonly Op[];
  readonly log: readonly string[];
}

async function runTest(
  workload: string,
  program: NodeProgram,
  spec: Partial<TestSpec> = {},
): Promise<Outcome> {
  const merged: TestSpec = {
    ...SAMPLE_SPEC,
    workload,
    rate: 20,
    concurrency: 3,
    timeLimitSeconds: 3,
    ...spec,
  };
  const world = new InProcessWorld({ seed: merged.seed, program });
  const found = WORKLOADS.get(workload);
  if (found === undefined) throw new Error(`there is no workload ${workload}`);
  const history: Op[] = [];
  const log: string[] = [];
  const run = new TestRun(merged, found, world, {
    history: { append: (op) => void history.push(op) },
    journal: NO_JOURNAL,
    log: (text) => void log.push(text),
    nodeLogFile: () => undefined,
  });
  const results = await run.run();
  return { results, sentence: verdictSentence(merged, results, { nodeOf: run.nodeOf }), history, log };
}

interface Entry {
  readonly kind: string;
  readonly node: string;
  readonly count: number;
}

const entries = (results: TestResults, list: 'violations' | 'warnings'): readonly Entry[] =>
  // See ProtocolRecord.
  (results['protocol'] as unknown as { readonly [list: string]: readonly Entry[] })[list] ?? [];
const kinds = (results: TestResults, list: 'violations' | 'warnings'): readonly string[] => [
  ...new Set(entries(results, list).map(({ kind }) => kind)),
];

const echo = (body: JsonObject): JsonObject => ({ type: 'echo_ok', echo: body['echo'] ?? null });
/** (A node's messages to itself are not requests: replies to them would never end.) */
const echoing = answering((type, body) => (type === 'echo' ? echo(body) : undefined));

/** Sends further messages in addition to the correct reply to an `echo`. */
const echoingAnd =
  (
    more: (request: {
      readonly name: string;
      readonly src: string;
      readonly body: JsonObject;
    }) => readonly string[],
  ): NodeProgram =>
  (outside) =>
  (message) => {
    echoing(outside)(message);
    if (message.body['type'] !== 'echo') return;
    for (const line of more({ name: outside.name, src: message.src, body: message.body }))
      outside.print(line);
  };

const line = (src: string, dest: string, body: JsonObject): string =>
  `{"src":"${src}","dest":"${dest}","body":${JSON.stringify(body)}}`;

/** A single-node log by key that replies as Go does: nil for what is empty. */
const goKafka: NodeProgram = (outside) => {
  const logs = new Map<string, Json[]>();
  return answering((type, body) => {
    if (type === 'send') {
      const key = String(body['key']);
      const log = logs.get(key) ?? [];
      logs.set(key, log);
      log.push(body['msg'] ?? null);
      return { type: 'send_ok', offset: log.length - 1 };
    }
    if (type !== 'poll')
      return { type: `${type}_ok`, ...(type === 'list_committed_offsets' ? { offsets: null } : {}) };
    const asked = Object.entries(body['offsets'] as { readonly [key: string]: number });
    if (asked.length === 0) return { type: 'poll_ok', msgs: null };
    const msgs = asked.map(([key, from]): [string, Json] => {
      const rest = (logs.get(key) ?? []).slice(from).map((message, index): Json => [from + index, message]);
      return [key, rest.length === 0 ? null : rest];
    });
    return { type: 'poll_ok', msgs: Object.fromEntries(msgs) };
  })(outside);
};

const ODD: readonly (readonly [kind: string, workload: string, program: NodeProgram])[] = [
  ['unknown-field', 'echo', answering((_, body) => ({ ...echo(body), mood: 'good' }))],
  [
    'extra-envelope-field',
    'echo',
    echoingAnd(({ name }) => [`{"src":"${name}","dest":"${name}","body":{"type":"x"},"type":"x"}`]),
  ],
  [
    'second-answer',
    'echo',
    echoingAnd(({ name, src, body }) => [
      line(name, src, { ...echo(body), msg_id: 99, in_reply_to: body['msg_id'] ?? 0 }),
    ]),
  ],
  [
    'wrong-in-reply-to',
    'echo',
    echoingAnd(({ name, src }) => [line(name, src, { type: 'x', in_reply_to: 4711 })]),
  ],
  [
    'no-in-reply-to',
    'echo',
    echoingAnd(({ name, src }) => [line(name, src, { type: 'hello', in_reply_to: null })]),
  ],
  [
    'null-for-empty',
    'g-set',
    answering((type) => (type === 'read' ? { type: 'read_ok', value: null } : { type: 'error', code: 11 })),
  ],
  [
    'null-for-empty',
    'broadcast',
    answering((type) =>
      type === 'read'
        ? { type: 'read_ok', messages: null }
        : type === 'broadcast'
          ? { type: 'error', code: 11 }
          : { type: `${type}_ok` },
    ),
  ],
  ['null-for-empty', 'kafka', goKafka],
  [
    'odd-msg-id',
    'echo',
    answering((type, body) => (type === 'echo' ? { ...echo(body), msg_id: null } : undefined)),
  ],
];

describe('an odd but harmless message', () => {
  test.each(ODD)(
    '%s in %s is a warning in a valid run, and a violation under --strict',
    async (kind, workload, program) => {
      const spec: Partial<TestSpec> = workload === 'kafka' ? { nodes: ['n1'], rate: 100 } : {};
      const { results, sentence } = await runTest(workload, program, spec);
      expect([kinds(results, 'violations'), kinds(results, 'warnings')]).toEqual([[], [kind]]);
      // In the other workloads every write is refused, so the stats are not valid.
      if (workload === 'echo' || workload === 'kafka') {
        expect(results['valid?']).toBe(true);
        expect(sentence).toMatch(/nothing wrong was found\.\n1 kind of protocol warning:\n/);
      }
      const strictly = await runTest(workload, program, { ...spec, strict: true });
      expect(strictly.results['valid?']).toBe(false);
      expect(kinds(strictly.results, 'violations')).toEqual([kind]);
    },
  );

  test('a reply that seems to say that nothing was done is reported as what it was taken for', async () => {
    const of = async (extra: JsonObject): Promise<string> =>
      (
        await runTest(
          'echo',
          answering((_, body) => ({ ...echo(body), ...extra })),
        )
      ).sentence;
    expect(await of({ success: false })).toContain(
      'unknown fields: `success`. `echo_ok` counts as success whatever these fields say: to refuse a request, answer {"type": "error", "code": ...}',
    );
    expect(await of({ mood: 'good', result: {} })).not.toContain('whatever these fields say');
  });

  test('null reads of a set are reads of the empty set', async () => {
    const { history } = await runTest(
      'g-set',
      answering((type) => (type === 'read' ? { type: 'read_ok', value: null } : { type: 'add_ok' })),
    );
    const reads = history.filter(({ f, type }) => f === 'read' && type === 'ok');
    expect(reads.length).toBeGreaterThan(10);
    expect(new Set(reads.map(({ value }) => JSON.stringify(value)))).toEqual(new Set(['[]']));
  });

  test('a kafka poll is not discarded because one log is null', async () => {
    const { results, history } = await runTest('kafka', goKafka, {
      nodes: ['n1'],
      rate: 100,
      timeLimitSeconds: 10,
    });
    expect(results['valid?']).toBe(true);
    const polls = history
      .filter(({ f, type }) => f === 'poll' && type === 'ok')
      .map(({ value }) => JSON.stringify(value));
    expect(polls.some((text) => text.includes(':[]') && /\[\d+,\d+\]/.test(text))).toBe(true);
    expect(history.some(({ f, type }) => f === 'poll' && type === 'fail')).toBe(false);
  });

  test.each([
    ['pn-counter', { type: 'read_ok', value: null }],
    ['kafka', { type: 'list_committed_offsets_ok', offsets: { 0: null } }],
    ['kafka', { type: 'send_ok', offset: null }],
  ])('but null for a number is invalid: %s', async (workload, answer) => {
    const program = answering((type) =>
      answer.type === `${type}_ok` ? answer : { type: `${type}_ok`, msgs: null },
    );
    const { results } = await runTest(workload, program, { rate: 100 });
    expect(kinds(results, 'violations')).toEqual(['bad-reply']);
  });

  test('an unknown error code is in doubt, with a warning; codes from 1000 are the node’s own', async () => {
    const failing = (code: number): Promise<Outcome> =>
      runTest(
        'echo',
        answering(() => ({ type: 'error', code, text: 'oops' })),
      );
    for (const code of [404, 409, 2, 999, -1]) {
      const { results, history } = await failing(code);
      expect([code, kinds(results, 'warnings')]).toEqual([code, ['unknown-error-code']]);
      expect(history.filter(({ type }) => type !== 'invoke').every(({ type }) => type === 'info')).toBe(true);
    }
    expect(kinds((await failing(1000)).results, 'warnings')).toEqual([]);
    expect(kinds((await failing(13)).results, 'warnings')).toEqual([]);
  });
});

describe('two replies to one request', () => {
  const twice = (second: JsonObject, first?: JsonObject): Promise<Outcome> =>
    runTest('echo', (outside) => (message) => {
      const { body } = message;
      if (body['type'] === 'init') return outside.reply(message, { type: 'init_ok' });
      outside.reply(message, first ?? echo(body));
      outside.reply(message, second);
    });

  test('to init are a warning, whatever the second says', async () => {
    for (const second of [{ type: 'init_ok' }, { type: 'error', code: 10, text: 'no' }]) {
      const { results } = await runTest('echo', (outside) => (message) => {
        if (message.body['type'] !== 'init') return outside.reply(message, echo(message.body));
        outside.reply(message, { type: 'init_ok' });
        outside.reply(message, second);
      });
      expect([kinds(results, 'violations'), kinds(results, 'warnings')]).toEqual([[], ['second-answer']]);
      expect(results['valid?']).toBe(true);
    }
  });

  test('that contradict each other are a violation, and both are shown', async () => {
    const { results, sentence } = await twice({ type: 'echo_ok', echo: 'something else' });
    expect(kinds(results, 'violations')).toEqual(['contradicting-answer']);
    expect(sentence).toMatch(
      /a second time, with a different answer.*The first answer was \{"type":"echo_ok","echo":"Please/,
    );
  });

  test('one of which says that it certainly did not happen contradict each other', async () => {
    const { results } = await twice({ type: 'error', code: 11, text: 'busy' });
    expect(kinds(results, 'violations')).toEqual(['contradicting-answer']);
  });

  test('one of which leaves the outcome open do not', async () => {
    for (const code of [0, 13, 1000]) {
      const { results } = await twice({ type: 'error', code });
      expect([kinds(results, 'violations'), kinds(results, 'warnings')]).toEqual([[], ['second-answer']]);
    }
  });

  test('that differ only in the text of an error do not', async () => {
    const { results } = await twice(
      { type: 'error', code: 11, text: 'b' },
      { type: 'error', code: 11, text: 'a' },
    );
    expect(kinds(results, 'violations')).toEqual([]);
  });
});

describe('a request that a node forwards in the client’s name', () => {
  /** n1 holds the counter; the others forward requests to it, as upstream's Raft does. */
  const forwarding: NodeProgram = (outside) => {
    let sum = 0;
    return (message) => {
      const { src, body } = message;
      if (body['type'] === 'init') return outside.reply(message, { type: 'init_ok' });
      if (outside.name !== 'n1')
        return outside.print(`{"src":"${src}","dest":"n1","body":${JSON.stringify(body)}}`);
      if (body['type'] === 'add') sum += Number(body['delta']);
      outside.reply(message, body['type'] === 'add' ? { type: 'add_ok' } : { type: 'read_ok', value: sum });
    };
  };

  test('is answered to the client, and checked, with a warning', async () => {
    const { results, sentence, history } = await runTest('g-counter', forwarding);
    expect(results['valid?']).toBe(true);
    expect(kinds(results, 'warnings')).toEqual(['client-src']);
    expect(sentence).toMatch(
      /1 kind of protocol warning:\nn2 and n3, \d+ lines in all, such as:\nLine \d+ of n\d's stdout has the "src" "c\d+"/,
    );
    expect(history.filter(({ type }) => type === 'ok').length).toBe(history.length / 2);
  });

  test('is delivered like any message between nodes: a partition drops it', async () => {
    const { history } = await runTest('g-counter', forwarding, {
      faultScript: [{ at: 0, fault: 'partition', target: [['n1'], ['n2', 'n3']] }],
      timeLimitSeconds: 20,
    });
    expect(history.some(({ error }) => error === 'net-timeout')).toBe(true);
  });
});

test('a line of the log separates the error from the quoted text', () => {
  const log: string[] = [];
  const record = new ProtocolRecord({
    log: (text) => void log.push(text),
    nodeLogFile: () => undefined,
    lenient: false,
    strict: false,
  });
  record.violations.record('n1', 'bad-reply', 0, () => ({
    message: '`value` is null; expected an integer',
    sample: '{}',
  }));
  expect(log).toEqual(['Protocol violation: `value` is null; expected an integer. Seen: {}']);
});

describe('the sentence about many nodes and lines', () => {
  const chatty: NodeProgram = (outside) => (message) => {
    outside.print(`got ${String(message.body['type'])}`);
    echoing(outside)(message);
  };
  const spec = { nodes: ['n1', 'n2', 'n3', 'n4', 'n5'] };

  test('is one paragraph per kind, with the nodes and the total of lines', async () => {
    const { results, sentence } = await runTest('echo', chatty, spec);
    const count = entries(results, 'violations').reduce((sum, entry) => sum + entry.count, 0);
    expect(sentence.split('\n').slice(0, 3)).toEqual([
      `n1 to n5, ${count} lines in all, such as:`,
      expect.stringMatching(/^Line 1 of n1's stdout is not a message: it is not JSON/),
      '  Seen: got init',
    ]);
    expect(sentence.split('\n')).toHaveLength(3);
  });

  test('is reported in few lines during the run', async () => {
    const { log } = await runTest('echo', chatty, spec);
    const reported = log.filter((text) => text.startsWith('Protocol violation: '));
    expect(reported).toHaveLength(5);
    expect(reported[1]).toBe('Protocol violation: line 1 of n2, not-json again. Seen: got init');
  });

  test('keeps violations and warnings apart', async () => {
    const both: NodeProgram = (outside) => (message) => {
      chatty(outside)(message);
      outside.print('');
    };
    const { results, sentence } = await runTest('echo', both);
    expect(results['valid?']).toBe(false);
    expect(sentence).toMatch(
      /^n1 to n3, \d+ lines in all, such as:\n[\s\S]*\n1 kind of protocol warning:\nn1 to n3, \d+ lines/,
    );
    const leniently = await runTest('echo', both, { lenient: true });
    expect(leniently.results['valid?']).toBe(true);
    expect(leniently.sentence).toMatch(/nothing wrong was found\.\n2 kinds of protocol warnings:\n/);
    // A blank line is no violation even under --strict.
    expect(kinds((await runTest('echo', both, { strict: true })).results, 'violations')).toEqual([
      'not-json',
    ]);
  });
});

test('numbers of a thousand digits do not end the run', async () => {
  const digits = '7'.repeat(5000);
  for (const [fields, kind] of [
    [`"echo":${digits},"in_reply_to":$`, 'number-too-long'],
    [`"echo":1e${digits},"in_reply_to":$`, 'number-too-long'],
    [`"echo":1,"in_reply_to":${digits}`, 'number-too-long'],
    [`"echo":1,"in_reply_to":${digits.slice(0, 980)}`, 'wrong-in-reply-to'],
    [`"type":"error","code":${digits.slice(0, 980)},"in_reply_to":$`, 'bad-reply'],
    [`"echo":${digits.slice(0, 980)},"msg_id":${digits.slice(0, 980)},"in_reply_to":$`, undefined],
  ] as const) {
    const { results, history } = await runTest(
      'echo',
      (outside) => (message) => {
        if (message.body['type'] === 'init') return outside.reply(message, { type: 'init_ok' });
        outside.print(
          `{"src":"${outside.name}","dest":"${message.src}","body":{"type":"echo_ok",${fields.replace('$', String(message.body['msg_id']))}}}`,
        );
      },
      { timeLimitSeconds: 1 },
    );
    expect([...kinds(results, 'violations'), ...kinds(results, 'warnings')]).toEqual(
      kind === undefined ? [] : [kind],
    );
    expect(results['valid?']).toBe(false);
    expect(history.length).toBeGreaterThan(0);
  }
});

test('quotations of a long reply are cut', async () => {
  const long = 'x'.repeat(1024 * 1024);
  const { history } = await runTest(
    'echo',
    answering(() => ({ type: 'error', code: 1000, text: long })),
    { rate: 5 },
  );
  const errors = history.flatMap(({ error }) => (error === undefined ? [] : [JSON.stringify(error)]));
  expect(errors[0]).toMatch(/x\.\.\. \(1048576 characters\)"\]$/);
  expect(Math.max(...errors.map((error) => error.length))).toBeLessThan(2100);

  const { results, history: transactions } = await runTest(
    'txn-list-append',
    answering(() => ({ type: 'txn_ok', txn: [['r', long, null]] })),
    { rate: 5 },
  );
  expect(kinds(results, 'violations')).toEqual(['wrong-structure']);
  expect(JSON.stringify(results).length + JSON.stringify(transactions).length).toBeLessThan(50_000);
});
