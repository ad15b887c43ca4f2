import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { UserError } from '../protocol/user-error.ts';
import { bundleNode, type BundleTarget } from './bundle.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'maelstrom-bundle-test-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

function write(name: string, source: string): string {
  const file = join(folder, name);
  writeFileSync(file, source);
  return file;
}

async function refusal(path: string, target: BundleTarget): Promise<UserError> {
  try {
    await bundleNode(path, target, join(folder, 'out'));
  } catch (error) {
    if (error instanceof UserError) return error;
    throw error;
  }
  throw new Error(`${path} was not refused`);
}

async function runReal(path: string): Promise<string> {
  const { bin, args } = await bundleNode(path, 'real', join(folder, 'out'));
  return execFileSync(bin, [...args, 'arg'], { encoding: 'utf8', input: '' }).trim();
}

describe('for the real world', () => {
  it('a TypeScript program runs with what it imports, the SDK included', async () => {
    write('part.ts', `export const part: number = 42;`);
    const source = `import { part } from './part.ts';\nimport { RpcError } from 'maelstrom/node';\nconst top = await Promise.resolve(part);\nconsole.log(top, typeof RpcError, process.argv[2]);`;
    expect(await runReal(write('a.ts', source))).toBe('42 function arg');
  });

  it('a program believes that it runs where its source is', async () => {
    const source = `import { fileURLToPath } from 'node:url';\nconsole.log(fileURLToPath(import.meta.url) === process.argv[1], process.argv[1]);`;
    const file = write('b.mjs', source);
    expect(await runReal(file)).toBe(`true ${file}`);
  });

  it('CommonJS runs, with its require, __dirname and main module', async () => {
    const source = `const fs = require('fs');\nif (require.main === module) console.log(typeof fs.readFileSync, __dirname);`;
    expect(await runReal(write('c.cjs', source))).toBe(`function ${folder}`);
  });

  it('a module may make its own require', async () => {
    const source = `import { createRequire } from 'node:module';\nconst require = createRequire(import.meta.url);\nconsole.log(typeof require('node:os').EOL);`;
    expect(await runReal(write('d.mjs', source))).toBe('string');
  });

  it('a folder stands for its index file', async () => {
    mkdirSync(join(folder, 'program'));
    write('program/index.ts', `console.log('index' satisfies string);`);
    expect(await runReal(join(folder, 'program'))).toBe('index');
  });

  it('an error of the program has positions in its source', async () => {
    const file = write(
      'e.ts',
      `interface X { y: number }\n\nfunction f(x: X): never {\n  throw new Error('no ' + x.y);\n}\ntry { f({ y: 1 }) } catch (e) { console.log((e as Error).stack) }\n`,
    );
    expect(await runReal(file)).toContain(`e.ts:4:9`);
  });

  it('what is not JavaScript is left as it is', async () => {
    const script = write('run.sh', '#!/bin/sh\necho shell\n');
    chmodSync(script, 0o755);
    expect(await bundleNode(script, 'real')).toEqual({ bin: script, args: [] });
    const deno = write('deno.ts', '#!/usr/bin/env deno\n');
    expect(await bundleNode(deno, 'real')).toEqual({ bin: deno, args: [] });
  });

  it('leaves nothing but its file in the folder it is given', async () => {
    const out = join(folder, 'out');
    const { args } = await bundleNode(write('f.ts', `export const x = 1`), 'real', out);
    expect(args.at(-1)).toBe(join(out, 'f.mjs'));
    expect(readFileSync(join(out, 'f.mjs'), 'utf8')).toContain('sourceMappingURL=data:');
  });
});

describe.each(['real', 'simulated'] as const)(
  'a program that cannot be bundled for the %s world',
  (target) => {
    it('is refused with file, line and the line itself for a syntax error', async () => {
      const { message, hint } = await refusal(write('s.ts', `const a = 1;\nconst b = = 2;\n`), target);
      expect(message).toMatch(
        /^The program does not compile\.\n {2}.*s\.ts:2:11: Unexpected "="\n {6}const b = = 2;$/,
      );
      expect(hint).toContain('run the test again');
    });

    it('is refused with file and line for a missing import', async () => {
      const { message } = await refusal(
        write('m.ts', `\nimport { x } from './missing.ts';\nconsole.log(x);`),
        target,
      );
      expect(message).toMatch(/m\.ts:2:19: Could not resolve "\.\/missing\.ts"/);
    });

    it('is refused when it is not there, or a folder without a program', async () => {
      expect((await refusal(join(folder, 'nothing.ts'), target)).message).toContain('There is no program at');
      expect((await refusal(folder, target)).message).toContain('is a folder without an index.ts');
    });
  },
);

describe('for the simulated world', () => {
  it('a module that would reach out is refused by name, with file and line', async () => {
    for (const source of [
      `import net from 'node:net';\nnet.connect(1);`,
      `const net = require('net');\nnet.connect(1);`,
    ]) {
      const { message } = await refusal(write('n.js', source), 'simulated');
      expect(message).toMatch(/n\.js:1:\d+: "(?:node:)?net" is not available in the simulation/);
      expect(message).toContain('without --simulate');
    }
  });

  it('an import of something that a module does not have there is refused', async () => {
    const { message } = await refusal(
      write('w.ts', `import { watch } from 'node:fs';\nwatch('x');`),
      'simulated',
    );
    expect(message).toMatch(/w\.ts:1:10: No matching export in "simulated:fs" for import "watch"/);
  });

  it('a program in another language is refused with what to do instead', async () => {
    const script = write('run.py', '#!/usr/bin/env python3\nprint(1)\n');
    const { message, hint } = await refusal(script, 'simulated');
    expect(message).toBe(
      `${script} cannot run in the simulated world: that runs JavaScript and TypeScript only.`,
    );
    expect(hint).toBe('Run it without --simulate, or write it in JavaScript or TypeScript.');
  });

  it('the bundle is the same wherever and whenever it is made', async () => {
    const source = write('x.ts', `import { Node } from 'maelstrom/node';\nnew Node();`);
    const [one, two] = [
      await bundleNode(source, 'simulated', join(folder, '1')),
      await bundleNode(source, 'simulated', join(folder, '2')),
    ];
    expect(readFileSync(one.bin, 'utf8')).toBe(readFileSync(two.bin, 'utf8'));
  });
});
