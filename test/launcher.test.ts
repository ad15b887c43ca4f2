/**
 * The launcher and scripts/prepare.sh, in a small project whose build and npm are stubs of a few lines: the tests check when
 * they are called.
 */
import { execFile, spawnSync } from 'node:child_process';
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

const project = fileURLToPath(new URL('..', import.meta.url));

const BUILD = `
import { appendFileSync, mkdirSync, writeFileSync } from 'node:fs';
await new Promise((resolve) => setTimeout(resolve, 100));
appendFileSync('builds', 'x');
mkdirSync('dist', { recursive: true });
writeFileSync('dist/maelstrom.js', 'console.log(JSON.stringify(process.argv.slice(2)))');
`;

let root: string;
let env: NodeJS.ProcessEnv;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'maelstrom launcher-'));
  for (const folder of ['scripts', 'src', 'viewer', 'bin']) mkdirSync(join(root, folder));
  cpSync(join(project, 'maelstrom'), join(root, 'maelstrom'));
  for (const name of ['fresh.sh', 'prepare.sh'])
    cpSync(join(project, 'scripts', name), join(root, 'scripts', name));
  writeFileSync(join(root, 'scripts/build.mjs'), BUILD);
  writeFileSync(join(root, 'package.json'), '{}');
  writeFileSync(join(root, 'package-lock.json'), '{"lockfileVersion": 3}');
  writeFileSync(join(root, 'src/main.ts'), '');
  writeFileSync(join(root, 'bin/npm'), `#!/bin/sh\nprintf x >>'${root}/installs'\nmkdir -p node_modules\n`);
  chmodSync(join(root, 'bin/npm'), 0o755);
  // Older than any later build.
  for (const name of [
    'src',
    'src/main.ts',
    'viewer',
    'scripts/build.mjs',
    'package.json',
    'package-lock.json',
  ])
    age(name, 60);
  env = { ...process.env, PATH: `${join(root, 'bin')}:${process.env['PATH']}` };
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

function age(name: string, seconds: number): void {
  const time = Date.now() / 1000 - seconds;
  utimesSync(join(root, name), time, time);
}

function launch(words: readonly string[] = [], { from = root, by = join(root, 'maelstrom') } = {}) {
  const { status, stdout, stderr } = spawnSync(by, words, { cwd: from, env, encoding: 'utf8' });
  return { status, stdout, stderr };
}

const times = (name: 'builds' | 'installs'): number =>
  existsSync(join(root, name)) ? readFileSync(join(root, name), 'utf8').length : 0;

