/** The language and Node's behaviour as a program sees them, where versions, machines or modules could make a difference. */
import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { runSource } from '../../../test/support/run-source.ts';

async function linesOf(source: string, file = 'program.mjs'): Promise<readonly string[]> {
  const { lines, stderr } = await runSource({ source, file });
  expect(stderr).toEqual([]);
  return lines;
}

/** What Node itself prints. */
const inNode = (source: string, type: 'module' | 'commonjs'): readonly string[] =>
  execFileSync(process.execPath, [`--input-type=${type}`, '-e', source], { encoding: 'utf8' })
    .trimEnd()
    .split('\n');

describe('an imported file', () => {
  it('knows its path, and that it is not the main program', async () => {
    const guard = `import { fileURLToPath } from 'node:url'; export const where = fileURLToPath(import.meta.url); export const isMain = where === process.argv[1] || import.meta.main;`;
    const { lines, stderr } = await runSource({
      file: 'program.mjs',
      source: `import { isMain, where } from './parts/part.mjs'; import old from './parts/old.cjs'; console.log(isMain, where, old, fileURLToPath(import.meta.url) === process.argv[1]); import { fileURLToPath } from 'node:url';`,
      files: {
        'parts/part.mjs': guard,
        'parts/old.cjs': `module.exports = [require.main === module, __filename, __dirname].join();`,
      },
    });
    expect([...lines, ...stderr]).toEqual([
      'false /simulated/parts/part.mjs false,/simulated/parts/old.cjs,/simulated/parts true',
    ]);
  });

  it('of a CommonJS program is not its main module', async () => {
    const { lines, stderr } = await runSource({
      file: 'program.cjs',
      source: `const old = require('./old.cjs'); if (require.main === module) console.log(old);`,
      files: { 'old.cjs': `module.exports = [require.main === module, require.main.filename].join();` },
    });
    expect([...lines, ...stderr]).toEqual(['false,/simulated/program.cjs']);
  });
});

describe('powers', () => {
  it('have the same bits by Math.pow and by the operator, also assigned, in packages and with bigints', async () => {
    const lines = await linesOf(`
      const x = 1.7; let y = x; y **= 1.37;
      console.log(x ** 1.37 === Math.pow(x, 1.37), y === x ** 1.37, Math.pow.name, Math.pow.length);
      console.log(3 ** 33, (-2) ** 5, 2n ** 70n, 2 ** -1, 9 ** 0.5);
      try { 2n ** 1 } catch (error) { console.log(error.name) }`);
    expect(lines).toEqual([
      'true true pow 2',
      '5559060566555523 -32 1180591620717411303424n 0.5 3',
      'TypeError',
    ]);
  });

  it('do not disturb a program that uses the same names itself', async () => {
    const lines = await linesOf(`const __pow = (a, b) => a + b; console.log(__pow(2, 3), 2 ** 3);`);
    expect(lines).toEqual(['5 8']);
  });
});

