import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { UserError } from '../../protocol/user-error.ts';
import { bundleNode, type BundleTarget } from './bundle.ts';
import { PACKAGE_NAME } from '../own-file.ts';

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

  it('a program sees the path of its source', async () => {
    const source = `import { fileURLToPath } from 'node:url';\nconsole.log(fileURLToPath(import.meta.url) === process.argv[1], process.argv[1]);`;
    const file = write('b.mjs', source);
    expect(await runReal(file)).toBe(`true ${file}`);
  });

  it('CommonJS runs, with its require, __dirname and main module', async () => {
    const source = `const fs = require('fs');\nif (require.main === module) console.log(typeof fs.readFileSync, __dirname);`;
    expect(await runReal(write('c.cjs', source))).toBe(`function ${folder}`);
  });

  it('a missing file of a computed name fails when it is required, not before', async () => {
    const source = `const kinds: string[] = ['Release', 'Debug'];\nconst found: string[] = [];\nfor (const é of kinds) try { require('./build/' + é + '/x'); require(\`./made/\${é}.js\`) } catch (e) { found.push(e.code) }\nconsole.log(found.join());`;
    expect(await runReal(write('o.cts', source))).toBe('MODULE_NOT_FOUND,MODULE_NOT_FOUND');
    const { message } = await refusal(
      write('p.cts', `const kind: string = 'x';\nrequire('./build/' + kind);\nrequire('./no.cjs');`),
      'real',
    );
    expect(message).toMatch(/p\.cts:3:9: Could not resolve "\.\/no\.cjs"/);
  });

  it('an imported file knows its path, and that it is not the main program', async () => {
    mkdirSync(join(folder, 'parts'));
    const guard = `import { fileURLToPath } from 'node:url';\nimport { dirname } from 'node:path';\nexport const where: string = fileURLToPath(import.meta.url);\nif (where === process.argv[1]) console.log('started');\nexport const line = (): string => (new Error().stack ?? '').split('\\n')[1] ?? '';\nexport const beside = dirname(where) === import.meta.dirname;\n`;
    const part = write('parts/part.ts', guard);
    const entry = write(
      'm.ts',
      `import { beside, line, where } from './parts/part.ts';\nconsole.log(where, beside, line().includes('part.ts:5:36'), import.meta.filename);`,
    );
    expect(await runReal(entry)).toBe(`${part} true true ${entry}`);
    // A program with a TypeScript file is bundled.
    write('types.cts', `exports.typed = 1 as number;`);
    write(
      'parts/part.cjs',
      `exports.main = require.main === module;\nexports.where = [__filename, require.main.filename];`,
    );
    const old = write(
      'm.cjs',
      `require('./types.cts');\nconst { main, where } = require('./parts/part.cjs');\nif (require.main === module) console.log(main, ...where);`,
    );
    expect(await runReal(old)).toBe(`false ${join(folder, 'parts/part.cjs')} ${old}`);
  });

  it('a module may create its own require', async () => {
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

  it('a file that is not JavaScript is left unchanged', async () => {
    const script = write('run.sh', '#!/bin/sh\necho shell\n');
    chmodSync(script, 0o755);
    expect(await bundleNode(script, 'real')).toEqual({ bin: script, args: [] });
    const deno = write('deno.ts', '#!/usr/bin/env deno\n');
    expect(await bundleNode(deno, 'real')).toEqual({ bin: deno, args: [] });
  });

  it('leaves only its file in the given folder', async () => {
    const out = join(folder, 'out');
    const { args } = await bundleNode(write('f.ts', `export const x = 1`), 'real', out);
    expect(args.at(-1)).toBe(join(out, 'f.mjs'));
    expect(readFileSync(join(out, 'f.mjs'), 'utf8')).toContain('sourceMappingURL=data:');
  });
});

it.each(['real', 'simulated'] as const)(
  'a file with JSX is refused in the %s world, with advice',
  async (target) => {
    const refused = await refusal(write('node.tsx', 'const a: number = 1;'), target);
    expect(refused.message).toContain('files with JSX, .tsx, are not compiled here');
    expect(refused.hint).toContain('.ts');
  },
);

