/** `maelstrom check`, from its words to what it prints and its exit code. */
import { readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { TRANSACTION_EXAMPLES } from '../../checkers/glossary/examples/transaction-examples.ts';
import { MODEL_NAMES } from '../../checkers/index.ts';
import type { Op } from '../../history/op.ts';
import type { Json } from '../../protocol/json.ts';
import { checkInFolders, edn, jsonl, ops, STALE, TXN } from '../../../test/support/check-in-folders.ts';

const here = checkInFolders();
const { check, file } = here;

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
    expect(JSON.parse(readFileSync(join(here.folder, 'r.json'), 'utf8'))).toMatchObject({
      'valid?': false,
      not: ['strong-snapshot-isolation'],
    });
    expect(readFileSync(join(here.folder, 'r.edn'), 'utf8')).toContain(':not #{:strong-snapshot-isolation}');
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
    symlinkSync(join(here.folder, 'h.json'), join(here.folder, 'link.json'));
    const { code, err } = await check(`FOLDER/h.json --model list-append ${words}`);
    expect([code, err]).toEqual([254, expect.stringContaining(message)]);
    expect(readFileSync(join(here.folder, 'h.json'), 'utf8')).toBe(history);
  });
});

it('a folder whose history has another name is refused with that name', async () => {
  file('history.txt', '0 :invoke :read nil');
  expect((await check('FOLDER --model register')).err).toContain('It contains history.txt: give that file, ');
});

describe('budgets', () => {
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
