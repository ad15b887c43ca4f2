import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { packageFile } from './package-folder.ts';
import { VERSION } from './version.ts';

it('the version is that of package.json', () => {
  expect(JSON.parse(readFileSync(packageFile('package.json'), 'utf8'))).toMatchObject({ version: VERSION });
});
