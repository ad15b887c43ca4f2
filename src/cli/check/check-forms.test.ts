/** `maelstrom check` of histories in other forms: keys in fields, whole operations, other names, other encodings. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { checkInFolders, jsonl, ops, TXN } from '../../../test/support/check-in-folders.ts';

const here = checkInFolders();
const { check, file } = here;

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
    writeFileSync(join(here.folder, 'history'), encoded(jsonl(TXN)));
    const { code, out } = await check('FOLDER/history --model list-append');
    expect([code, out]).toEqual([0, expect.stringContaining('2 operations')]);
  });

  it('that end too early are refused', async () => {
    writeFileSync(join(here.folder, 'history.gz'), gzipSync(jsonl(TXN)).subarray(0, 60));
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
