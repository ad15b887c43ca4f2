/**
 * The package works where it is installed: packed, installed into an empty folder with an empty home, and used from there in
 * every way the README shows.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PACKAGE_NAME } from '../src/world/own-file.ts';
import { compile as compileIn } from './support/compile.ts';

const project = fileURLToPath(new URL('..', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'maelstrom-package-'));
const app = join(folder, 'app');
/** The installed command, which `npx` starts; starting `npx` itself takes as long again. */
const installed = join(app, 'node_modules/.bin/maelstrom');
let env: NodeJS.ProcessEnv;
/** The first test draws a report, for a cluster of the usual size; drawing one takes longer than these runs. */
const SMALL = ['--time-limit', '1', '--node-count', '2', '--no-report'];

/** Variables of proxies and of the certificates that they need. */
const OF_THE_NETWORK = /^(?:node_extra_ca_certs|ssl_cert_(?:file|dir)|(?:https?|all|no)_proxy)$/i;

const ECHO_JS = `
import { createInterface } from 'node:readline';
createInterface({ input: process.stdin }).on('line', (line) => {
  const { src, dest, body } = JSON.parse(line);
  const reply = body.type === 'init' ? { type: 'init_ok' } : { type: 'echo_ok', echo: body.echo };
  console.log(JSON.stringify({ src: dest, dest: src, body: { ...reply, in_reply_to: body.msg_id } }));
});
`;

const ECHO_TS = `
import { Node, type Json } from 'maelstrom/node';
const node = new Node();
node.on('echo', (body: { echo: Json }) => ({ echo: body.echo }));
`;

const CHECK_TS = `
import { checkSetFull, type CheckResult, type Op } from 'maelstrom/checkers';
const ops: readonly Op[] = [
  { index: 0, time: 0, type: 'invoke', process: 0, f: 'add', value: 1 },
  { index: 1, time: 1, type: 'ok', process: 0, f: 'add', value: 1 },
  { index: 2, time: 2, type: 'invoke', process: 0, f: 'read', value: null },
  { index: 3, time: 3, type: 'ok', process: 0, f: 'read', value: [1] },
];
const result: CheckResult = checkSetFull(ops);
console.log(result['valid?']);
`;

const DOORS_TS = `
import { openRun, runTest, WORKLOADS, type RunTestOptions } from 'maelstrom';
import { checkSetFull } from 'maelstrom/checkers';
import { Node, type Json } from 'maelstrom/node';
import { cluster } from 'maelstrom/testing';
const settings: RunTestOptions = { workload: 'echo', bin: 'echo.ts', timeLimitSeconds: 5 };
const { results, folder } = await runTest(settings);
const valid: true | false | 'unknown' = results['valid?'];
const text: string = openRun(folder).journal().message(0).body.toString('utf8');
console.log(valid, text, WORKLOADS.size, checkSetFull);
new Node().on('echo', (body: { echo: Json }) => ({ echo: body.echo }));
const net = await cluster((node) => node.on('echo', ({ echo }) => ({ echo })), { nodes: 3 });
net.partition(['n1'], ['n2', 'n3']);
// @ts-expect-error -- there is no such setting
await runTest({ workload: 'echo', bin: 'echo.ts', timeLimit: 5 });
`;

const OWN_RPC_TS = `
import { z } from 'zod';
import { anyJson, defineRpc, integer, type ReplyOf, type RequestOf } from 'maelstrom';
const add = defineRpc({
  type: 'add',
  about: 'Adds.',
  request: z.object({ ids: z.array(integer), one: integer, any: anyJson, perhaps: z.optional(integer) }),
  response: z.object({ n: z.number() }),
});
export const request: RequestOf<typeof add> = { ids: [1, 2n], one: 3, any: [null] };
export const n: ReplyOf<typeof add>['n'] = 3;
// @ts-expect-error -- no integers
export const wrong: RequestOf<typeof add> = { ids: ['a'], one: 3, any: null };
`;

/** All entry points, imported by the name on npm. */
const OWN_NAME_TS = `
import { WORKLOADS } from '${PACKAGE_NAME}';
import { check } from '${PACKAGE_NAME}/checkers';
import { Node } from '${PACKAGE_NAME}/node';
import { cluster } from '${PACKAGE_NAME}/testing';
const echo = (node: Node): void => void node.on('echo', ({ echo }) => ({ echo }));
const nodes = await cluster(echo, { nodes: 1 });
const answer = await nodes.request('n1', { type: 'echo', echo: 'heard' });
console.log(answer['echo'], WORKLOADS.size > 5, typeof check);
`;

const SDK_TS = `import { Node } from 'maelstrom/node';
const node = new Node();
`;

const RUN_JS = `
import { runTest } from 'maelstrom';
const { results } = await runTest({ workload: 'echo', bin: 'echo.ts', world: 'simulated', timeLimitSeconds: 5, store: 'elsewhere' });
console.log(results['valid?']);
`;

