import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { dependencyWord, hasDependency, ownPackage } from './own-package.ts';
import { PACKAGE_NAME } from '../world/own-file.ts';

const folder = mkdtempSync(join(tmpdir(), 'maelstrom-own-'));
afterAll(() => rmSync(folder, { recursive: true }));

describe('the dependency on this package in a manifest', () => {
  const installed = {
    root: join(folder, 'app/node_modules/maelstrom'),
    version: '1.2.3',
    isClone: false,
  };
  const record = (resolved: string): void => {
    mkdirSync(installed.root, { recursive: true });
    const packages = { 'node_modules/maelstrom': { resolved } };
    writeFileSync(join(folder, 'app/node_modules/.package-lock.json'), JSON.stringify({ packages }));
  };

  it('is the folder of a clone', () => {
    const clone = { ...installed, root: '/home/me/clone', isClone: true };
    expect(dependencyWord(clone, '/home/me/node')).toBe('file:../clone');
    expect(ownPackage()).toMatchObject({ root: resolve('.'), isClone: true });
  });

  it('is a version from a registry, under the name that programs import', () => {
    record('registry/maelstrom-1.2.3.tgz');
    expect(dependencyWord(installed, folder)).toBe(`npm:${PACKAGE_NAME}@^1.2.3`);
  });

  it('is the file from which it was installed, if that exists', () => {
    record('file:../m.tgz');
    expect(dependencyWord(installed, join(folder, 'node'))).toBe(`npm:${PACKAGE_NAME}@^1.2.3`);
    writeFileSync(join(folder, 'm.tgz'), '');
    expect(dependencyWord(installed, join(folder, 'node'))).toBe('file:../m.tgz');
  });
});

it.each([
  ['{"dependencies": {"maelstrom": "1"}}', true],
  ['{"devDependencies": {"maelstrom": "1"}}', true],
  ['{"dependencies": {"other": "1"}}', false],
  ['{"dependencies": 5}', false],
  ['null', false],
  ['{', false],
])('the manifest %s depends on the package: %s', (text, expected) => {
  writeFileSync(join(folder, 'package.json'), text);
  expect(hasDependency(folder)).toBe(expected);
});
