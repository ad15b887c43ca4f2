/**
 * Tests the examples in other languages, each where its language is installed: line by line, with replies that overtake
 * each other, unusual values and a service that does not answer; and as clusters.
 */
import { execFile, spawn, spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { transformSync } from 'esbuild';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  LANGUAGE_NAMES,
  LANGUAGES,
  STARTERS,
  type LanguageName,
  type Starter,
} from '../src/cli/new/languages.ts';
import { runTest } from '../src/harness/one-test/run-test.ts';
import type { TestSettings } from '../src/harness/settings/spec-defaults.ts';

const examples = fileURLToPath(new URL('.', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'maelstrom-languages-'));
afterAll(() => rmSync(folder, { recursive: true }));

const run = promisify(execFile);

/** JavaScript and TypeScript have their own tests. */
const OTHERS = LANGUAGE_NAMES.filter((name) => name !== 'ts' && name !== 'js');

const shell = (line: string): boolean => spawnSync('sh', ['-c', line], { stdio: 'ignore' }).status === 0;

/** Returns why a language's examples cannot run here, or undefined if they can. */
function whyNot(name: LanguageName): string | undefined {
  const { needs } = LANGUAGES[name];
  if (!shell(`command -v ${needs}`)) return `${needs} is not installed`;
  if (name === 'rust' && !shell('rustc --version')) return 'this rustc is one of rustup, without a toolchain';
  if (name === 'bash' && !shell("bash -c '((BASH_VERSINFO[0] >= 5))'")) return 'this bash is older than 5';
  return undefined;
}

interface Wire {
  readonly src: string;
  readonly dest: string;
  readonly body: Readonly<Record<string, unknown>>;
}

/** Lines end with a newline alone: readline of Node 24 also ends them at U+2028, which JSON may contain. */
async function* linesOf(texts: AsyncIterable<string>): AsyncGenerator<string> {
  let rest = '';
  for await (const text of texts) {
    const parts = `${rest}${text}`.split('\n');
    rest = parts.pop() ?? '';
    yield* parts;
  }
}

/** A single node, whose lines the test writes and reads. */
class LoneNode {
  private readonly process;
  private readonly lines: AsyncIterator<string>;
  private readonly ended: Promise<number | null>;

  constructor(bin: string) {
    this.process = spawn(bin, { stdio: ['pipe', 'pipe', 'ignore'] });
    this.lines = linesOf(this.process.stdout.setEncoding('utf8'));
    this.ended = new Promise((resolve) => this.process.on('close', resolve));
  }

  async init(names = ['n1', 'n2', 'n3']): Promise<void> {
    this.write({ type: 'init', msg_id: 1, node_id: 'n1', node_ids: names }, 'c0');
    expect(await this.next()).toEqual({ src: 'n1', dest: 'c0', body: { type: 'init_ok', in_reply_to: 1 } });
  }

  /** Sends a body: an object, or its exact text. */
  write(body: object | string, src = 'c1'): void {
    const text = typeof body === 'string' ? body : JSON.stringify(body);
    this.process.stdin.write(`{"id": 7, "src": "${src}", "dest": "n1", "body": ${text}}\n`);
  }

  async nextLine(): Promise<string> {
    const { value, done } = await this.lines.next();
    if (done === true) throw new Error('the node has ended');
    return value;
  }

  async next(): Promise<Wire> {
    return JSON.parse(await this.nextLine()) as Wire;
  }

  /** Returns the messages up to the first of that type. */
  async until(type: string): Promise<readonly Wire[]> {
    const messages = [await this.next()];
    while (messages.at(-1)?.body['type'] !== type) messages.push(await this.next());
    return messages;
  }

  /** Closes stdin, and returns the exit code. */
  async end(): Promise<number | null> {
    this.process.stdin.end();
    return this.ended;
  }
}

/** Unusual values, each of which must come back as the same JSON, possibly written differently. */
const ODD = [
  '{"a b": [1, {"c,d": "e:f]"}], "": {}, "x": [[], [[]]]}',
  '"a \\"quoted\\" \\\\ back\\\\\\\\slash\\\\"',
  '"\\\\\\""',
  '"line\\nbreak\\ttab \\u0000 \\u001f \\/"',
  '"é ü 漢字 😀 \\u00e9 \\ud83d\\ude00 \\u2028"',
  '"<b>&amp;</b> %s %d $HOME `id` \' *"',
  '[null, true, false, 0, -0.5, 1e3]',
  '"type"',
  '""',
  'null',
  `[${'['.repeat(40)}${']'.repeat(40)}]`,
  `"${'long '.repeat(4000)}"`,
];