beforeAll(() => {
  // Keeps npm's own settings (a registry, a cache) and the way to the network, but nothing else of the user's environment.
  const told = execFileSync('npm', ['config', 'get', 'cache', 'userconfig'], {
    cwd: project,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const setting = (key: string): string => new RegExp(`^${key} ?= ?(.*)$`, 'm').exec(told)?.[1] ?? '';
  env = {
    ...Object.fromEntries(Object.entries(process.env).filter(([name]) => OF_THE_NETWORK.test(name))),
    PATH: process.env['PATH'],
    HOME: join(folder, 'home'),
    npm_config_cache: setting('cache'),
    npm_config_userconfig: setting('userconfig'),
    npm_config_update_notifier: 'false',
  };
  mkdirSync(join(folder, 'home'));
  mkdirSync(app);
  const tarball = process.env['MAELSTROM_TARBALL'] ?? packed();
  writeFileSync(join(app, 'package.json'), '{ "name": "app", "private": true, "type": "module" }');
  // By the name that programs import, as the README says, and by the name on npm.
  const names = ['maelstrom', PACKAGE_NAME].map((name) => `${name}@file:${tarball}`);
  const words = ['install', '--ignore-scripts', '--no-audit', '--no-fund', '--prefer-offline'];
  // Without a network npm would try again for half an hour.
  execFileSync('npm', [...words, ...names], { cwd: app, env, timeout: 110_000, stdio: 'pipe' });
  writeFileSync(join(app, 'echo.js'), ECHO_JS);
  writeFileSync(join(app, 'echo.ts'), ECHO_TS);
  writeFileSync(join(app, 'check.ts'), CHECK_TS);
  writeFileSync(join(app, 'run.js'), RUN_JS);
}, 120_000);

afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Returns the path of a newly built tarball. */
function packed(): string {
  const words = ['scripts/pack.mjs', folder];
  return execFileSync(process.execPath, words, { cwd: project, encoding: 'utf8', stdio: 'pipe' }).trim();
}

function run(command: string, words: readonly string[]): { status: number | null; output: string } {
  const { status, stdout, stderr } = spawnSync(command, words, { cwd: app, env, encoding: 'utf8' });
  return { status, output: `${stdout}${stderr}` };
}

/** Returns the paths of the type declarations. */
function declarations(): readonly string[] {
  const types = join(app, 'node_modules/maelstrom/dist/types');
  const files = readdirSync(types, { recursive: true, encoding: 'utf8' });
  return files.filter((name) => name.endsWith('.d.ts')).map((name) => join(types, name));
}

const compile = (words: readonly string[]): string => compileIn(app, words);

describe('the installed package', () => {
  it('tests a program in plain JavaScript', () => {
    const { status, output } = run('npx', [
      'maelstrom',
      'test',
      '-w',
      'echo',
      '--bin',
      'echo.js',
      '--time-limit',
      '1',
    ]);
    expect(output).toContain('Everything looks good! ヽ(‘ー`)ノ');
    expect(status).toBe(0);
    expect(readFileSync(join(app, 'store/latest/results.json'), 'utf8')).toContain('"valid?": true');
  });

  it.each([['real'], ['simulated']])('tests a program in TypeScript with the SDK, %s', (world) => {
    const words = ['test', '-w', 'echo', '--bin', 'echo.ts', ...SMALL, '--rate', '20'];
    const { status, output } = run(installed, world === 'simulated' ? [...words, '--simulate'] : words);
    expect(output).toContain('Everything looks good!');
    expect(status).toBe(0);
  });

  it('writes a new node, which passes at once and has the same package', () => {
    const { output } = run('npx', ['maelstrom', 'new', 'mine']);
    expect(output).toContain('cd mine\n  npm test\n  npx maelstrom test -w echo');
    expect(readFileSync(join(app, 'mine/package.json'), 'utf8')).toMatch(/"maelstrom": "file:.*\.tgz"/);
    expect(run('npm', ['test', '--prefix', 'mine'])).toMatchObject({ status: 0 });
  });

  it('writes the commands of the package manager that started it', () => {
    const agent = 'npm_config_user_agent=yarn/4.5.1 npm/? node/v22.1.0 linux x64';
    const { output } = run('env', [agent, installed, 'new', 'with-yarn']);
    expect(output).toContain(
      'cd with-yarn\n  touch yarn.lock && yarn install\n  yarn test\n  yarn maelstrom test -w echo',
    );
    expect(readFileSync(join(app, 'with-yarn/README.md'), 'utf8')).toMatch(/`yarn test`.*`yarn maelstrom /s);
  });

  it('runs a node that imports the SDK by the name on npm', () => {
    writeFileSync(join(app, 'own.ts'), ECHO_TS.replace('maelstrom/node', `${PACKAGE_NAME}/node`));
    const words = ['test', '-w', 'echo', '--bin', 'own.ts', ...SMALL, '--simulate'];
    const { output } = run(installed, words);
    expect(output).toContain('Everything looks good!');
  });

  it('shows commands that start this package, however it was called', () => {
    const help = (...words: readonly string[]): string =>
      run('npx', ['--no', ...words, 'help']).output.split('\n')[2] ?? '';
    expect(help('maelstrom')).toBe('Usage: npx maelstrom COMMAND [options]');
    expect(help(PACKAGE_NAME)).toBe('Usage: npx maelstrom COMMAND [options]');
  });

  it('contains its examples and licences, and no source or test', () => {
    const inside = join(app, 'node_modules/maelstrom');
    for (const name of [
      'README.md',
      'LICENSE',
      'examples/echo.ts',
      'docs/protocol.md',
      'dist/THIRD-PARTY-LICENSES.txt',
    ]) {
      expect(existsSync(join(inside, name)), name).toBe(true);
    }
    for (const name of ['src', 'test', 'examples/examples.test.ts'])
      expect(existsSync(join(inside, name)), name).toBe(false);
  });

  it('brings no package with an install script, which package managers warn of or refuse', () => {
    const lock: unknown = JSON.parse(readFileSync(join(app, 'package-lock.json'), 'utf8'));
    expect(lock).toHaveProperty(['packages', 'node_modules/maelstrom', 'optionalDependencies']);
    expect(JSON.stringify(lock)).not.toContain('hasInstallScript');
  });

  it('says what to install where esbuild for this machine is missing', () => {
    const binaries = join(app, 'node_modules/@esbuild');
    renameSync(binaries, `${binaries}-gone`);
    try {
      const { status, output } = run(installed, ['test', '-w', 'echo', '--bin', 'echo.ts', '--simulate']);
      expect(output).toMatch(
        /The program cannot be compiled: @esbuild\/\S+, the compiler for this machine, is not installed\.\n.*--omit=optional/,
      );
      expect(status).toBe(254);
    } finally {
      renameSync(`${binaries}-gone`, binaries);
    }
  });

  it('runs a test from a program', () => {
    expect(run(process.execPath, ['run.js'])).toEqual({ status: 0, output: 'true\n' });
    expect(existsSync(join(app, 'elsewhere/latest/results.edn'))).toBe(true);
  });

  it('has the same entry points under its own name', () => {
    writeFileSync(join(app, 'own-name.ts'), OWN_NAME_TS);
    // The declarations themselves are checked below.
    const flags = ['--strict', '--module', 'nodenext', '--target', 'es2022', '--skipLibCheck'];
    expect(compile([...flags, '--outDir', join(app, 'out'), 'own-name.ts'])).toBe('');
    expect(run(process.execPath, ['out/own-name.js'])).toEqual({
      status: 0,
      output: 'heard true function\n',
    });
  });

  it('has checkers that need nothing else', () => {
    writeFileSync(join(app, 'globals.d.ts'), 'declare const console: { log(value: unknown): void };');
    const flags = ['--strict', '--module', 'nodenext', '--target', 'es2022', '--lib', 'es2023'];
    expect(compile([...flags, '--outDir', join(app, 'out'), 'check.ts', 'globals.d.ts'])).toBe('');
    expect(run(process.execPath, ['out/check.js'])).toEqual({ status: 0, output: 'true\n' });
  });

  describe.each([['nodenext'], ['bundler']])(
    'has types that TypeScript accepts with all checks, %s',
    (resolution) => {
      const resolving =
        resolution === 'bundler'
          ? ['--module', 'esnext', '--moduleResolution', 'bundler']
          : ['--module', 'nodenext'];
      const flags = ['--strict', ...resolving, '--target', 'es2022', '--noEmit', '--skipLibCheck', 'false'];

      it('without zod and without the types of Node', () => {
        expect(existsSync(join(app, 'node_modules/zod'))).toBe(false);
        expect(declarations().filter((path) => /from ['"]zod/.test(readFileSync(path, 'utf8')))).toEqual([]);
        writeFileSync(join(app, 'doors.ts'), DOORS_TS);
        // With those of the DOM, requests take a signal.
        const signal = `const { signal } = new AbortController();\nexport const asked = node.rpc('n1', { type: 'x' }, { signal });`;
        writeFileSync(join(app, 'sdk-signal.ts'), `${SDK_TS}${signal}`);
        expect(compile([...flags, 'doors.ts', 'echo.ts', 'sdk-signal.ts'])).toBe('');
      });

      it('without the types of the DOM, for the SDK', () => {
        writeFileSync(join(app, 'sdk-alone.ts'), `${SDK_TS}export const name = node.id;`);
        expect(compile([...flags, '--lib', 'es2023', '--types', '', 'sdk-alone.ts'])).toBe('');
      });

      it('with schemas made by zod', () => {
        const zod = join(app, 'node_modules/zod');
        symlinkSync(join(project, 'node_modules/zod'), zod);
        try {
          writeFileSync(join(app, 'own-rpc.ts'), OWN_RPC_TS);
          expect(compile([...flags, 'own-rpc.ts'])).toBe('');
        } finally {
          rmSync(zod);
        }
      });
    },
  );
});
