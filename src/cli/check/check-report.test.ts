/** `maelstrom check --report`: the page for a history from elsewhere. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { modelEntry } from '../../checkers/models/model-table.ts';
import type { Op, OpType, Process } from '../../history/op.ts';
import type { Json } from '../../protocol/json.ts';
import { checkInFolders, edn, jsonl, ops, STALE, TXN } from '../../../test/support/check-in-folders.ts';

const here = checkInFolders();
const { check, file } = here;

describe('a page for a foreign history', () => {
  it('has its operations, its errors, and the verdict, in one file', async () => {
    file('h.edn', edn(STALE));
    const { code, out } = await check('FOLDER/h.edn --model list-append --report FOLDER/h.html');
    expect([code, out]).toEqual([1, expect.stringContaining('Report: FOLDER/h.html')]);
    const page = readFileSync(join(here.folder, 'h.html'), 'utf8');
    expect(page).toContain('<title>list-append, ');
    expect(page).toContain('<span class="verdict invalid">');
    expect(page).toContain('That is a contradiction.');
    // The drawing and the sentences name operations alike.
    expect(page).toContain('T1 is operation 2 (process 1)');
    expect(page).not.toContain('operation 3 (process 1)');
    expect(page).toMatch(/id="run">[A-Za-z0-9+/=]{100,}</);
  });

  const STORIES: readonly (readonly [model: string, history: readonly Op[], ends: string])[] = [
    [
      'register',
      ops(
        ['invoke', 0, 'write', 1],
        ['ok', 0, 'write', 1],
        ['invoke', 1, 'cas', [1, 2]],
        ['ok', 1, 'cas', [1, 2]],
        ['invoke', 2, 'read', null],
        ['ok', 2, 'read', 1],
      ),
      "process 2 reads 1, although it can only have been 2: process 1's cas from 1 to 2 was over",
    ],
    [
      'set',
      ops(['invoke', 0, 'add', 1], ['ok', 0, 'add', 1], ['invoke', 1, 'read', null], ['ok', 1, 'read', []]),
      "process 1's read lacks 1, although it was acknowledged",
    ],
    ['list-append', STALE, 'That is a contradiction.'],
    [
      'mutex',
      ops(
        ['invoke', 0, 'acquire', null],
        ['ok', 0, 'acquire', null],
        ['invoke', 1, 'acquire', null],
        ['ok', 1, 'acquire', null],
      ),
      'process 1 acquires the lock, although process 0 holds it: it acquired it 1 us before',
    ],
    [
      'fifo-queue',
      ops(
        ['invoke', 0, 'enqueue', 1],
        ['ok', 0, 'enqueue', 1],
        ['invoke', 0, 'enqueue', 2],
        ['ok', 0, 'enqueue', 2],
        ['invoke', 1, 'dequeue', null],
        ['ok', 1, 'dequeue', 2],
      ),
      "process 1 dequeues 2, although 1 stands before it: process 0's enqueue of 1 was over",
    ],
    [
      'unordered-queue',
      ops(
        ['invoke', 0, 'enqueue', 1],
        ['ok', 0, 'enqueue', 1],
        ['invoke', 1, 'dequeue', null],
        ['ok', 1, 'dequeue', 1],
        ['invoke', 2, 'dequeue', null],
        ['ok', 2, 'dequeue', 1],
      ),
      'process 2 dequeues 1, although process 1 dequeued it 1 us before: it was enqueued once.',
    ],
    [
      'linearizable-set',
      ops(['invoke', 0, 'add', 1], ['ok', 0, 'add', 1], ['invoke', 1, 'read', null], ['ok', 1, 'read', []]),
      "process 1 reads the set and lacks 1, although process 0's add of it was over",
    ],
    [
      'bank',
      ops(
        ['invoke', 0, 'read', null],
        ['ok', 0, 'read', { a: 60, b: 40 }],
        ['invoke', 1, 'transfer', { from: 'a', to: 'b', amount: 10 }],
        ['invoke', 2, 'transfer', { from: 'b', to: 'a', amount: 3 }],
        ['ok', 2, 'transfer', { from: 'b', to: 'a', amount: 3 }],
        ['invoke', 3, 'read', null],
        ['ok', 3, 'read', { a: 53, b: 37 }],
        ['ok', 1, 'transfer', { from: 'a', to: 'b', amount: 10 }],
      ),
      'transfer of 10, under way during this read, would explain it: taken from account "a" and not given to "b".',
    ],
    [
      'long-fork',
      ops(
        ['invoke', 0, 'txn', [['w', 1, 1]]],
        ['ok', 0, 'txn', [['w', 1, 1]]],
        ['invoke', 1, 'txn', [['w', 2, 1]]],
        ['ok', 1, 'txn', [['w', 2, 1]]],
        ...[2, 3].flatMap((process): readonly (readonly [OpType, Process, string, Json])[] => [
          [
            'invoke',
            process,
            'txn',
            [
              ['r', 1, null],
              ['r', 2, null],
            ],
          ],
          [
            'ok',
            process,
            'txn',
            [
              ['r', 1, process === 2 ? 1 : null],
              ['r', 2, process === 2 ? null : 1],
            ],
          ],
        ]),
      ),
      'Yet process 3 finds key 2 written and key 1 not: the write of 2 came first.',
    ],
    [
      'comments',
      ops(
        ['invoke', 0, 'write', 1],
        ['ok', 0, 'write', 1],
        ['invoke', 1, 'write', 2],
        ['ok', 1, 'write', 2],
        ['invoke', 2, 'read', null],
        ['ok', 2, 'read', [2]],
      ),
      "reads 2 and lacks 1, although process 0's write of 1 was over 1 us before process 1's write of 2 began",
    ],
    [
      'sequential',
      ops(
        ['invoke', 0, 'write', 7],
        ['ok', 0, 'write', 7],
        ['invoke', 1, 'read', 7],
        ['ok', 1, 'read', [7, ['7_2', null, '7_0']]],
      ),
      'process 1 reads key 7 and finds "7_2", part 3 of 3, but not part 2 of 3',
    ],
    [
      'counter',
      ops(['invoke', 0, 'add', 2], ['ok', 0, 'add', 2], ['invoke', 1, 'read', null], ['ok', 1, 'read', 1]),
      'process 1 reads 1, 1 less than the 2 that had been added for certain before it began',
    ],
    [
      'echo',
      ops(['invoke', 0, 'echo', 'a'], ['ok', 0, 'echo', { echo: 'b' }]),
      'process 0 gets "b", which had sent "a"',
    ],
    [
      'kafka',
      ops(
        ...[1, 2, 3].flatMap((value, offset): readonly (readonly [OpType, Process, string, Json])[] => [
          ['invoke', 0, 'send', [['send', 'a', value]]],
          ['ok', 0, 'send', [['send', 'a', [offset, value]]]],
        ]),
        ['invoke', 1, 'poll', [['poll']]],
        [
          'ok',
          1,
          'poll',
          [
            [
              'poll',
              {
                a: [
                  [0, 1],
                  [2, 3],
                ],
              },
            ],
          ],
        ],
      ),
      'although message 2 is between them in the log',
    ],
  ];

  const DRAWN_BY_EVIDENCE: ReadonlySet<string> = new Set(['set', 'list-append', 'kafka']);

  it.each(STORIES)(
    'explains how %s went wrong, by operations, on a terminal and in the page without its script',
    async (model, history, ends) => {
      file('s.jsonl', jsonl(history));
      const { code, out } = await check(
        `FOLDER/s.jsonl --model ${model === 'register' ? 'cas-register' : model} --report FOLDER/s.html`,
        '',
        'check',
        true,
      );
      expect(code).toBe(1);
      const [, lines = ''] = out.split('How it happened: ');
      const story = lines.replaceAll(/\s+/g, ' ');
      expect(story).toContain(ends);
      expect(story).toMatch(/ process 0 .* at 0\.000 s 2\. /);
      expect(story).not.toMatch(/a node|undefined/);
      const page = readFileSync(join(here.folder, 's.html'), 'utf8');
      // What nothing else draws is drawn as operations, with the sentences in the picture.
      if (!DRAWN_BY_EVIDENCE.has(model)) {
        expect(page.split('<rect class="box ').length).toBeGreaterThanOrEqual(2);
        expect(page).toContain('<rect class="box box-bad"');
        return;
      }
      expect(page.split('<li>').length).toBeGreaterThan(2);
      const times = page.split(ends.replaceAll("'", '&#39;')).length - 1;
      // Once: the verdict leaves it to the story. That of logs is one paragraph over all kinds of errors.
      if (model === 'kafka') expect(times).toBeGreaterThan(0);
      else expect(times).toBe(1);
    },
  );

  it('shows huge and hostile values briefly and safely: in the verdict, in stories and in their pictures', async () => {
    const hostile = '</script><img src=x onerror=alert(1)>\u202e\u001b[31m\u0000';
    const long = hostile + 'y'.repeat(1 << 20);
    const steps = (f: string, value: Json, process = 0): readonly Op[] =>
      ops(['invoke', process, f, value], ['ok', process, f, value]);
    const inOrder = (...all: readonly Op[]): readonly Op[] =>
      all.map((op, index) => ({ ...op, index, time: index }));
    for (const [model, history] of [
      [
        'fifo-queue',
        inOrder(...steps('enqueue', hostile), ...steps('enqueue', long), ...steps('dequeue', long, 1)),
      ],
      ['mutex', inOrder(...steps('acquire', hostile), ...steps('acquire', long, 1))],
      [
        'bank',
        inOrder(...steps('read', { [hostile]: 1, b: 1 }), ...steps('read', { [hostile]: 1, b: 2 }, 1)),
      ],
    ] as const) {
      file('hostile.jsonl', jsonl(history));
      const { out } = await check(
        `FOLDER/hostile.jsonl --model ${model} --report FOLDER/hostile.html`,
        '',
        'check',
        true,
      );
      expect(out).toContain('How it happened: ');
      expect(out.length).toBeLessThan(20_000);
      const page = readFileSync(join(here.folder, 'hostile.html'), 'utf8');
      const entry = modelEntry(model);
      const checker = entry.checker({});
      for (const op of history) checker.observe(op);
      // It is packed within the page, and shown as it is.
      expect(entry.explain(checker.result())?.length).toBeLessThan(2000);
      for (const text of [out, page])
        for (const mark of ['\u202e', '\u001b', '\u0000']) expect(text).not.toContain(mark);
      expect(page).not.toContain('<img src=x');
    }
  });

  it('draws a history without times in its order, without latencies', async () => {
    const timeless = STALE.map((op) => ({ ...op, time: 0 }));
    for (const [name, history] of [
      ['timeless', timeless],
      ['timed', STALE],
    ] as const) {
      file(`${name}.edn`, edn(history));
      await check(`FOLDER/${name}.edn --model list-append --report FOLDER/${name}.html`);
    }
    const page = readFileSync(join(here.folder, 'timeless.html'), 'utf8');
    expect(page).toContain('The history has no times: its entries are drawn in order, one millisecond apart');
    expect(page).not.toContain('id="plots"');
    expect(page).toContain('0.001000');
    const timed = readFileSync(join(here.folder, 'timed.html'), 'utf8');
    expect(timed).not.toContain('has no times');
    expect(timed).toContain('id="plots"');
  });

  it('the drawing of a key that is a keyword shows its operations', async () => {
    writeFileSync(
      join(here.folder, 'keyword.edn'),
      [
        '{:index 0 :time 0 :type :invoke :process 0 :f :write :value [:x 1]}',
        '{:index 1 :time 1000 :type :ok :process 0 :f :write :value [:x 1]}',
        '{:index 2 :time 2000 :type :invoke :process 1 :f :read :value [:x nil]}',
        '{:index 3 :time 3000 :type :ok :process 1 :f :read :value [:x 2]}',
      ].join('\n'),
    );
    await check('FOLDER/keyword.edn --model cas-register --independent --report FOLDER/keyword.html');
    const page = readFileSync(join(here.folder, 'keyword.html'), 'utf8');
    expect(page).toContain('<title>operation 0: write 1, from');
    expect(page).toContain('<title>operation 2: read → 2, from');
  });

  it('is also written for a valid history, and for one that no workload checks', async () => {
    const steps = ops(['invoke', 0, 'acquire', null], ['ok', 0, 'acquire', null]);
    file('m.jsonl', jsonl(steps));
    expect((await check('FOLDER/m.jsonl --model mutex --report FOLDER/m.html')).code).toBe(0);
    expect(readFileSync(join(here.folder, 'm.html'), 'utf8')).toContain('<span class="verdict valid">');
  });

  it.each([
    ['FOLDER/h.edn --model list-append --report out.txt', '--report must name a file that ends in .html'],
    [
      'FOLDER/h.edn FOLDER/h.edn --model list-append --report out.html',
      '--report works with one history only; several were given.',
    ],
    [
      '- --model list-append --report out.html',
      'reads the history twice, but standard input can be read only once.',
    ],
    ['FOLDER/h.edn --model list-append --report FOLDER/no/such.html', 'The report could not be written: '],
  ])('is refused: %s', async (words, message) => {
    file('h.edn', edn(TXN));
    expect(await check(words)).toMatchObject({ code: 254, err: expect.stringContaining(message) });
  });
});