/** All their digits must come back. */
const LONG_NUMBERS = ['9007199254740993', '-123456789012345678901234567890'];

describe.each(STARTERS)('javascript/%s.js', (starter) => {
  /** Returns a program without its types and comments. */
  const bare = (path: string): string =>
    transformSync(readFileSync(join(examples, path), 'utf8'), {
      loader: path.endsWith('.ts') ? 'ts' : 'js',
      legalComments: 'none',
    }).code;

  it('is the example in TypeScript without its types', () => {
    expect(bare(`javascript/${starter}.js`)).toBe(bare(`${starter}.ts`));
  });
});

describe.each(OTHERS)('%s', (name) => {
  const reason = whyNot(name);
  if (reason !== undefined) {
    it.skip(`runs its examples (${reason})`, () => {});
    return;
  }

  const language = LANGUAGES[name];
  const own = mkdtempSync(join(folder, `${name}-`));
  const binOf = (starter: Starter): string => join(own, language.program(starter).bin);

  beforeAll(async () => {
    cpSync(join(examples, language.folder), own, { recursive: true });
    for (const { build } of STARTERS.map((starter) => language.program(starter))) {
      if (build !== undefined)
        expect(await run('sh', ['-c', build], { cwd: own })).toMatchObject({ stderr: '' });
    }
  }, 120_000);

  it.concurrent(
    'echoes unusual values unchanged, refuses unknown requests, and ends with stdin',
    async () => {
      const node = new LoneNode(binOf('echo'));
      await node.init();
      for (const value of ODD) {
        node.write(`{"echo": ${value}, "type": "echo", "msg_id": 2}`);
        expect(await node.next()).toEqual({
          src: 'n1',
          dest: 'c1',
          body: { type: 'echo_ok', in_reply_to: 2, echo: JSON.parse(value) as unknown },
        });
      }
      for (const digits of LONG_NUMBERS) {
        node.write(`{"type": "echo", "msg_id": 2, "echo": ["${digits}", ${digits}]}`);
        expect((await node.nextLine()).replaceAll(' ', '')).toContain(`["${digits}",${digits}]`);
      }
      node.write({ type: 'say "no"', msg_id: 3 });
      expect((await node.next()).body).toMatchObject({
        type: 'error',
        code: 10,
        text: 'say "no" is not supported',
        in_reply_to: 3,
      });
      expect(await node.end()).toBe(0);
    },
  );

  it.concurrent('resends a value until it is acknowledged', async () => {
    const node = new LoneNode(binOf('broadcast'));
    await node.init();
    node.write({ type: 'topology', msg_id: 2, topology: { n1: ['n2', 'n3'], n2: ['n1'], n3: ['n1'] } });
    expect((await node.next()).body).toMatchObject({ type: 'topology_ok', in_reply_to: 2 });
    node.write({ type: 'tell', values: [5, 6] }, 'n2');
    const told = await node.until('heard');
    expect(told.at(-1)).toMatchObject({ dest: 'n2', body: { type: 'heard', values: [5, 6] } });
    expect(new Set(told.slice(0, -1).map(({ dest }) => dest))).toEqual(new Set(['n3']));
    node.write({ type: 'heard', values: [6] }, 'n3');
    // From now on only 5 is resent.
    let again = await node.next();
    while ((again.body['values'] as number[]).includes(6)) again = await node.next();
    expect(again).toMatchObject({ dest: 'n3', body: { type: 'tell', values: [5] } });
    node.write({ type: 'heard', values: [5] }, 'n3');
    node.write({ type: 'read', msg_id: 3 });
    const { body } = (await node.until('read_ok')).at(-1) ?? expect.fail();
    expect({ ...body, messages: (body['messages'] as number[]).toSorted((a, b) => a - b) }).toEqual({
      type: 'read_ok',
      in_reply_to: 3,
      messages: [5, 6],
    });
    node.write({ type: 'ecko', msg_id: 4 });
    expect((await node.next()).body).toMatchObject({ type: 'error', code: 10, in_reply_to: 4 });
    node.write({ type: 'ecko' });
    expect(await node.end()).toBe(0);
  });

  it.concurrent(
    'keeps requests of different clients apart, and passes errors and unusual values back',
    async () => {
      const node = new LoneNode(binOf('lin-kv'));
      await node.init();
      // Two clients with the same number.
      node.write(
        '{"type": "write", "msg_id": 5, "key": "a", "odd \\"name\\"": {"x": [","]}, "value": {"deep": [9007199254740993, "\\u00e9\\""]}}',
        'c1',
      );
      node.write({ type: 'cas', msg_id: 5, key: 7, from: 1, to: 2, create_if_not_exists: true }, 'c2');
      const line = await node.nextLine();
      expect(line).toContain('9007199254740993');
      const first = JSON.parse(line) as Wire;
      const second = await node.next();
      const [firstId, secondId] = [first.body['msg_id'], second.body['msg_id']];
      expect(firstId).not.toBe(secondId);
      expect(first).toMatchObject({ src: 'n1', dest: 'lin-kv', body: { type: 'write', key: 'a' } });
      expect(first.body['value']).toMatchObject({ deep: [expect.any(Number), 'é"'] });
      expect(first.body['odd "name"']).toEqual({ x: [','] });
      expect(second.body).toEqual({
        type: 'cas',
        msg_id: secondId,
        key: 7,
        from: 1,
        to: 2,
        create_if_not_exists: true,
      });
      // Answered in the reverse order.
      node.write(
        { type: 'error', code: 22, text: 'expected 1, had 3', in_reply_to: secondId, msg_id: 90 },
        'lin-kv',
      );
      expect(await node.next()).toEqual({
        src: 'n1',
        dest: 'c2',
        body: { type: 'error', code: 22, text: 'expected 1, had 3', in_reply_to: 5 },
      });
      node.write({ type: 'write_ok', in_reply_to: firstId }, 'lin-kv');
      expect(await node.next()).toEqual({
        src: 'n1',
        dest: 'c1',
        body: { type: 'write_ok', in_reply_to: 5 },
      });
      node.write({ type: 'read', msg_id: 6, key: 'a' }, 'c1');
      const read = await node.next();
      for (const answer of [1, 2]) {
        node.write({ type: 'read_ok', value: answer, in_reply_to: read.body['msg_id'] }, 'lin-kv');
      }
      node.write({ type: 'list', msg_id: 8 }, 'c3');
      expect(await node.next()).toMatchObject({
        dest: 'c1',
        body: { type: 'read_ok', value: 1, in_reply_to: 6 },
      });
      // The second reply to one request was dropped.
      expect(await node.next()).toMatchObject({
        dest: 'c3',
        body: { type: 'error', code: 10, in_reply_to: 8 },
      });
      expect(await node.end()).toBe(0);
    },
  );

  it.concurrent('answers error 0 if the service does not reply, and ignores late replies', async () => {
    const node = new LoneNode(binOf('lin-kv'));
    await node.init();
    node.write({ type: 'write', msg_id: 5, key: 1, value: 2 });
    const { body } = await node.next();
    expect(await node.next()).toMatchObject({ dest: 'c1', body: { type: 'error', code: 0, in_reply_to: 5 } });
    node.write({ type: 'write_ok', in_reply_to: body['msg_id'] }, 'lin-kv');
    node.write({ type: 'read', msg_id: 6, key: 1 });
    expect(await node.next()).toMatchObject({ dest: 'lin-kv', body: { type: 'read', key: 1 } });
    expect(await node.end()).toBe(0);
  });

  const HARD: Readonly<Record<Starter, Partial<TestSettings>>> = {
    echo: {},
    broadcast: { nemesis: ['partition'], nemesisIntervalSeconds: 0.5, recoverySeconds: 1.5 },
    'lin-kv': { concurrency: 6, nemesis: ['partition'], nemesisIntervalSeconds: 0.5, recoverySeconds: 0 },
  };

  it.concurrent.each(STARTERS)('%s passes as a cluster', async (workload) => {
    const { results, sentence } = await runTest({
      workload,
      bin: binOf(workload),
      world: 'real',
      nodes: ['n1', 'n2', 'n3'],
      timeLimitSeconds: 2,
      rate: 30,
      seed: '1',
      store: join(folder, 'store'),
      report: false,
      ...HARD[workload],
    });
    // On a busy machine few requests are answered in time, but the replies must be right.
    expect(results, sentence).toMatchObject({
      workload: { 'valid?': true },
      nodes: { 'valid?': true },
      protocol: { violations: [] },
    });
    expect(results.stats?.['ok-count'] ?? 0, sentence).toBeGreaterThan(0);
  });
});