describe('JavaScript with a #! line', () => {
  const executable = (name: string, source: string): string => {
    const file = write(name, source);
    chmodSync(file, 0o755);
    return file;
  };

  it('is run by that line if it is executable, whatever its extension', async () => {
    for (const name of ['a.js', 'a.mjs', 'a.cjs']) {
      const file = executable(name, `#!${process.execPath}\nconsole.log(1);`);
      expect(await bundleNode(file, 'real')).toEqual({ bin: file, args: [] });
    }
    const plain = write('plain.mjs', `#!${process.execPath}\nconsole.log(import.meta.url.length > 0);`);
    expect(await runReal(plain)).toBe('true');
  });

  it('keeps the flags of the line, even if the system would not split it or has Node elsewhere', async () => {
    const source = 'console.log(process.execArgv.join());';
    for (const line of ['/usr/bin/env node --no-warnings', '/nowhere/bin/node --no-warnings']) {
      expect(await runReal(executable('flags.js', `#!${line}\n${source}`))).toBe('--no-warnings');
    }
    const withSdk = `#!/usr/bin/env -S node --no-warnings\nimport { Node } from 'maelstrom/node';\nconsole.log(typeof Node, process.execArgv.at(-1));`;
    expect(await runReal(executable('sdk.mjs', withSdk))).toBe('function --no-warnings');
  });

  it('is for Node if the base name in it says so, and for another program otherwise', async () => {
    for (const line of ['/opt/node-v20/bin/deno', '/home/node/bin/bun run', '/usr/bin/env my-node']) {
      const file = executable('other.js', `#!${line}\nimport 'what-only-that-one-has';\n`);
      expect(await bundleNode(file, 'real')).toEqual({ bin: file, args: [] });
    }
  });

  it('runs in the simulation also if the line names deno or bun', async () => {
    const file = executable('runner.js', '#!/usr/bin/env -S deno run\nconsole.log(1);');
    expect((await bundleNode(file, 'simulated', join(folder, 'out'))).bin).toContain('runner.js.simulated');
    const typed = executable(
      'typed.ts',
      '#!/usr/bin/env -S deno run\nconst one: number = 1; console.log(one);',
    );
    expect((await bundleNode(typed, 'simulated', join(folder, 'out'))).bin).toContain('typed.ts.simulated');
    const foreign = executable(
      'foreign.ts',
      "#!/usr/bin/env -S deno run\nimport { v4 } from 'jsr:@std/uuid';\nv4();",
    );
    await expect(bundleNode(foreign, 'simulated', join(folder, 'out'))).rejects.toThrow(
      'Only Deno or Bun know such an import: run the program in the real world',
    );
  });

  it.each(['https://deno.land/std@0.177.0/io/mod.ts', 'npm:lodash', 'bun', 'bun:sqlite'])(
    'is not started by Node if it imports from %s',
    async (from) => {
      write('foreign.mts', `import { some } from '${from}';\nconsole.log(some);`);
      for (const world of ['real', 'simulated'] as const) {
        const built = bundleNode(join(folder, 'foreign.mts'), world, join(folder, 'out'));
        await expect(built).rejects.toThrow(
          /foreign\.mts:1:\d+: Could not resolve .*\n.*\n.*Only Deno or Bun/,
        );
      }
    },
  );
});

