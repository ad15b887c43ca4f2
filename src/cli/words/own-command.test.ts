import { chmodSync, mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { PACKAGE_NAME } from '../../world/own-file.ts';
import { nearPath } from './near-path.ts';
import { ownCommand } from './own-command.ts';

const root = realpathSync(mkdtempSync(join(tmpdir(), 'maelstrom-own-command-')));
afterAll(() => rmSync(root, { recursive: true }));

describe('the path from one folder to another', () => {
  it.each([
    ['/home/me/node', '/home/me/clone', '../clone'],
    ['/home/me/clone/node', '/home/me/clone', '..'],
    ['/home/me', '/home/me/clone', './clone'],
    ['/home/me/a/b/c/d', '/opt/clone', '/opt/clone'],
  ])('%s to %s is %s', (from, to, expected) => {
    expect(nearPath(from, to)).toBe(expected);
  });
});

/** Creates a script and links to it. */
function installed(path: string, ...links: readonly string[]): string {
  const script = join(root, path);
  mkdirSync(dirname(script), { recursive: true });
  writeFileSync(script, '');
  chmodSync(script, 0o755);
  for (const link of links) {
    mkdirSync(dirname(join(root, link)), { recursive: true });
    symlinkSync(script, join(root, link));
  }
  return script;
}

describe('the command as it is typed', () => {
  const at = (folder: string, script: string, env = {}) =>
    ownCommand(join(root, folder), { env, script, cwd: join(root, 'work') });

  it('is the launcher of a clone, by its relative path', () => {
    const env = { MAELSTROM_COMMAND: '../clone/maelstrom' };
    expect(at('work', '', env)).toBe('../clone/maelstrom');
    expect(at('work/below', '', env)).toBe('../../clone/maelstrom');
    expect(at('work', '', { MAELSTROM_COMMAND: '../my clone/maelstrom' })).toBe("'../my clone/maelstrom'");
    expect(at('work/below', '', { MAELSTROM_COMMAND: 'maelstrom' })).toBe('maelstrom');
  });

  it('is npx with the name of the command if npm has installed it, and below', () => {
    const script = installed('app/node_modules/maelstrom/dist/m.js', 'app/node_modules/.bin/maelstrom');
    expect(at('app', script)).toBe('npx maelstrom');
    expect(at('app/deep/below', join(root, 'app/node_modules/.bin/maelstrom'))).toBe('npx maelstrom');
    expect(at('work', script)).toBe('node ../app/node_modules/maelstrom/dist/m.js');
  });

  it('is npx also if pnpm has installed it, whose commands are shell scripts', () => {
    const script = installed('p/node_modules/.pnpm/maelstrom@1/node_modules/maelstrom/dist/m.js');
    const started = '../.pnpm/maelstrom@1/node_modules/maelstrom/dist/m.js';
    const command = installed('p/node_modules/.bin/maelstrom');
    writeFileSync(command, `#!/bin/sh\nexec node  "$basedir_abs"/'${started}' "$@"\n`);
    expect(at('p/below', script)).toBe('npx maelstrom');
    writeFileSync(command, `#!/bin/sh\nexec node  "$basedir/${started}" "$@"\n`);
    expect(at('p', script)).toBe('npx maelstrom');
    writeFileSync(command, '#!/bin/sh\nexec node  "$basedir/../other/m.js" "$@"\n');
    expect(at('p', script)).toBe('node ./node_modules/.pnpm/maelstrom@1/node_modules/maelstrom/dist/m.js');
  });

  it("is yarn where Plug'n'Play finds packages", () => {
    const script = installed('plugged/.yarn/unplugged/maelstrom/m.js');
    installed('plugged/.pnp.cjs');
    const env = { NODE_OPTIONS: `--require ${join(root, 'plugged/.pnp.cjs')}` };
    expect(at('plugged/below', script, env)).toBe('yarn maelstrom');
    expect(at('work', script, env)).toBe('node ../plugged/.yarn/unplugged/maelstrom/m.js');
  });

  it('is not npx if that would start another package', () => {
    installed('other/node_modules/maelstrom/m.js', 'other/node_modules/.bin/maelstrom');
    const script = installed('sources/dist/m.js');
    expect(at('other', script)).toBe('node ../sources/dist/m.js');
  });

  it('is only its name if it is installed globally', () => {
    const script = installed('usr/lib/m.js', 'usr/bin/maelstrom');
    expect(at('work', script, { PATH: `/nowhere:${join(root, 'usr/bin')}` })).toBe('maelstrom');
  });

  it('has the name on npm if npx has fetched it', () => {
    const script = installed(
      `cache/_npx/0123/node_modules/${PACKAGE_NAME}/m.js`,
      'cache/_npx/0123/node_modules/.bin/maelstrom',
    );
    const env = { PATH: join(root, 'cache/_npx/0123/node_modules/.bin') };
    expect(at('work', script, env)).toBe(`npx ${PACKAGE_NAME}`);
  });
});
