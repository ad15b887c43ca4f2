import { describe, expect, it } from 'vitest';
import { checkNewFolder, packageNameOf } from './package-name.ts';

describe('the folder of a new node', () => {
  it.each(['my-node', '../my-node', '/tmp/a/My Node', 'größe.2', '.hidden', 'a/b/'])('may be %j', (path) => {
    expect(() => checkNewFolder(path)).not.toThrow();
  });

  it.each([
    '',
    '.',
    '..',
    '/',
    'a/..',
    '../..',
    'a\nb',
    'a\u001b[2J/b',
    '-x',
    'a/-x',
    ' x',
    'a\\b',
    '$(id)',
    'x'.repeat(101),
  ])('may not be %j', (path) => {
    expect(() => checkNewFolder(path)).toThrow(/does not name a new folder|cannot be the name/);
  });

  it('may not begin with a ~ that the shell did not expand', () => {
    expect(() => checkNewFolder('~/x')).toThrow('the shell has not expanded the ~');
  });
});

describe('its package', () => {
  it.each([
    ['my-node', 'my-node'],
    ['My Node', 'my-node'],
    ['Größe.2', 'große.2'.replace('ß', '-')],
    ['_private', 'private'],
    ['.hidden', 'hidden'],
    ['漢字', 'node'],
    ['maelstrom', 'maelstrom-node'],
    ['node_modules', 'node_modules-node'],
  ])('of the folder %j is %j', (folder, name) => {
    expect(packageNameOf(folder)).toBe(name);
  });
});
