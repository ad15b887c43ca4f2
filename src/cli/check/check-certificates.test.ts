/** `maelstrom check --certificate`, and `maelstrom verify`. */
import { execFileSync, spawn } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { opToJsonLine } from '../../history/op-codec.ts';
import { keyword } from '../../edn/edn-value.ts';
import type { Op } from '../../history/op.ts';
import { checkInFolders, edn, jsonl, ops } from '../../../test/support/check-in-folders.ts';

const here = checkInFolders();
const { check } = here;

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
    writeFileSync(join(here.folder, name), history.map((op) => `${opToJsonLine(op)}\n`).join(''));

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
    ['causal-cerone', 'causal', ' --decide', ', decide? true'],
    ['prefix', 'prefix', ' --decide', ', decide? true'],
  ])('are read back from their file: %s', async (level, kind, decide = '', decided = '') => {
    const [write, read] = (['w', 'r'] as const).map((f): Op['value'] => [[f, 'x', 1]]);
    const history = ops(
      ['invoke', 0, 'txn', write ?? null],
      ['ok', 0, 'txn', write ?? null],
      ['invoke', 0, 'txn', [['r', 'x', null]]],
      ['ok', 0, 'txn', read ?? null],
    );
    given('txn.jsonl', history);
    const words = `FOLDER/txn.jsonl --model rw-register --consistency-models ${level}${decide} --certificate FOLDER/txn.json`;
    expect((await check(words)).out).toContain(`(${kind})`);
    const { code, out } = await check('FOLDER/txn.json FOLDER/txn.jsonl', '', 'verify');
    expect(out).toContain(
      `Proved that FOLDER/txn.jsonl is valid as rw-register (consistency-models ${level}${decided}):`,
    );
    expect(code).toBe(0);
  });

  it('keep the types of EDN: initial values, and the keys of cases', async () => {
    here.file('r.edn', edn(ops(['invoke', 0, 'read', null], ['ok', 0, 'read', keyword('a')])));
    await check('FOLDER/r.edn --model register --initial-value :a --certificate FOLDER/r.json');
    expect(JSON.parse(readFileSync(join(here.folder, 'r.json'), 'utf8'))).toMatchObject({
      options: { 'initial-value': { edn: ':a' } },
    });
    expect(await check('FOLDER/r.json FOLDER/r.edn', '', 'verify')).toMatchObject({
      code: 0,
      out: expect.stringContaining('valid as register (initial-value :a)'),
    });
    const [x, y] = [keyword('x'), keyword('y')];
    const steps = [
      [['w', y, 1]],
      [['w', x, 2]],
      [['w', y, 3]],
      [
        ['r', x, 2],
        ['r', y, 1],
      ],
    ] as const;
    here.file(
      'w.edn',
      edn(
        ops(
          ...steps.flatMap(
            (value) =>
              [
                ['invoke', 0, 'txn', value],
                ['ok', 0, 'txn', value],
              ] as const,
          ),
        ),
      ),
    );
    const asked = '--model rw-register --consistency-models strong-session-read-atomic';
    await check(`FOLDER/w.edn ${asked} --certificate FOLDER/w.json`);
    expect(JSON.parse(readFileSync(join(here.folder, 'w.json'), 'utf8'))).toMatchObject({
      proof: { kind: 'cases', key: { edn: ':y' } },
    });
    expect(await check('FOLDER/w.json FOLDER/w.edn', '', 'verify')).toMatchObject({ code: 0 });
    here.file('bad.json', readFileSync(join(here.folder, 'w.json'), 'utf8').replace('":y"', '":y ("'));
    expect(await check('FOLDER/bad.json FOLDER/w.edn', '', 'verify')).toMatchObject({
      code: 254,
      err: expect.stringContaining('is no certificate: it has a value that is not EDN: '),
    });
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
    writeFileSync(join(here.folder, 'c.json'), text);
    const { code, err } = await check('FOLDER/c.json FOLDER/right.jsonl', '', 'verify');
    expect(err).toContain(why);
    expect(code).toBe(254);
  });

  it('are refused for a pipe, whose second reading would be empty or never end', async () => {
    const pipe = join(here.folder, 'pipe');
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