describe('CommonJS in the real world', () => {
  it('stays sloppy: with, implicit globals, octal numbers', async () => {
    write(
      'part.js',
      'found = 1; exports.value = function () { return this === undefined; }.call(undefined);',
    );
    const source = `const { value } = require('./part');\nfor (i of [010]) with (Math) console.log(i, max(1, 2), found, value);`;
    expect(await runReal(write('sloppy.js', source))).toBe('8 2 1 false');
    write('typed.ts', 'export const typed: number = 3;');
    const bundled = `const { typed } = require('./typed.ts'); const { Node } = require('maelstrom/node');\nfor (i of [010]) with (Math) console.log(i, max(1, typed), typeof Node);`;
    expect(await runReal(write('bundled.cjs', bundled))).toBe('8 3 function');
  });

  it('finds packages as Node does: what they read next to them, what they require at run time, native parts', async () => {
    const home = join(folder, 'node_modules/odd');
    mkdirSync(home, { recursive: true });
    writeFileSync(join(home, 'package.json'), '{"name": "odd", "main": "main.js"}');
    writeFileSync(join(home, 'data.txt'), 'read');
    writeFileSync(join(home, 'late.js'), 'exports.late = "late";');
    writeFileSync(
      join(home, 'main.js'),
      `const name = './la' + 'te'; exports.odd = require('fs').readFileSync(__dirname + '/data.txt', 'utf8') + require(name).late;`,
    );
    expect(await runReal(write('c.js', `console.log(require('odd').odd);`))).toBe('readlate');
    expect(await runReal(write('m.mjs', `import { odd } from 'odd';\nconsole.log(odd);`))).toBe('readlate');
    expect(
      await runReal(write('t.ts', `import odd, { odd as same } from 'odd';\nconsole.log(odd.odd === same);`)),
    ).toBe('true');
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

    it('is refused with what to install, and where, for a missing package', async () => {
      write('package.json', '{}');
      mkdirSync(join(folder, 'src'));
      for (const [name, source] of [
        ['src/p.ts', `import { v4 } from 'uuid';\nimport x from '@scope/part/sub';\nconsole.log(v4, x);`],
        ['src/p.cjs', `const { v4 } = require('uuid');\nconst x = require('@scope/part/sub');`],
      ] as const) {
        const { message, hint } = await refusal(write(name, source), target);
        expect(message).toMatch(/^The program imports what is not installed\./);
        expect(message).toMatch(/p\.c?[tj]s:1:\d+: the package of "uuid" is not installed/);
        expect(message).not.toContain('external');
        expect(hint).toBe(`Install them, in ${folder}: npm install uuid @scope/part`);
      }
    });

    it.each(['maelstrom', 'maelstorm/node', 'maelstrom-node', '@maelstrom/node'])(
      'is refused without the advice to install %s, which is another package than the SDK',
      async (name) => {
        const source = `import { Node } from '${name}';\nnew Node();`;
        const { hint } = await refusal(write('p.ts', source), target);
        expect(hint).toMatch(/^A node imports the SDK as 'maelstrom\/node', and nothing has to be installed/);
        expect(hint).not.toContain('npm install');
      },
    );

    it('is refused if it is missing, or a folder without a program', async () => {
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

  it('an import of a missing export is refused', async () => {
    const { message } = await refusal(
      write('w.ts', `import { watch } from 'node:fs';\nwatch('x');`),
      'simulated',
    );
    expect(message).toMatch(/w\.ts:1:10: No matching export in "simulated:fs" for import "watch"/);
  });

  it('a program in another language is refused with advice', async () => {
    const script = write('run.rb', '#!/usr/bin/env ruby\nputs 1\n');
    const { message, hint } = await refusal(script, 'simulated');
    expect(message).toBe(
      `${script} cannot run in the simulated world: that runs JavaScript, TypeScript and WebAssembly only.`,
    );
    expect(hint).toBe(
      'Run it without --simulate, write it in JavaScript or TypeScript, or compile it to WebAssembly (WASI preview 1): docs/wasm.md.',
    );
    const python = write('run.py', '#!/usr/bin/env python3\nprint(1)\n');
    expect((await refusal(python, 'simulated')).hint).toBe(
      'Run it without --simulate, or as a folder that brings Python for WebAssembly along: docs/wasm.md, Python.',
    );
  });

  it.each(['real', 'simulated'] as const)('the SDK is found by both of its names, %s', async (target) => {
    const bundles: string[] = [];
    const manifest: unknown = JSON.parse(
      readFileSync(new URL('../../../package.json', import.meta.url), 'utf8'),
    );
    expect(manifest).toMatchObject({ name: PACKAGE_NAME });
    for (const name of ['maelstrom', PACKAGE_NAME]) {
      const source = write('x.ts', `import { Node } from '${name}/node';\nnew Node();`);
      const { args, bin } = await bundleNode(source, target, join(folder, name));
      bundles.push(readFileSync(target === 'real' ? (args.at(-1) ?? '') : bin, 'utf8'));
    }
    expect(bundles[0]).toContain('new Node()');
    expect(bundles[1]).toBe(bundles[0]);
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

it('a program that injects by types and fails is given the reason that types are not compiled in, if its tsconfig asks for them', async () => {
  const source = `const mark = (type: Function) => {}; @mark class A { constructor(readonly b: Date) {} } console.log(A.name); process.exitCode = Number(process.argv[2]);`;
  const program = write('injects.ts', source);
  const ended = async (asks: boolean, code: number): Promise<string> => {
    write(
      'tsconfig.json',
      JSON.stringify({ compilerOptions: { experimentalDecorators: true, emitDecoratorMetadata: asks } }),
    );
    const { bin, args } = await bundleNode(program, 'real', join(folder, `${asks}-${code}`));
    return spawnSync(bin, [...args, String(code)], { encoding: 'utf8', input: '' }).stderr;
  };
  expect(await ended(true, 1)).toContain('tsconfig.json asks for emitDecoratorMetadata');
  expect(await ended(true, 0)).toBe('');
  expect(await ended(false, 1)).toBe('');
});