describe('the launcher', () => {
  it('installs and builds on first use, with a line for each, and then only runs', () => {
    const first = launch(['test', '--bin', 'a b', '']);
    expect(first).toEqual({
      status: 0,
      stdout: '["test","--bin","a b",""]\n',
      stderr: 'maelstrom: installing what the build needs, once ...\nmaelstrom: building ...\n',
    });
    expect(launch(['x'])).toEqual({ status: 0, stdout: '["x"]\n', stderr: '' });
    expect([times('installs'), times('builds')]).toEqual([1, 1]);
  });

  it("may be read by the shell of a user, as upstream's script", () => {
    launch();
    const { status, stdout } = spawnSync('bash', ['-c', 'source ./maelstrom test -w echo'], {
      cwd: root,
      env,
      encoding: 'utf8',
    });
    expect({ status, stdout }).toEqual({ status: 0, stdout: '["test","-w","echo"]\n' });
    const elsewhere = ['-c', 'source "$1" x', 'bash', join(root, 'maelstrom')];
    expect(spawnSync('bash', elsewhere, { cwd: tmpdir(), env, encoding: 'utf8' }).stdout).toBe('["x"]\n');
  });

  it('builds again if a source has changed, appeared or disappeared, but not for a test', () => {
    launch();
    writeFileSync(join(root, 'src/main.ts'), 'changed');
    launch();
    expect(times('builds')).toBe(2);
    rmSync(join(root, 'src/main.ts'));
    launch();
    expect(times('builds')).toBe(3);
    writeFileSync(join(root, 'src/main.test.ts'), '');
    age('src', 60);
    launch();
    expect(times('builds')).toBe(3);
    writeFileSync(join(root, 'viewer/styles.css'), '');
    launch();
    expect(times('builds')).toBe(4);
  });

  it('installs again if package-lock.json requires something else', () => {
    launch();
    writeFileSync(join(root, 'package-lock.json'), '{"lockfileVersion": 3, "packages": {}}');
    launch();
    launch();
    expect([times('installs'), times('builds')]).toEqual([2, 2]);
  });

  it('installs with `npm install` what `npm ci` refuses', () => {
    const npm = join(root, 'bin/npm');
    writeFileSync(
      npm,
      `#!/bin/sh\n[ "$1" = install ] || exit 1\nmkdir node_modules\nprintf x >>'${root}/installs'\n`,
    );
    expect(launch(['x']).stdout).toBe('["x"]\n');
    expect(times('installs')).toBe(1);
  });

  it('works from anywhere and through symbolic links', () => {
    symlinkSync(join(root, 'maelstrom'), join(root, 'bin/absolute'));
    symlinkSync('absolute', join(root, 'bin/relative'));
    const options = { from: tmpdir(), by: join(root, 'bin/relative') };
    expect(launch(['x'], options).stdout).toBe('["x"]\n');
  });

  it('prepares once if started several times at once', async () => {
    const run = promisify(execFile);
    const all = await Promise.all([1, 2, 3].map((n) => run(join(root, 'maelstrom'), [`${n}`], { env })));
    expect(all.map(({ stdout }) => stdout)).toEqual(['["1"]\n', '["2"]\n', '["3"]\n']);
    expect([times('installs'), times('builds')]).toEqual([1, 1]);
  });

  it('does not wait for an instance that has died', () => {
    mkdirSync(join(root, '.build'));
    const { pid } = spawnSync('true');
    symlinkSync(`pid-${pid}`, join(root, '.build/lock'));
    expect(launch().status).toBe(0);
    expect(existsSync(join(root, '.build/lock'))).toBe(false);
  });

  it('shows the output of npm or the build if they fail, and tries again the next time', () => {
    writeFileSync(join(root, 'scripts/build.mjs'), 'throw new Error("no such luck")');
    const failed = launch();
    expect(failed.status).toBe(255);
    expect(failed.stderr).toContain('no such luck');
    expect(failed.stderr).toContain('maelstrom: the build failed.');
    writeFileSync(join(root, 'scripts/build.mjs'), BUILD);
    expect(launch().status).toBe(0);
    writeFileSync(join(root, 'package-lock.json'), 'other');
    writeFileSync(join(root, 'bin/npm'), '#!/bin/sh\necho unreachable\nexit 1\n');
    const offline = launch();
    expect(offline.status).toBe(255);
    expect(offline.stderr).toMatch(/unreachable\nmaelstrom: npm could not install\./);
  });

  it.each([
    ['v18.20.0', /Node\.js v18\.20\.0 is too old: 20\.19 or later is needed/],
    ['v20.18.3', /Node\.js v20\.18\.3 is too old/],
  ])('refuses Node %s', (version, message) => {
    writeFileSync(join(root, 'bin/node'), `#!/bin/sh\necho ${version}\n`);
    chmodSync(join(root, 'bin/node'), 0o755);
    const { status, stderr } = launch();
    expect(status).toBe(255);
    expect(stderr).toMatch(message);
  });
});

it('in a removed folder, the command says so, and that is not a verdict', () => {
  const main = join(project, 'dist/maelstrom.js');
  const script = 'mkdir "$1/gone" && cd "$1/gone" && rmdir "$1/gone" && exec "$2" "$3" help';
  const { status, stderr } = spawnSync('sh', ['-c', script, 'sh', root, process.execPath, main], {
    encoding: 'utf8',
  });
  expect(stderr).toContain('maelstrom: The current folder no longer exists');
  expect(status).toBe(254);
});
