import { describe, expect, it } from 'vitest';
import { findOwnFile } from '../../own-file.ts';
import { runEsbuild } from '../../bundling/run-esbuild.ts';
import { buildGuest } from './guest-build.ts';

const { text } = await buildGuest(findOwnFile('src/guest/runtime.ts', ''), runEsbuild);
const beginOfCore = text.indexOf('forgetParts$ = () =>');
const [late, core] = [text.slice(0, beginOfCore), text.slice(beginOfCore)];
/** Returns the files whose code is in that text, by the comments of the bundler. */
const filesOf = (part: string): string[] =>
  [...part.matchAll(/^ *\/\/ (\S+\.m?[jt]s)$/gm)].map(([, file]) => file ?? '');

describe('the runtime of a simulated node', () => {
  it('leaves what few processes use to a function, so that no start of a process creates it', () => {
    expect(filesOf(core)).toContain('runtime.ts');
    for (const file of ['bytes/buffer.ts', 'files/fs.ts', 'modules/modules.ts']) {
      expect(filesOf(late)).toContain(file);
      expect(filesOf(core)).not.toContain(file);
    }
    expect(filesOf(core).filter((file) => file.includes('node_modules/'))).toEqual([]);
  });

  it('has each file once, so that both bundles share its state', () => {
    const files = [...filesOf(late), ...filesOf(core)];
    expect(files.filter((file, at) => files.indexOf(file) !== at)).toEqual([]);
    expect(files.length).toBeGreaterThan(60);
  });

  it('is strict, as its modules are', () => {
    expect(text).toMatch(/^\(function \(bridge\$\) \{\n'use strict';/);
  });

  it('can forget the variables that lead to what a process held, in both bundles', () => {
    const forgotten = (name: string): string[] =>
      (new RegExp(`^  ${name}\\$ = \\(\\) => void \\((.*) = void 0\\);$`, 'm').exec(text)?.[1] ?? '').split(
        ' = ',
      );
    expect(forgotten('forgetCore')).toEqual(
      expect.arrayContaining(['bridge', 'processEvents', 'guestProcess', 'stdin']),
    );
    expect(forgotten('forgetParts')).toEqual(expect.arrayContaining(['builtinModules', 'openFiles']));
  });
});