describe('the locale and the time zone', () => {
  const EXPLICIT = [
    `(1234.5).toLocaleString('de-DE')`,
    `new Intl.NumberFormat('fr').format(1234.5)`,
    `new Date(0).toLocaleString('en-GB', { timeZone: 'Asia/Kolkata' })`,
    `'i'.toLocaleUpperCase('tr')`,
    `['ä', 'z', 'a'].sort(new Intl.Collator('sv').compare)`,
    `'ä'.localeCompare('z', 'sv')`,
    `new Intl.PluralRules('ar').select(3)`,
    `[1.5, new Date(0)].toLocaleString('de', { timeZone: 'UTC' })`,
    `Intl.NumberFormat('de').resolvedOptions().locale`,
    `new (class extends Intl.NumberFormat {})('de').format(0.5)`,
    `Intl.NumberFormat.supportedLocalesOf(['de', 'xx'])`,
    `Intl.getCanonicalLocales('EN-us')`,
    `(() => { try { new Intl.NumberFormat('not a locale') } catch (error) { return error.name } })()`,
    `(() => { try { Intl.Segmenter('de') } catch (error) { return error.name } })()`,
  ];

  it('are those that a program names', async () => {
    const source = EXPLICIT.map((each) => `console.log(JSON.stringify(${each}));`).join('\n');
    expect(await linesOf(source)).toEqual(inNode(source, 'module'));
  });

  it('are en-US and UTC if a program names none, or an unknown one', async () => {
    const lines = await linesOf(`
      for (const name of ['Collator', 'DateTimeFormat', 'ListFormat', 'NumberFormat', 'PluralRules', 'RelativeTimeFormat', 'Segmenter'])
        for (const locales of [undefined, 'xx', []]) console.log(new Intl[name](locales).resolvedOptions().locale);
      console.log(new Intl.DisplayNames(undefined, { type: 'region' }).resolvedOptions().locale);
      console.log((1234.5).toLocaleString(), 1234n.toLocaleString(), new Date(0).toLocaleDateString(), [1234.5].toLocaleString(), (1e3).toLocaleString('xx'));
      console.log(new Date(0).toString(), '|', new Date(0).toTimeString(), '|', new Date(NaN).toString(), '|', \`\${new Date(0)}\`.length);
      console.log(Intl.DateTimeFormat().resolvedOptions().timeZone, new Date(0).getHours(), Date().endsWith('(Coordinated Universal Time)'));
      console.log(new Intl.NumberFormat() instanceof Intl.NumberFormat, Intl.NumberFormat().constructor === Intl.NumberFormat, Number.prototype.toLocaleString.length);`);
    // Some only have English as such.
    for (const line of lines.slice(0, 22)) expect(['en', 'en-US']).toContain(line);
    expect(lines.slice(22)).toEqual([
      '1,234.5 1,234 1/1/1970 1,234.5 1,000',
      'Thu Jan 01 1970 00:00:00 GMT+0000 (Coordinated Universal Time) | 00:00:00 GMT+0000 (Coordinated Universal Time) | Invalid Date | 62',
      'UTC 0 true',
      'true true 0',
    ]);
  });
});

it('Temporal, if Node has it, uses the virtual clock', async () => {
  const lines = await linesOf(`
    const now = globalThis.Temporal?.Now;
    console.log(now?.instant().toString().slice(0, 16) ?? '2024-01-01T00:00', now?.timeZoneId() ?? 'UTC', now?.plainDateISO().toString() ?? '2024-01-01');
    console.log(now?.plainDateTimeISO('Asia/Kolkata').toString().slice(0, 13) ?? '2024-01-01T05', now?.plainTimeISO().hour ?? 0, now?.zonedDateTimeISO().timeZoneId ?? 'UTC');`);
  expect(lines).toEqual(['2024-01-01T00:00 UTC 2024-01-01', '2024-01-01T05 0 UTC']);
});

describe('the order at the top level', () => {
  const ORDER = `
    const say = (...words) => console.log(...words);
    process.nextTick(say, 'tick 1'); queueMicrotask(() => { say('microtask 1'); process.nextTick(say, 'tick 3'); });
    Promise.resolve().then(() => say('then 1')).then(() => { say('then 2'); queueMicrotask(() => say('microtask 2')); });
    process.nextTick(() => { say('tick 2'); queueMicrotask(() => say('microtask 3')); });
    setTimeout(() => { process.nextTick(say, 'tick 4'); queueMicrotask(() => say('microtask 4')); say('timer'); }, 1);
    say('end');`;

  it('of a module is that of Node: promise reactions first', async () => {
    expect(await linesOf(ORDER, 'program.mjs')).toEqual(inNode(ORDER, 'module'));
  });

  it('of a module with top-level await is that of Node', async () => {
    const waits = `${ORDER} await null; say('waited'); process.nextTick(say, 'tick 5'); await new Promise((resolve) => setTimeout(resolve, 5)); say('over');`;
    expect(await linesOf(waits, 'program.mjs')).toEqual(inNode(waits, 'module'));
  });

  it('of a script is that of Node: process.nextTick callbacks first', async () => {
    expect(await linesOf(ORDER, 'program.cjs')).toEqual(inNode(ORDER, 'commonjs'));
  });
});

it('a sloppy script is allowed', async () => {
  const lines = await linesOf(
    `with ({ a: 1 }) { console.log(a); } undeclared = 5; console.log(undeclared, (function () { return typeof this })(), 010);`,
    'program.cjs',
  );
  expect(lines).toEqual(['1', '5 object 8']);
});

it('resources are disposed of at the end of their block, in TypeScript and in JavaScript', async () => {
  const source = `
    { using one = { [Symbol.dispose]() { console.log('one') } }; console.log('used'); }
    { await using other = { async [Symbol.asyncDispose]() { console.log('other') } }; }`;
  for (const file of ['program.ts', 'program.mjs'])
    expect(await linesOf(source, file)).toEqual(['used', 'one', 'other']);
});

