/** A program that ends because it needs something that the simulation lacks is not called wrong: the run proves nothing. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { runTest } from '../src/index.ts';

const folder = mkdtempSync(join(tmpdir(), 'maelstrom-not-simulated-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const ECHO = `const readline = require('node:readline'); let me;
  const answer = (m, body) => console.log(JSON.stringify({ src: me, dest: m.src, body: { ...body, in_reply_to: m.body.msg_id } }));
  readline.createInterface({ input: process.stdin }).on('line', (line) => { const m = JSON.parse(line);
    if (m.body.type === 'init') { me = m.body.node_id; answer(m, { type: 'init_ok' }); } else { later(); answer(m, { type: 'echo_ok', echo: m.body.echo }); } });`;

const run = async (name: string, source: string) => {
  const bin = join(folder, `${name}.cjs`);
  writeFileSync(bin, source);
  const store = join(folder, 'store');
  const timing = { timeLimitSeconds: 2, recoverySeconds: 0 };
  const { results } = await runTest({
    workload: 'echo',
    bin,
    world: 'simulated',
    store,
    seed: '1',
    report: false,
    ...timing,
  });
  return { valid: results['valid?'], message: String(results.nodes?.problems?.[0]?.message) };
};

it.each([
  [
    'at-once',
    `Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1); const later = () => {};${ECHO}`,
    'is not defined. Node has it',
  ],
  ['later', `const later = () => fetch('http://localhost');${ECHO}`, 'fetch is not defined'],
  [
    'caught-and-printed',
    `const later = () => { try { require('node:crypto').createCipheriv('aes-128-cbc', 'k', 'i') } catch (e) { console.error(e); process.exit(1) } };${ECHO}`,
    'crypto.createCipheriv is not available',
  ],
  [
    'reading-a-file-beside-it',
    `require('node:fs').readFileSync(new URL('file:///simulated/config.json')); const later = () => {};${ECHO}`,
    'fs.readFileSync("/simulated/config.json") is not available',
  ],
  [
    'reading-stdin-at-once',
    `const fs = require('fs'); for (;;) try { fs.readSync(0, Buffer.alloc(9)); } catch (e) { if (e.code !== 'EAGAIN') throw e }`,
    'would wait for stdin',
  ],
  [
    'and-prints-only-the-message',
    `const later = () => { fetch('http://localhost') };${ECHO.replace('later();', 'try { later() } catch (e) { console.error("failed: " + e.message); process.exit(1) }')}`,
    'failed: fetch is not defined',
  ],
  [
    'imported-as-an-object',
    `import('node:crypto').then(({ createCipheriv }) => createCipheriv('aes-128-cbc', 'k', 'i')); const later = () => {};${ECHO}`,
    'crypto.createCipheriv is not available',
  ],
  [
    'imported-by-a-computed-name',
    `const later = () => require(['/simulated', 'handlers', 'echo.js'].join('/'));${ECHO}`,
    'Write the name out, or at least its folder',
  ],
  [
    'imported-in-compiled-text',
    `const later = () => new Function('name', 'return import(name)')('node:fs');${ECHO}`,
    'is not available in the simulation: write the import into the program itself',
  ],
  ['of-another-runtime', `const later = () => Deno.args; ${ECHO}`, 'It is a program for Deno'],
  [
    'of-another-runtime-only-the-message',
    `const later = () => {}; try { Bun.write('a', 'b') } catch (e) { console.error(e.message); process.exit(1) } ${ECHO}`,
    'Bun is not defined',
  ],
])('what a program lacks %s makes the run unknown and not invalid', async (name, source, what) => {
  const { valid, message } = await run(name, source);
  expect(valid).toBe('unknown');
  expect(message).toContain(what);
  expect(message).toContain('so this run proves nothing about the program: run it without --simulate');
});

it('a program that crashes by a mistake of its own is invalid', async () => {
  const { valid } = await run('own', `const later = () => { undefined.x };${ECHO}`);
  expect(valid).toBe(false);
});
