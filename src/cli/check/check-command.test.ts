/** `maelstrom check`, from its words to what it prints and its exit code. */
import { execFileSync, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { TRANSACTION_EXAMPLES } from '../../checkers/glossary/anomaly-examples.ts';
import { MODEL_NAMES } from '../../checkers/index.ts';
import { modelEntry } from '../../checkers/models/model-table.ts';
import { opToEdnLine, opToJsonLine } from '../../history/op-codec.ts';
import type { Op, OpType, Process } from '../../history/op.ts';
import type { Json } from '../../protocol/json.ts';
import type { TestSpec } from '../../run/test-spec.ts';
import { SAMPLE_SPEC } from '../../../test/support/test-spec-sample.ts';
import { RunFolder } from '../../store/run-folder.ts';
import { runCli } from '../cli.ts';
import { Console } from '../show/console.ts';

const root = mkdtempSync(join(tmpdir(), 'maelstrom-check-'));
afterAll(() => rmSync(root, { recursive: true }));

let folder: string;
let count = 0;
beforeEach(() => {
  folder = join(root, `${count++}`);
  mkdirSync(folder);
});

interface Said {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** Runs the command; FOLDER in words and output stands for the folder of the test. */
async function check(words: string, input = '', command = 'check', isTTY = false): Promise<Said> {
  const text = { out: '', err: '' };
  const sink = (name: 'out' | 'err') => ({ write: (more: string) => void (text[name] += more), isTTY });
  const session = {
    console: new Console(sink('out'), { NO_COLOR: '1' }),
    errors: new Console(sink('err'), {}),
    async *stdin() {
      yield new TextEncoder().encode(input);
    },
    env: {},
    program: 'maelstrom',
  };
  const code = await runCli(
    [command, ...words.split(' ').map((word) => word.replace('FOLDER', folder))],
    session,
  );
  // Paths are shown relative where that is shorter, as it is when the project itself lies in the folder for such.
  const named = (printed: string): string =>
    printed.replaceAll(folder, 'FOLDER').replaceAll(relative('', folder), 'FOLDER');
  return { code, out: named(text.out), err: named(text.err) };
}

function ops(...steps: readonly (readonly [OpType, Process, string, Json])[]): Op[] {
  return steps.map(([type, process, f, value], index) => ({
    index,
    time: index * 1000,
    type,
    process,
    f,
    value,
  }));
}

const jsonl = (history: readonly Op[]): string => history.map((op) => `${opToJsonLine(op)}\n`).join('');
const edn = (history: readonly Op[]): string => history.map((op) => `${opToEdnLine(op)}\n`).join('');
const file = (name: string, text: string): void => writeFileSync(join(folder, name), text);

const TXN = ops(
  ['invoke', 0, 'txn', [['append', 'x', 1]]],
  ['ok', 0, 'txn', [['append', 'x', 1]]],
  ['invoke', 1, 'txn', [['r', 'x', null]]],
  ['ok', 1, 'txn', [['r', 'x', [1]]]],
);
/** The read that comes after the append does not see it. */
const STALE = ops(
  ...TXN.slice(0, 3).map((op) => [op.type, op.process, op.f, op.value] as const),
  ['ok', 1, 'txn', [['r', 'x', []]]],
  ['invoke', 0, 'txn', [['r', 'x', null]]],
  ['ok', 0, 'txn', [['r', 'x', [1]]]],
);

describe('a bare history', () => {
  it('prints the result, its meaning, and the closing line', async () => {
    file('h.jsonl', jsonl(STALE));
    const { code, out, err } = await check('FOLDER/h.jsonl --model list-append');
    expect(err).toBe('');
    expect(code).toBe(1);
    expect(out).toMatch(/^\n\{:valid\? false,\n :anomaly-types \(:G-single-item-realtime\)/);
    expect(out).toContain('That is a contradiction.');
    expect(out).toContain('History: FOLDER/h.jsonl, 3 operations   Judged as: list-append');
    expect(out.trimEnd().split('\n').at(-1)).toBe('Analysis invalid! (ﾉಥ益ಥ）ﾉ ┻━┻');
  });

  it.each([
    ['h.jsonl', jsonl(TXN)],
    ['h.json', JSON.stringify(TXN)],
    ['h.edn', edn(TXN)],
    ['vector.edn', `[${edn(TXN)}]`],
    [
      'tagged.txt',
      edn(TXN)
        .replaceAll(/^/gm, '#jepsen.history.Op')
        .replace(/#jepsen.history.Op$/, ''),
    ],
    ['without-f.jsonl', jsonl(TXN).replaceAll('"f":"txn",', '')],
  ])('is read as %s', async (name, text) => {
    file(name, text);
    const { code, out } = await check(`FOLDER/${name} --model list-append`);
    expect([code, out]).toEqual([0, expect.stringContaining('Nothing is wrong with these 2 operations.')]);
    expect(out).toContain('Everything looks good!');
  });

  it('of registers with an unknown version order suggests --decide, which finds the open question', async () => {
    file('open.jsonl', jsonl(TRANSACTION_EXAMPLES['no-serial-order'].history));
    const inferred = await check('FOLDER/open.jsonl --model rw-register --consistency-models serializable');
    expect([inferred.code, inferred.out]).toEqual([0, expect.stringContaining('--decide works without one')]);
    const decided = await check(
      'FOLDER/open.jsonl --model rw-register --consistency-models serializable --decide',
    );
    expect([decided.code, decided.out]).toEqual([1, expect.stringContaining('no-serial-order')]);
    expect(decided.out).not.toContain('--decide needs');
  });

  it('may be one of several: each is checked, and the worst determines the exit code', async () => {
    file('good.jsonl', jsonl(TXN));
    file('bad.jsonl', jsonl(STALE));
    file('none.jsonl', '');
    const both = await check('FOLDER/good.jsonl FOLDER/bad.jsonl FOLDER/none.jsonl --model list-append');
    expect(both.code).toBe(1);
    expect(both.out.trimEnd().split('\n').slice(-3)).toEqual([
      expect.stringMatching(/good\.jsonl\ttrue$/),
      expect.stringMatching(/bad\.jsonl\tfalse$/),
      expect.stringMatching(/none\.jsonl\tunknown$/),
    ]);
    expect((await check('FOLDER/good.jsonl FOLDER/none.jsonl --model list-append')).code).toBe(2);
    expect(await check('FOLDER/good.jsonl FOLDER/bad.jsonl --model list-append --out x.edn')).toMatchObject({
      code: 254,
      err: expect.stringContaining('--out works with one history only.'),
    });
  });

  it("prints nothing but the results as JSON with elle-cli's --output json", async () => {
    file('stale.jsonl', jsonl(STALE));
    for (const option of ['--output json', '-v json']) {
      const { code, out } = await check(`FOLDER/stale.jsonl --model list-append ${option}`);
      expect(code).toBe(1);
      expect(JSON.parse(out)).toMatchObject({ 'valid?': false, 'anomaly-types': ['G-single-item-realtime'] });
    }
    expect((await check('FOLDER/stale.jsonl --model list-append --output text')).out).toContain(
      'Judged as: list-append',
    );
    expect(await check('FOLDER/stale.jsonl --model list-append --output xml')).toMatchObject({
      code: 254,
      err: expect.stringContaining('--output must be text or json, but is "xml".') as unknown,
    });
  });

  it('is read from standard input', async () => {
    expect((await check('- --model list-append', edn(STALE))).code).toBe(1);
  });

  it('is checked against the requested models', async () => {
    file('h.jsonl', jsonl(STALE));
    const asked = 'FOLDER/h.jsonl --model list-append --consistency-models';
    expect((await check(`${asked} snapshot-isolation,serializable`)).code).toBe(0);
    expect((await check(`${asked} serializable,strong-snapshot-isolation`)).code).toBe(1);
    expect(await check(`${asked} serialisable`)).toMatchObject({
      code: 254,
      err: expect.stringContaining(
        'There is no consistency model named "serialisable".\nDid you mean serializable?',
      ),
    });
  });

  it('that proves nothing is unknown', async () => {
    file('h.jsonl', jsonl(ops(['invoke', 0, 'add', 1], ['ok', 0, 'add', 1])));
    const { code, out } = await check('FOLDER/h.jsonl --model set-full');
    expect([code, out.trimEnd().split('\n').at(-1)]).toEqual([
      2,
      'Errors occurred during analysis, but no anomalies found. ಠ~ಠ',
    ]);
  });

  it.each([
    [
      'cas-register',
      '--independent',
      [
        ['invoke', 0, 'write', ['k', 1]],
        ['ok', 0, 'write', ['k', 1]],
      ],
    ],
    [
      'set-full',
      '--add broadcast --strict --linearizable',
      [
        ['invoke', 0, 'broadcast', 1],
        ['ok', 0, 'broadcast', 1],
        ['invoke', 0, 'read', null],
        ['ok', 0, 'read', [1]],
      ],
    ],
    [
      'kafka',
      '--sub-via subscribe,assign --ww-deps',
      [
        ['invoke', 0, 'send', [['send', 'k', 1]]],
        ['ok', 0, 'send', [['send', 'k', [0, 1]]]],
        ['invoke', 0, 'poll', [['poll']]],
        ['ok', 0, 'poll', [['poll', { k: [[0, 1]] }]]],
      ],
    ],
    [
      'rw-register',
      '--wfr-keys --sequential-keys --linearizable-keys',
      [
        ['invoke', 0, 'txn', [['w', 1, 1]]],
        ['ok', 0, 'txn', [['w', 1, 1]]],
        ['invoke', 0, 'txn', [['r', 1, null]]],
        ['ok', 0, 'txn', [['r', 1, 1]]],
      ],
    ],
    [
      'mutex',
      '',
      [
        ['invoke', 0, 'acquire', null],
        ['ok', 0, 'acquire', null],
      ],
    ],
  ] as const)('%s takes %s', async (model, options, steps) => {
    file('h.edn', edn(ops(...steps)));
    expect(await check(`FOLDER/h.edn --model ${model} ${options}`.trim())).toMatchObject({
      code: 0,
      err: '',
    });
  });

  it('stores the results in the given place', async () => {
    file('h.jsonl', jsonl(STALE));
    await check('FOLDER/h.jsonl --model list-append --out FOLDER/r.json');
    await check('FOLDER/h.jsonl --model list-append --out FOLDER/r.edn');
    expect(JSON.parse(readFileSync(join(folder, 'r.json'), 'utf8'))).toMatchObject({
      'valid?': false,
      not: ['strong-snapshot-isolation'],
    });
    expect(readFileSync(join(folder, 'r.edn'), 'utf8')).toContain(':not #{:strong-snapshot-isolation}');
  });

  it('without a model is refused, with a suggestion', async () => {
    file('h.jsonl', jsonl(STALE));
    expect(await check('FOLDER/h.jsonl')).toEqual({
      code: 254,
      out: '',
      err: 'maelstrom: --model is missing: it says what the operations of FOLDER/h.jsonl mean.\nIt looks like list-append: add --model list-append\n',
    });
    file('h.edn', edn(ops(['invoke', 0, 'write', ['k', 1]])));
    expect((await check('FOLDER/h.edn')).err).toContain(
      'It looks like cas-register: add --model cas-register --independent',
    );
    expect((await check('-', edn(TXN))).err).toContain('It looks like list-append');
    file('other.edn', edn(ops(['invoke', 0, 'dance', null])));
    expect((await check('FOLDER/other.edn')).err).toContain('maelstrom check --help');
  });
});

describe('a history that ends too early', () => {
  it('is checked as far as it goes, with a warning', async () => {
    file('h.jsonl', jsonl(STALE).slice(0, -20));
    const { code, out, err } = await check('FOLDER/h.jsonl --model list-append');
    expect(err).toMatch(/^Warning: FOLDER\/h\.jsonl: line 6, the last, is cut off and left out\. Seen: /);
    // Said once: its beginning among the results.
    expect(out).toMatch(/:warnings\s+\["FOLDER\/h\.jsonl: .*\.\.\. \(see the text\)"/);
    expect(out).not.toContain('left out. Seen: ');
    expect(code).toBe(1);
  });
});

describe('a history whose indexes do not ascend', () => {
  it('is checked in its own order, with a warning that names the first line', async () => {
    const adds = ops(
      ['invoke', 0, 'add', 1],
      ['ok', 0, 'add', 1],
      ['invoke', 1, 'read', null],
      ['ok', 1, 'read', [1]],
      ['invoke', 2, 'read', null],
      ['ok', 2, 'read', []],
    );
    file('h.jsonl', jsonl(adds.map((op, at) => ({ ...op, index: at % 2 }))));
    const { code, out, err } = await check('FOLDER/h.jsonl --model set-full');
    expect(err).toMatch(
      /^Warning: FOLDER\/h\.jsonl: line 3: index 0 comes after index 1\. Operations were taken/,
    );
    expect([code, out.includes(':lost (1)') || out.includes(':lost [1]')]).toEqual([1, true]);
    file('h.jsonl', jsonl(adds.map((op, at) => ({ ...op, index: at * 3 - 5 }))));
    expect((await check('FOLDER/h.jsonl --model set-full')).err).toBe('');
  });

  it('without indexes and with only completions is not such a history', async () => {
    file('h.edn', '{:type :ok, :value [[:append :x 1]]}\n{:type :ok, :value [[:r :x [1]]]}\n');
    expect(await check('FOLDER/h.edn --model list-append')).toMatchObject({ code: 0, err: '' });
  });
});

describe('a malformed history', () => {
  const READ = '{"index":0,"time":0,"type":"invoke","process":3,"f":"read","value":null}\n';
  it.each([
    ['invalid JSON', 'cas-register', `${READ}oops\n${READ}`, 'line 2 is not JSON: "o" at offset 0'],
    [
      'not an operation',
      'cas-register',
      `${READ}{"type":"done"}\n`,
      'line 2: `type` is "done"; expected invoke, ok, fail or info: invoke as an operation begins;',
    ],
    [
      'two invocations',
      'cas-register',
      READ + READ,
      'line 2: process 3 invokes "read" (index 0), but what it invoked on line 1 has not ended',
    ],
    [
      'two invocations, for a checker that ignores pairing',
      'unique-ids',
      (READ + READ).replaceAll('read', 'generate'),
      'line 2: process 3 invokes',
    ],
    [
      'a completion without an invocation',
      'set-full',
      READ.replace('invoke', 'ok'),
      'line 1: process 3 completes "read" (index 0) (ok), but has invoked nothing',
    ],
    [
      'an unknown micro-operation',
      'list-append',
      jsonl(TXN).replaceAll('append', 'incr'),
      'line 2: Operation 1 has the micro-operation ["incr","x",1]; expected',
    ],
    [
      'an unknown micro-operation',
      'rw-register',
      jsonl(TXN),
      'line 2: Operation 1 has the micro-operation ["append","x",1]; expected',
    ],
    [
      'an unknown micro-operation',
      'kafka',
      jsonl(ops(['invoke', 0, 'txn', []], ['ok', 0, 'txn', [['peek']]])),
      'line 2: operation 1 has the micro-operation ["peek"]',
    ],
    [
      'an unknown operation',
      'cas-register',
      READ.replace('read', 'reed'),
      'line 1: Operation 0 has f "reed"; the model cas-register knows read, write and cas. Did you mean read?',
    ],
    [
      'an operation without f',
      'cas-register',
      READ.replace('"f":"read",', ''),
      'line 1: `f` is missing; expected the name of an operation.',
    ],
    ['text of another kind', 'list-append', 'BZ\n', 'line 1 is not JSON: "B" at offset 0'],
  ])('%s (%s): one error line that names the line, and exit code 254', async (_, model, text, message) => {
    file('h.jsonl', text);
    const { code, out, err } = await check(`FOLDER/h.jsonl --model ${model}`);
    expect([code, out]).toEqual([254, '']);
    expect(err.startsWith(`maelstrom: FOLDER/h.jsonl: ${message}`), err).toBe(true);
    expect(err).toMatch(/\nNothing was checked: every line must be an operation that the model knows\.\n$/);
  });
});

describe('pairs', () => {
  const KEYED = ops(
    ['invoke', 0, 'write', ['k', 1]],
    ['ok', 0, 'write', ['k', 1]],
    ['invoke', 0, 'write', ['l', 2]],
    ['ok', 0, 'write', ['l', 2]],
    ['invoke', 1, 'read', ['k', null]],
    ['ok', 1, 'read', ['k', 1]],
  );

  it.each(['register', 'cas-register'])(
    'of a key and a value, checked as one %s, get a hint',
    async (model) => {
      file('h.jsonl', jsonl(KEYED));
      const { code, err } = await check(`FOLDER/h.jsonl --model ${model}`);
      expect(code).toBe(1);
      expect(err).toContain('Every value is a pair');
      expect(err).toContain('--independent');
      expect(await check(`FOLDER/h.jsonl --model ${model} --independent`)).toMatchObject({
        code: 0,
        err: '',
      });
    },
  );

  it('that belong to a cas get none', async () => {
    file('h.jsonl', jsonl(ops(['invoke', 0, 'cas', [1, 2]], ['fail', 0, 'cas', [1, 2]])));
    expect((await check('FOLDER/h.jsonl --model cas-register')).err).toBe('');
  });
});

it('analyze is another name for it', async () => {
  file('h.jsonl', jsonl(STALE));
  expect(await check('FOLDER/h.jsonl --model list-append', '', 'analyze')).toEqual(
    await check('FOLDER/h.jsonl --model list-append'),
  );
});

it('a value appended twice is not malformed: the result shows what is unknown', async () => {
  file('h.jsonl', jsonl([...TXN.slice(0, 2), ...TXN.slice(0, 2)]));
  const { code, out } = await check('FOLDER/h.jsonl --model list-append');
  expect(code).toBe(2);
  expect(out).toContain(':type :duplicate-appends');
});

describe('an empty history', () => {
  it.each(['', '[]', '()', '\n'])('(%j) proves nothing', async (text) => {
    const { code, out } = await check('- --model list-append', text);
    expect([code, out]).toEqual([2, expect.stringContaining('There is no verdict: The history is empty')]);
  });

  it.each(MODEL_NAMES)('proves nothing if only the nemesis acted (%s)', async (model) => {
    file('nemesis.edn', edn(ops(['info', 'nemesis', 'start', null])));
    const { code, out } = await check(`FOLDER/nemesis.edn --model ${model}`);
    expect([code, out]).toEqual([
      2,
      expect.stringContaining("no operation of a client, only the nemesis's."),
    ]);
  });
});

describe('a history with terminal escapes', () => {
  // Clears the screen, turns text around, and ends a line of ours to put one of its own there.
  const EVIL = 'x\u001b[2J\u009b1m\u202ey\nEverything looks good!';
  const read = (value: Json): Op[] =>
    ops(
      ['invoke', 0, 'write', value],
      ['ok', 0, 'write', value],
      ['invoke', 1, 'read', null],
      ['ok', 1, 'read', EVIL],
    );
  const HISTORIES: readonly (readonly [string, string, string])[] = [
    ['a value', 'cas-register', jsonl(read(1))],
    ['a value in EDN', 'cas-register', edn(read({ [EVIL]: [EVIL] }))],
    ['a keyword', 'cas-register', `{:type :ok :process 0 :f :read :value :x\u001b[2J}`],
    ['a tag', 'unique-ids', '{:type :ok :process 0 :f :generate :value #x\u001b\u202e 1}\n'.repeat(2)],
    ['the name of an operation', 'cas-register', jsonl(ops(['invoke', 0, EVIL, 1]))],
    ['the name of an operation', 'stats', jsonl(ops(['invoke', 0, EVIL, 1], ['fail', 0, EVIL, 1]))],
    ['the name of an operation', 'mutex', jsonl(ops(['invoke', 0, 'acquire', 1], ['ok', 0, EVIL, 1]))],
    ['a field', 'cas-register', jsonl(read(1)).replace('"type":"invoke"', `"type":${JSON.stringify(EVIL)}`)],
    ['what is no history', 'cas-register', EVIL],
    ['the end', 'cas-register', `${jsonl(read(1))}${EVIL.slice(0, 10)}`],
    ['ids', 'unique-ids', jsonl(ops(['ok', 0, 'generate', EVIL], ['ok', 0, 'generate', EVIL]))],
    ['a key', 'list-append', jsonl(STALE).replaceAll('"x"', JSON.stringify(EVIL))],
    [
      'a key',
      'kafka',
      jsonl(ops(['invoke', 0, 'send', [['send', EVIL, 1]]], ['ok', 0, 'send', [['send', EVIL, [0, 1]]]])),
    ],
    ['an element', 'set-full', jsonl(ops(['invoke', 0, 'read', null], ['ok', 0, 'read', [EVIL]]))],
  ];

  it.each(HISTORIES)('by %s (%s) is escaped', async (_, model, text) => {
    const { code, out, err } = await check(`- --model ${model}`, text);
    expect([0, 1, 2, 254], err).toContain(code);
    // oxlint-disable-next-line no-control-regex
    expect(out + err).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/);
    const honest = (out + err).split('\n').filter((line) => line.startsWith('Everything looks good!'));
    expect(honest.length).toBe(code === 0 ? 1 : 0);
  });
});

describe('output files', () => {
  it.each([
    ['--out FOLDER/h.json', '--out names the same file as the history'],
    ['--certificate FOLDER/link.json', '--certificate names the same file as the history'],
    ['--out FOLDER/a.json --certificate FOLDER/./a.json', '--certificate names the same file as --out'],
  ])('that would destroy each other are refused: %s', async (words, message) => {
    const history = jsonl(TXN);
    file('h.json', history);
    symlinkSync(join(folder, 'h.json'), join(folder, 'link.json'));
    const { code, err } = await check(`FOLDER/h.json --model list-append ${words}`);
    expect([code, err]).toEqual([254, expect.stringContaining(message)]);
    expect(readFileSync(join(folder, 'h.json'), 'utf8')).toBe(history);
  });
});

it('a folder whose history has another name is refused with that name', async () => {
  file('history.txt', '0 :invoke :read nil');
  expect((await check('FOLDER --model register')).err).toContain('It contains history.txt: give that file, ');
});

describe('budgets', () => {
  it('apply to a run as well', async () => {
    storeRun({}, ADDS, { 'valid?': true });
    const { code, out } = await check('FOLDER/latest --memory-budget 1');
    expect(code).toBe(2);
    expect(out).toContain('There is no verdict: The budget was used up when 4 operations');
  });

  it('that are exceeded give unknown, with the progress', async () => {
    file('h.jsonl', jsonl(TXN));
    const { code, out } = await check('FOLDER/h.jsonl --model list-append --memory-budget 1');
    expect(code).toBe(2);
    expect(out).toContain('The budget was used up when 4 operations of the history had been read');
  });
});

describe('damaged bytes', () => {
  it.each([
    ['list-append', jsonl(STALE)],
    ['list-append', edn(STALE)],
    ['list-append', JSON.stringify(STALE)],
    [
      'cas-register',
      jsonl(
        ops(
          ['invoke', 0, 'write', 1],
          ['ok', 0, 'write', 1],
          ['invoke', 1, 'read', null],
          ['ok', 1, 'read', 1],
        ),
      ),
    ],
  ])('never crash a check (%s, %#)', async (model, text) => {
    const damage = fc.tuple(fc.nat(), fc.nat(3), fc.string({ unit: 'binary', maxLength: 3 }));
    await fc.assert(
      fc.asyncProperty(fc.array(damage, { minLength: 1, maxLength: 3 }), async (damages) => {
        const input = damages.reduce((so, [at, drop, put]) => {
          const start = at % (so.length + 1);
          return so.slice(0, start) + put + so.slice(start + drop);
        }, text);
        const { code, err } = await check(`- --model ${model}`, input);
        expect([0, 1, 2, 254], err).toContain(code);
      }),
      { numRuns: 100 },
    );
  });
});

describe('a consistency model that is not checked', () => {
  it.each([
    ['list-append', TXN],
    ['rw-register', ops(['invoke', 0, 'txn', [['w', 'x', 1]]], ['ok', 0, 'txn', [['w', 'x', 1]]])],
  ] as const)(
    'is named with the verdict of %s, and which model to request instead',
    async (model, entries) => {
      const { out } = await check(`- --model ${model} -c linearizable`, jsonl(entries));
      expect(out).toContain(':not-looked-for {:linearizable :strong-serializable}');
      expect(out).toContain(
        'The check did not look for what could refute linearizable (ask for strong-serializable instead), so the verdict does not cover that.',
      );
      const stronger = await check(`- --model ${model} -c linearizable,strict-serializable`, jsonl(entries));
      expect(stronger.out).not.toContain('looked');
    },
  );
});

describe('invalid options', () => {
  it.each(['list-append', 'rw-register', 'kafka', 'stats', 'register'])(
    'are answered with the options of %s',
    async (model) => {
      const { err } = await check(`- --model ${model} --group-size 2`, '');
      const { out } = await check('--help');
      const own = err.match(/--[a-z-]+/g) ?? [];
      for (const option of own) expect(out).toContain(option);
      expect(err).toContain('has no option --group-size');
    },
  );

  it.each([
    ['FOLDER/nothing --model echo', 'FOLDER/nothing does not exist.'],
    ['FOLDER --model echo', 'FOLDER has no history: it contains neither history.jsonl nor history.edn.'],
    [
      'FOLDER/h.jsonl --model lin-kv',
      'There is no model "lin-kv". Histories of the workload lin-kv are judged by cas-register, with independent.',
    ],
    [
      'FOLDER/h.jsonl --model g-set',
      'There is no model "g-set". Histories of the workload g-set are judged by set-full.',
    ],
    ['FOLDER/h.jsonl --model list-apend', 'There is no model "list-apend". Did you mean list-append?'],
    ['FOLDER/h.jsonl --model echo --wfr-keys', 'The model echo has no option --wfr-keys.'],
    [
      'FOLDER/h.jsonl --model list-append --time-budget soon',
      '--time-budget must be a number of seconds, greater than 0, but is "soon".',
    ],
    [
      'FOLDER/h.jsonl --model list-append --out results.txt',
      '--out must name a file that ends in .json or .edn, but is "results.txt".',
    ],
    [
      'FOLDER/h.jsonl --model register --initial-value {:a',
      '--initial-value must be a value in JSON or EDN, but is "{:a".',
    ],
    ['FOLDER/h.jsonl --model list-append --write', '--write replaces the results of a run'],
    ['FOLDER/h.jsonl --modell echo', "Unknown option '--modell'. Did you mean --model?"],
    [
      '--model echo',
      'No history was given: name a folder of the store, a history file, or - for standard input.',
    ],
  ])('%s', async (words, message) => {
    file('h.jsonl', jsonl(TXN));
    const { code, err } = await check(words);
    expect([code, err.startsWith(`maelstrom: ${message}`), err]).toEqual([254, true, err]);
  });
});

const SPEC: TestSpec = {
  ...SAMPLE_SPEC,
  workload: 'g-set',
  nodes: ['n1', 'n2'],
  consistencyModels: ['strict-serializable'],
  seed: 's',
  world: 'real',
};

const ADDS = ops(
  ['invoke', 0, 'add', 1],
  ['ok', 0, 'add', 1],
  ['invoke', 1, 'read', null],
  ['ok', 1, 'read', [1]],
);

/** A run in the store, as one that ended, or was killed, leaves it. */
function storeRun(
  spec: Partial<TestSpec>,
  history: readonly Op[],
  results?: Parameters<RunFolder['writeResults']>[0],
): RunFolder {
  const run = new RunFolder({
    store: folder,
    spec: { ...SPEC, ...spec },
    startedAt: new Date(0),
    maelstromVersion: '0.0.0',
    onProblem: () => undefined,
  });
  for (const op of history) run.history.append(op);
  run.close();
  if (results !== undefined) run.writeResults(results);
  return run;
}

describe("a run's folder", () => {
  it('is checked as its test was', async () => {
    storeRun({}, ADDS, { 'valid?': false, net: { 'valid?': true, all: { 'send-count': 7 } } });
    const { code, out, err } = await check('FOLDER/latest');
    expect([code, err]).toEqual([0, '']);
    expect(out).toMatch(/:send-count 7/);
    expect(out).toMatch(/:stable-count 1/);
    expect(out).toContain(
      'Of 2 operations 2 succeeded, 0 failed, 0 ended in doubt; nothing wrong was found.',
    );
    expect(out).toContain('History: FOLDER/latest/history.jsonl, 2 operations   Judged as: g-set');
  });

  it('without operations is checked by what the run recorded about its nodes', async () => {
    const problems = [{ node: 'n1', kind: 'crashed', message: 'n1 ended by itself.', time: 0 }];
    const run = storeRun({}, [], { 'valid?': false, nodes: { 'valid?': false, problems } });
    writeFileSync(join(run.path, 'history.jsonl'), '');
    const { code, out } = await check('FOLDER/latest');
    expect([code, out]).toEqual([1, expect.stringContaining('n1 ended by itself.')]);
    expect((await check('FOLDER/latest --model echo')).code).toBe(2);
  });

  it('is checked by its history.txt with a warning, and not at all by a log without operations', async () => {
    const run = storeRun({}, ADDS, { 'valid?': true });
    const { code, out, err } = await check('FOLDER/latest/history.txt');
    expect([code, err]).toEqual([
      0,
      'Warning: FOLDER/latest/history.txt has no times and does not mark final reads; FOLDER/latest/history.jsonl does.\n',
    ]);
    expect(out).toContain('2 operations   Judged as: g-set');
    writeFileSync(run.file('log'), '2026-11-27T12:49:23.044Z Phase: starting\n');
    expect(await check('FOLDER/latest/jepsen.log')).toMatchObject({
      code: 254,
      err: expect.stringContaining('none of its lines is an operation. Give the history itself: history.edn'),
    });
  });

  it.each<readonly [string, (path: string) => void]>([
    ['empty', (path) => writeFileSync(path, '')],
    ['truncated', (path) => writeFileSync(path, '{"valid?": true, "protocol": {')],
    ['not an object', (path) => writeFileSync(path, '[1, 2]')],
    ['nested deeply', (path) => writeFileSync(path, '['.repeat(300_000) + ']'.repeat(300_000))],
    ['a folder', (path) => mkdirSync(path)],
    ['a pipe', (path) => void execFileSync('mkfifo', [path])],
    ['a link', (path) => symlinkSync('/etc/hostname', path)],
  ])('is checked by its history, with a warning, if its results.json is %s', async (_, put) => {
    const run = storeRun({}, ADDS, { 'valid?': true });
    rmSync(run.file('resultsJson'));
    put(run.file('resultsJson'));
    const { code, err } = await check('FOLDER/latest');
    expect(err).toMatch(
      /^Warning: \S+results\.json .*, so only the history is checked; other errors of nodes are not known\.\n$/,
    );
    expect(code).toBe(0);
  });

  it.each<readonly [string, (path: string) => void, string]>([
    ['a folder', (path) => mkdirSync(path), 'is a folder, not a plain file'],
    ['a pipe', (path) => void execFileSync('mkfifo', [path]), 'is a named pipe, not a plain file'],
    ['a link', (path) => symlinkSync('/dev/zero', path), 'is a symbolic link, not a plain file'],
  ])('is refused at once if its history is %s', async (_, put, why) => {
    const run = storeRun({}, ADDS, { 'valid?': true });
    for (const name of ['historyJsonl', 'historyEdn'] as const) rmSync(run.file(name), { force: true });
    put(run.file('historyJsonl'));
    const { code, err } = await check('FOLDER/latest');
    expect([code, err]).toEqual([254, expect.stringContaining(why)]);
    // The other file of the same history is taken in its place.
    writeFileSync(run.file('historyEdn'), edn(ADDS));
    expect((await check('FOLDER/latest')).code).toBe(0);
  });

  it('keeps the errors found next to the history', async () => {
    const violation = { message: 'n1 said nonsense.', count: 1, sample: '' };
    storeRun({}, ADDS, { 'valid?': false, protocol: { 'valid?': false, violations: [violation] } });
    const { code, out } = await check('FOLDER/latest');
    expect(code).toBe(1);
    expect(out).toContain('\nn1 said nonsense.\n');
  });

  it('keeps its warnings, which --strict makes violations', async () => {
    const warning = (kind: string) => ({ node: 'n1', kind, message: `n1: ${kind}.`, count: 1, sample: '' });
    const warnings = ['second-answer', 'blank-line', 'of-another-version'].map(warning);
    storeRun({}, ADDS, { 'valid?': true, protocol: { 'valid?': true, violations: [], warnings } });
    const { code, out } = await check('FOLDER/latest');
    expect(code).toBe(0);
    expect(out).toContain('nothing wrong was found.\n3 kinds of protocol warnings:\nn1: second-answer.\n');
    const strictly = await check('FOLDER/latest --strict');
    expect(strictly.code).toBe(1);
    expect(strictly.out).toContain(
      '\nn1: second-answer.\n2 kinds of protocol warnings:\nn1: blank-line.\nn1: of-another-version.\n',
    );
  });

  it('of a killed run is checked by its history, with a warning', async () => {
    const run = storeRun({}, ADDS);
    writeFileSync(run.file('historyJsonl'), jsonl(ADDS).slice(0, -9));
    const { code, err } = await check('FOLDER/current');
    expect(code).toBe(2);
    expect(err).toContain('Warning: The run has no results of its own');
    expect(err).toContain('line 4, the last, is cut off and left out.');
  });

  it('is found by a file in it, and read from EDN if there is no JSON', async () => {
    const run = storeRun({}, ADDS, { 'valid?': true });
    expect((await check(run.file('historyEdn'))).out).toContain('Judged as: g-set');
    rmSync(run.file('historyJsonl'));
    expect((await check('FOLDER/latest')).out).toContain('history.edn, 2 operations');
  });

  it('is checked by another model if one is given', async () => {
    storeRun({}, ADDS, { 'valid?': true });
    const { code, out } = await check('FOLDER/latest --model set-full --linearizable');
    expect([code, out]).toEqual([0, expect.stringContaining('Judged as: set-full')]);
    expect((await check('FOLDER/latest --linearizable')).err).toContain(
      "--linearizable needs --model; without it, a run's folder is checked with the options of its test.",
    );
  });

  it('is checked as strictly as it was tested', async () => {
    const twice = ops(
      ['invoke', 0, 'add', 1],
      ['ok', 0, 'add', 1],
      ['invoke', 1, 'read', null],
      ['ok', 1, 'read', [1, 1]],
    );
    storeRun({ strict: true }, twice, { 'valid?': false });
    expect((await check('FOLDER/latest')).code).toBe(1);
    storeRun({}, twice, { 'valid?': true });
    expect((await check('FOLDER/latest')).code).toBe(0);
  });

  it('is checked against other consistency models if they are given', async () => {
    storeRun({ workload: 'txn-list-append' }, STALE, { 'valid?': false });
    expect((await check('FOLDER/latest')).code).toBe(1);
    expect((await check('FOLDER/latest --consistency-models serializable')).code).toBe(0);
  });

  it('gets new results if requested', async () => {
    const run = storeRun({}, ADDS, { 'valid?': false });
    await check('FOLDER/latest --write');
    expect(JSON.parse(readFileSync(run.file('resultsJson'), 'utf8'))).toMatchObject({
      'valid?': true,
      workload: { 'stable-count': 1 },
    });
    expect(readFileSync(run.file('resultsEdn'), 'utf8')).toContain(':stable-count 1');
  });
});

it('the guide lists every model and every option', async () => {
  const guide = readFileSync(new URL('../../../docs/checking-histories.md', import.meta.url), 'utf8');
  const { out } = await check('--help');
  const flags = [...out.matchAll(/^ +(?:-\w, )?(--[a-z-]+)/gm)].map(([, flag]) => `\`${flag}`);
  const names = [...MODEL_NAMES.map((name) => `\`${name}\``), ...flags.filter((flag) => flag !== '`--help')];
  expect(flags.length).toBeGreaterThan(12);
  expect(names.filter((name) => !guide.includes(name))).toEqual([]);
});

it.each([
  ['FOLDER/h.edn -strict', '-strict needs two dashes. Did you mean --strict?'],
  ['FOLDER/h.edn --model --strict', '--model needs a value, but is followed by --strict.'],
  ['FOLDER/h.edn --model set --out=~/out.json', '--out is ~/out.json, but the shell has not expanded the ~'],
])('%s is refused', async (words, message) => {
  const { code, err } = await check(words);
  expect(code).toBe(254);
  expect(err).toContain(message);
});

it('--help shows the options and examples', async () => {
  const { code, out } = await check('--help');
  expect(code).toBe(0);
  expect(out).toContain('maelstrom check history.edn --model list-append --consistency-models serializable');
});

describe('a page for a foreign history', () => {
  it('has its operations, its errors, and the verdict, in one file', async () => {
    file('h.edn', edn(STALE));
    const { code, out } = await check('FOLDER/h.edn --model list-append --report FOLDER/h.html');
    expect([code, out]).toEqual([1, expect.stringContaining('Report: FOLDER/h.html')]);
    const page = readFileSync(join(folder, 'h.html'), 'utf8');
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
      const page = readFileSync(join(folder, 's.html'), 'utf8');
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
      const page = readFileSync(join(folder, 'hostile.html'), 'utf8');
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
    const page = readFileSync(join(folder, 'timeless.html'), 'utf8');
    expect(page).toContain('The history has no times: its entries are drawn in order, one millisecond apart');
    expect(page).not.toContain('id="plots"');
    expect(page).toContain('0.001000');
    const timed = readFileSync(join(folder, 'timed.html'), 'utf8');
    expect(timed).not.toContain('has no times');
    expect(timed).toContain('id="plots"');
  });

  it('the drawing of a key that is a keyword shows its operations', async () => {
    writeFileSync(
      join(folder, 'keyword.edn'),
      [
        '{:index 0 :time 0 :type :invoke :process 0 :f :write :value [:x 1]}',
        '{:index 1 :time 1000 :type :ok :process 0 :f :write :value [:x 1]}',
        '{:index 2 :time 2000 :type :invoke :process 1 :f :read :value [:x nil]}',
        '{:index 3 :time 3000 :type :ok :process 1 :f :read :value [:x 2]}',
      ].join('\n'),
    );
    await check('FOLDER/keyword.edn --model cas-register --independent --report FOLDER/keyword.html');
    const page = readFileSync(join(folder, 'keyword.html'), 'utf8');
    expect(page).toContain('<title>operation 0: write 1, from');
    expect(page).toContain('<title>operation 2: read → 2, from');
  });

  it('is also written for a valid history, and for one that no workload checks', async () => {
    const steps = ops(['invoke', 0, 'acquire', null], ['ok', 0, 'acquire', null]);
    file('m.jsonl', jsonl(steps));
    expect((await check('FOLDER/m.jsonl --model mutex --report FOLDER/m.html')).code).toBe(0);
    expect(readFileSync(join(folder, 'm.html'), 'utf8')).toContain('<span class="verdict valid">');
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

describe('certificates', () => {
  const right = ops(
    ['invoke', 0, 'write', 1],
    ['ok', 0, 'write', 1],
    ['invoke', 1, 'read', null],
    ['ok', 1, 'read', 1],
  );
  const wrong = ops(
    ['invoke', 0, 'write', 1],
    ['ok', 0, 'write', 1],
    ['invoke', 1, 'read', null],
    ['ok', 1, 'read', 2],
  );

  const given = (name: string, history: readonly Op[]): void =>
    writeFileSync(join(folder, name), history.map((op) => `${opToJsonLine(op)}\n`).join(''));

  it('are written for either verdict, and hold only for their own history', async () => {
    given('right.jsonl', right);
    given('wrong.jsonl', wrong);
    for (const [name, verdict] of [
      ['right', 'valid'],
      ['wrong', 'invalid'],
    ] as const) {
      const { out } = await check(
        `FOLDER/${name}.jsonl --model cas-register --certificate FOLDER/${name}.json`,
      );
      expect(out).toContain(`Certificate: FOLDER/${name}.json, `);
      const { code, out: shown } = await check(`FOLDER/${name}.json FOLDER/${name}.jsonl`, '', 'verify');
      expect(shown).toContain(`Proved that FOLDER/${name}.jsonl is ${verdict} as cas-register`);
      expect(code).toBe(0);
      const other = name === 'right' ? 'wrong' : 'right';
      const { code: refused, out: why } = await check(
        `FOLDER/${name}.json FOLDER/${other}.jsonl`,
        '',
        'verify',
      );
      expect(why).toContain(`Not proved that FOLDER/${other}.jsonl is ${verdict}`);
      expect(refused).toBe(1);
    }
  });

  it.each([
    ['serializable', 'serial'],
    ['snapshot-isolation', 'serial'],
    ['read-committed', 'serial'],
    ['monotonic-atomic-view', 'view'],
    ['read-atomic', 'atomic'],
    ['strong-session-causal', 'causal'],
  ])('are read back from their file: %s', async (level, kind) => {
    const [write, read] = (['w', 'r'] as const).map((f): Op['value'] => [[f, 'x', 1]]);
    const history = ops(
      ['invoke', 0, 'txn', write ?? null],
      ['ok', 0, 'txn', write ?? null],
      ['invoke', 0, 'txn', [['r', 'x', null]]],
      ['ok', 0, 'txn', read ?? null],
    );
    given('txn.jsonl', history);
    const words = `FOLDER/txn.jsonl --model rw-register --consistency-models ${level} --certificate FOLDER/txn.json`;
    expect((await check(words)).out).toContain(`(${kind})`);
    const { code, out } = await check('FOLDER/txn.json FOLDER/txn.jsonl', '', 'verify');
    expect(out).toContain(
      `Proved that FOLDER/txn.jsonl is valid as rw-register (consistency-models ${level}):`,
    );
    expect(code).toBe(0);
  });

  it.each([
    ['no JSON', 'is not a readable certificate'],
    ['{"certificate":2}', 'has no "certificate": 1'],
    ['{"certificate":1,"model":"mutex","options":{},"valid?":true}', 'has no proof of a kind that is known'],
    [
      '{"certificate":1,"model":"mutex","options":{},"valid?":true,"proof":{"kind":"__proto__"}}',
      'has no proof of a kind',
    ],
    [
      '{"certificate":1,"model":"mutex","options":{},"valid?":true,"proof":{"kind":"core","until":1}}',
      'has no "operations"',
    ],
  ])('of an invalid file, %s, report what is missing', async (text, why) => {
    given('right.jsonl', right);
    writeFileSync(join(folder, 'c.json'), text);
    const { code, err } = await check('FOLDER/c.json FOLDER/right.jsonl', '', 'verify');
    expect(err).toContain(why);
    expect(code).toBe(254);
  });

  it('are refused for a pipe, whose second reading would be empty or never end', async () => {
    const pipe = join(folder, 'pipe');
    execFileSync('mkfifo', [pipe]);
    const words = 'FOLDER/pipe --model cas-register';
    expect(await check(`${words} --certificate FOLDER/c.json`)).toMatchObject({
      code: 254,
      err: expect.stringContaining('reads the history twice, but FOLDER/pipe can be read only once'),
    });
    const writer = spawn('sh', ['-c', 'printf "$1" > "$2"', 'sh', jsonl(wrong), pipe], { stdio: 'ignore' });
    // On a terminal an invalid history is read again, to tell how it came about.
    const { code, out } = await check(words, '', 'check', true);
    writer.kill();
    expect([code, out]).toEqual([1, expect.stringContaining('Operation 2, read 2 by process 1, cannot')]);
  });

  it('are refused for several histories, and for standard input', async () => {
    given('right.jsonl', right);
    const several = await check(
      'FOLDER/right.jsonl FOLDER/right.jsonl --model mutex --certificate FOLDER/c.json',
    );
    expect(several.err).toContain('--certificate works with one history only');
    expect((await check('- --model mutex --certificate FOLDER/c.json')).err).toContain(
      'reads the history twice',
    );
    expect((await check('FOLDER/c.json', '', 'verify')).err).toContain('No history was named');
  });
});

describe('keys in a field of their own', () => {
  const KEYED = [
    '{"type":"invoke","process":0,"f":"write","key":"x","value":1}',
    '{"type":"ok","process":0,"f":"write","value":1}',
    '{"type":"invoke","process":0,"f":"write","key":"y","value":2}',
    '{"type":"ok","process":0,"f":"write","key":"y","value":2}',
    '{"type":"invoke","process":0,"f":"read","key":"x","value":null}',
    '{"type":"ok","process":0,"f":"read","key":"x","value":1}',
  ];

  it('are keys with --independent, also where a completion does not repeat its key', async () => {
    expect((await check('- --model register --independent', KEYED.join('\n'))).code).toBe(0);
    const stale = KEYED.with(5, '{"type":"ok","process":0,"f":"read","value":2}').join('\n');
    const { code, out } = await check('- --model register --independent', stale);
    expect([code, out]).toEqual([1, expect.stringContaining(':failures ["x"]')]);
  });

  it('are refused if several are checked as one object, which made a valid history invalid', async () => {
    const { code, err } = await check('- --model register', KEYED.join('\n'));
    expect([code, err]).toEqual([
      254,
      expect.stringContaining('line 3: `key` is "y", but an earlier operation has "x"'),
    ]);
    expect((await check('- --model register', KEYED.slice(0, 2).join('\n'))).code).toBe(0);
  });

  it('leave values as they are that begin like them: [1, 2] beside the key 1', async () => {
    const set = (f: string, value: string, key = '1'): string =>
      ['invoke', 'ok']
        .map(
          (type) =>
            `{"type":"${type}","process":0,"f":"${f}","key":${key},"value":${f === 'read' && type === 'invoke' ? null : value}}`,
        )
        .join('\n');
    const judged = (...lines: readonly string[]) =>
      check('- --model linearizable-set --independent', lines.join('\n'));
    expect((await judged(set('read', '[]'), set('add', '[1,2]'), set('read', '[[1,2]]'))).code).toBe(0);
    expect((await judged(set('add', '5'), set('add', '[1,2]'), set('read', '[5,[1,2]]'))).code).toBe(0);
    expect((await judged(set('add', '[1,2]'), set('add', '[1,3]'), set('read', '[1,[2,3]]'))).code).toBe(0);
    expect(await judged(set('add', '[1,2]'), set('add', '[1,2]', '"a"'))).toMatchObject({
      code: 254,
      err: expect.stringContaining(
        'has its key in [1,2] as well; expected [key, value] everywhere or nowhere',
      ) as unknown,
    });
  });

  it('add --independent to the suggestion', async () => {
    const { err } = await check('-', KEYED.join('\n'));
    expect(err).toContain('add --model cas-register --independent');
  });

  it('are proved by certificates as they are checked', async () => {
    file('keyed.jsonl', KEYED.join('\n'));
    await check('FOLDER/keyed.jsonl --model register --independent --certificate FOLDER/proof.json');
    expect((await check('FOLDER/proof.json FOLDER/keyed.jsonl', '', 'verify')).code).toBe(0);
  });
});

describe('keys within values, {"key": "x", "value": 1}', () => {
  const KEYED = [
    '{"type":"invoke","process":0,"f":"write","value":{"key":"x","value":1}}',
    '{"type":"ok","process":0,"f":"write","value":{"key":"x","value":1}}',
    '{"type":"invoke","process":0,"f":"write","value":{"k":"y","v":2}}',
    '{"type":"ok","process":0,"f":"write","value":null}',
    '{"type":"invoke","process":0,"f":"read","value":{"key":"x"}}',
    '{"type":"ok","process":0,"f":"read","value":{"key":"x","value":1}}',
  ].join('\n');

  it('are keys with --independent, and their proofs are verified', async () => {
    file('keyed.jsonl', KEYED);
    const command = 'FOLDER/keyed.jsonl --model register --independent --certificate FOLDER/proof.json';
    expect((await check(command)).code).toBe(0);
    expect((await check('FOLDER/proof.json FOLDER/keyed.jsonl', '', 'verify')).code).toBe(0);
    const stale = KEYED.replace(/1\}\}$/, '2}}');
    const { code, out } = await check('- --model register --independent', stale);
    expect([code, out]).toEqual([1, expect.stringContaining(':failures ["x"]')]);
    const inEdn = KEYED.replaceAll(/"(\w+)":/g, ':$1 ').replaceAll('null', 'nil');
    expect((await check('- --model register --independent', inEdn)).code).toBe(0);
  });

  it('lead to a warning if they are checked as one object, and to the suggestion of --independent', async () => {
    const { code, err } = await check(
      '- --model register',
      KEYED.replace('"value":null', '"value":{"k":"y","v":2}'),
    );
    expect([code, err]).toEqual([1, expect.stringContaining('Every value is an object with a key')]);
    expect((await check('-', KEYED)).err).toContain('add --model cas-register --independent');
  });
});

describe('whole operations', () => {
  const GO = [
    { ClientId: 0, Input: { Op: 1, Key: 'x', Value: 'a' }, Call: 10, Output: { Value: '' }, Return: 40 },
    { ClientId: 1, Input: { Op: 0, Key: 'x', Value: '' }, Call: 20, Output: { Value: 'a' }, Return: 30 },
    { ClientId: 1, Input: { Op: 0, Key: 'x', Value: '' }, Call: 50, Output: { Value: '' }, Return: 60 },
  ];

  it('of Porcupine are checked by kv, and their proofs are verified', async () => {
    for (const [operations, code] of [
      [2, 0],
      [3, 1],
    ] as const) {
      file('go.json', JSON.stringify(GO.slice(0, operations)));
      expect((await check('FOLDER/go.json --model kv --certificate FOLDER/proof.json')).code).toBe(code);
      expect((await check('FOLDER/proof.json FOLDER/go.json', '', 'verify')).code).toBe(0);
    }
  });

  it('lead to the suggestion of a model, if their operations have names', async () => {
    const named = GO.map(({ Input, ...rest }) => ({
      ...rest,
      Input: { ...Input, Op: ['Get', 'Put'][Input.Op] },
    }));
    expect((await check('-', JSON.stringify(named))).err).toContain('add --model kv');
  });
});

describe('operations under other usual names', () => {
  it('are those of the model', async () => {
    const text = jsonl(
      ops(['invoke', 0, 'SET', 1], ['ok', 0, 'SET', 1], ['invoke', 1, 'Get', null], ['ok', 1, 'Get', 2]),
    );
    const { code, out } = await check('- --model register', text);
    expect([code, out]).toEqual([1, expect.stringContaining('Operation 2, read 2 by process 1, cannot')]);
    expect((await check('- --model mutex', text)).err).toContain('has f "SET"; the model mutex knows');
  });
});

describe('files in other encodings', () => {
  it.each<readonly [string, (text: string) => Uint8Array]>([
    ['gzip', (text) => gzipSync(text)],
    ['two gzips in a row', (text) => Buffer.concat([gzipSync(text.slice(0, 9)), gzipSync(text.slice(9))])],
    ['UTF-16', (text) => Buffer.from(`\ufeff${text}`, 'utf16le')],
    ['UTF-16 without a byte order mark', (text) => Buffer.from(text, 'utf16le')],
    ['UTF-16, big-endian', (text) => Buffer.from(text, 'utf16le').swap16()],
    [
      'two files in a row, each with a byte order mark',
      (text) => Buffer.from(`\ufeff${text.replaceAll('\n{', '\n\ufeff{')}`),
    ],
    [
      'a JSON text sequence, as jq --seq writes it',
      (text) => Buffer.from(text.replaceAll(/^\{/gm, '\u001e{')),
    ],
    ['UTF-16 in gzip', (text) => gzipSync(Buffer.from(text, 'utf16le'))],
  ])('are read: %s', async (_name, encoded) => {
    writeFileSync(join(folder, 'history'), encoded(jsonl(TXN)));
    const { code, out } = await check('FOLDER/history --model list-append');
    expect([code, out]).toEqual([0, expect.stringContaining('2 operations')]);
  });

  it('that end too early are refused', async () => {
    writeFileSync(join(folder, 'history.gz'), gzipSync(jsonl(TXN)).subarray(0, 60));
    const { code, err } = await check('FOLDER/history.gz --model list-append');
    expect([code, err]).toEqual([254, expect.stringContaining('its gzip cannot be unpacked')]);
  });
});

it('named processes are listed with their numbers', async () => {
  const named = jsonl(TXN).replaceAll(/"process":(\d)/g, '"process":"client-$1"');
  expect((await check('- --model list-append', named)).out).toContain(
    'Processes by number: 0 is client-0, 1 is client-1',
  );
});