it.each([
  ['fetch("http://a")', 'ReferenceError: fetch is not defined. Node has it, the simulation does not.'],
  ['new MessageChannel()', 'MessageChannel is not defined. Node has it, the simulation does not.'],
  ['Deno.args', 'Deno is not defined. It belongs to Deno; in the simulation there is what Node has.'],
  ['mispelt()', 'ReferenceError: mispelt is not defined'],
])('%s, which does not exist, ends the node with its reason', async (source, says) => {
  const { exits } = await runSource({ source: `setTimeout(() => ${source}, 1);` });
  expect(exits[0]?.code).toBe(1);
  const line = exits[0]?.lastStderr.find((each) => each.includes('is not defined')) ?? '';
  expect(line).toContain(says);
  if (says.endsWith('defined')) expect(line.endsWith(says)).toBe(true);
});

it('an import() in text that is compiled at run time ends the node with its reason, and no line of the simulation', async () => {
  const { exits, stderr } = await runSource({ source: `new Function('return import("fs")')();` });
  expect(exits).toMatchObject([{ code: 1 }]);
  const text = stderr.join('\n');
  expect(text).toContain(
    'import() in text that is compiled at run time (eval, new Function) is not available',
  );
  expect(text).not.toMatch(/ScriptSandbox|simulated-world|    at /);
});

it('a missing global can be tested for', async () => {
  expect(await linesOf(`console.log(typeof fetch, typeof Worker, 'Deno' in globalThis);`)).toEqual([
    'undefined undefined false',
  ]);
});

it.each([
  [
    'that tries again and again',
    'for (;;) { try { fs.readSync(0, Buffer.alloc(1)); break; } catch (error) { if (error.code !== "EAGAIN") throw error; } }',
  ],
  [
    'that reads a whole file',
    'for (;;) { try { fs.readFileSync("/dev/stdin"); } catch (error) { if (error.code !== "EAGAIN") break; } }',
  ],
])(
  'a program %s waiting for stdin is ended, with the reason, long before the time limit',
  async (_, loop) => {
    const { exits, problems } = await runSource({
      source: `import fs from 'node:fs'; process.stdin.resume(); ${loop}`,
      yieldLimitMs: 600_000,
    });
    expect(exits[0]?.code).toBe(1);
    expect(exits[0]?.lastStderr.at(-1)).toMatch(
      /^fs\.read(?:File)?Sync would wait for stdin and stop the simulation: .* with readline, or with the SDK\. It was tried 1000 times, so the node was ended\.$/,
    );
    expect(problems).toEqual([]);
  },
);

describe('stacks', () => {
  const FRAMES = `
    import fs from 'node:fs';
    const own = () => new Error('x');
    const texts = [own().stack];
    const before = Error.prepareStackTrace;
    Error.prepareStackTrace = (error, frames) => frames.map((frame) => frame.getFileName());
    texts.push(...own().stack);
    Error.prepareStackTrace = before;
    texts.push(own().stack);
    Error.prepareStackTrace = undefined;
    texts.push(own().stack);
    setTimeout(() => {
      Error.stackTraceLimit = 100;
      texts.push(own().stack);
      try { fs.readFileSync('/nowhere'); } catch (error) { texts.push(error.stack); }
      for (const text of texts) console.log(JSON.stringify(text));
    }, 1);`;

  it('show the program, and nothing of the simulator or of its disk', async () => {
    const lines = await linesOf(FRAMES);
    expect(lines.length).toBeGreaterThan(6);
    for (const line of lines)
      expect(line).not.toMatch(/runtime|node_modules|vitest|file:|node:internal|src\//);
    expect(lines[0]).toContain('at own (program.mjs:3:23)\\n    at program.mjs:4:20');
    expect(lines[1]).toBe('"simulated:program.mjs"');
  });

  it('name the modules of a program in the same way wherever it is started', async () => {
    const { lines } = await runSource({
      source: `import part from './part.cjs'; console.log(JSON.stringify(part()));`,
      file: 'program.mjs',
      files: {
        'part.cjs': `module.exports = () => new Error('x').stack;\nconsole.log(new Error('y').stack.split('\\n').join('|'));`,
      },
    });
    for (const line of lines) expect(line).not.toMatch(/maelstrom-source|\.\.\//);
    expect(lines[0]).toContain('part.cjs');
  });
});
