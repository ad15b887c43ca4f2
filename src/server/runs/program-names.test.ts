import { expect, it } from 'vitest';
import { programNames } from './program-names.ts';

const names = (...paths: string[]): readonly (string | undefined)[] => {
  const found = programNames(paths);
  return paths.map((path) => found.get(path));
};

it('a program is named by its file', () => {
  expect(names('/home/ann/echo.ts', '/home/ann/broadcast.ts', '/home/ann/echo.ts')).toEqual([
    'echo.ts',
    'broadcast.ts',
    'echo.ts',
  ]);
});

it('programs whose files have the same name are distinguished by as few folders as possible', () => {
  expect(names('/class/ann/node.py', '/class/bob/node.py', '/class/echo.py')).toEqual([
    'ann/node.py',
    'bob/node.py',
    'echo.py',
  ]);
  expect(names('/a/src/node.ts', '/b/src/node.ts', 'C:\\c\\lib\\node.ts')).toEqual([
    'a/src/node.ts',
    'b/src/node.ts',
    'lib/node.ts',
  ]);
});

it('a path that is the end of another keeps its name', () => {
  expect(names('x/node.ts', '/home/x/node.ts', '/home//x/node.ts')).toEqual([
    'x/node.ts',
    '/home/x/node.ts',
    '/home//x/node.ts',
  ]);
});

it('no path at all has no name', () => {
  expect(names('', '/a/node.ts')).toEqual(['', 'node.ts']);
});
