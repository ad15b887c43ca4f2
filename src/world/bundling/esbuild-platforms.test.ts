/** package.json names esbuild's executables itself: they must be those of the esbuild that is copied into dist/. */
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';

const optionalDependencies = (manifest: string): unknown =>
  JSON.parse(readFileSync(new URL(`../../../${manifest}`, import.meta.url), 'utf8')).optionalDependencies;

it('the optional dependencies of Maelstrom are those of the esbuild that it contains', () => {
  expect(optionalDependencies('package.json')).toEqual(
    optionalDependencies('node_modules/esbuild/package.json'),
  );
});
