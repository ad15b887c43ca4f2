/**
 * How this program is called from a folder, for commands that are shown. The npm name is used only if nothing is
 * installed: `npx maelstrom` would then fetch an unrelated package of that name.
 */
import { existsSync, readFileSync, realpathSync } from 'node:fs';
import { delimiter, dirname, join, resolve, sep } from 'node:path';
import { PACKAGE_NAME } from '../../world/own-file.ts';
import { ownPackage, tarballOf } from '../own-package.ts';
import { shellWord } from '../../protocol/shell-word.ts';
import { nearPath } from './near-path.ts';

/** The name of the command in package.json. */
export const COMMAND = 'maelstrom';
/** Where npm, pnpm and others keep the commands of packages, and those that npx has fetched. */
const LINKS = join('node_modules', '.bin');
const FETCHED = `${sep}_npx${sep}`;
/** Of Yarn's Plug'n'Play, which keeps no folder of commands: a script works only by `yarn`. */
const PLUG_AND_PLAY = '.pnp.cjs';
/** A path of a script, in the shell script by which pnpm starts it. */
const STARTED = /\.\.\/[^"'\n]*\.js(?=["'\n]|$)/g;

export interface Called {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The script that runs: `process.argv[1]`. */
  readonly script: string;
  readonly cwd: string;
}

/** Returns the command as it would be typed in `folder`: `./maelstrom`, `maelstrom`, `npx maelstrom`, `yarn maelstrom`, `npx @scope/name`. */
export function ownCommand(folder: string, { env, script, cwd }: Called): string {
  const launcher = env['MAELSTROM_COMMAND'];
  if (launcher !== undefined && launcher !== '') {
    const isPath = launcher.includes('/') && resolve(cwd) !== resolve(folder);
    return shellWord(isPath ? nearPath(folder, resolve(cwd, launcher)) : launcher);
  }
  const own = realPath(script);
  const nearest = foldersAbove(folder).find((one) => existsSync(join(one, LINKS, COMMAND)));
  if (nearest !== undefined && starts(join(nearest, LINKS), own)) return `npx ${COMMAND}`;
  const isPlugged = env['NODE_OPTIONS']?.includes(PLUG_AND_PLAY) === true;
  if (isPlugged && foldersAbove(folder).some((one) => existsSync(join(one, PLUG_AND_PLAY))))
    return `yarn ${COMMAND}`;
  const onPath = (env['PATH'] ?? '')
    .split(delimiter)
    .filter((one) => one !== '' && !one.endsWith(LINKS))
    .find((one) => existsSync(join(one, COMMAND)));
  if (onPath !== undefined && realPath(join(onPath, COMMAND)) === own) return COMMAND;
  if (own.includes(FETCHED)) {
    const tarball = tarballOf(ownPackage());
    return `npx ${tarball === undefined ? PACKAGE_NAME : shellWord(nearPath(folder, tarball))}`;
  }
  return `node ${shellWord(nearPath(folder, resolve(cwd, script)))}`;
}

/** Whether the command in that folder is a link to the script, or a shell script that starts it. */
function starts(links: string, script: string): boolean {
  const command = realPath(join(links, COMMAND));
  if (command === script) return true;
  const text = textOf(command);
  return (
    text.startsWith('#!/bin/sh') &&
    [...text.matchAll(STARTED)].some(([path]) => realPath(join(links, path)) === script)
  );
}

function foldersAbove(folder: string): readonly string[] {
  const parent = dirname(folder);
  return parent === folder ? [folder] : [folder, ...foldersAbove(parent)];
}

function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}

function realPath(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
}
