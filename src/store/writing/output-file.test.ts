import { existsSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { diskRefusal } from '../explain-file-error.ts';
import { OutputFile } from './output-file.ts';

function thrownBy(act: () => unknown): string {
  try {
    act();
  } catch (error) {
    return diskRefusal(error);
  }
  return '';
}

it('appends, even in pieces', () => {
  const folder = mkdtempSync(join(tmpdir(), 'maelstrom-file-'));
  const file = new OutputFile(join(folder, 'x'), () => undefined);
  file.write('a');
  file.write('ü\n');
  file.close();
  file.write('late');
  expect(readFileSync(join(folder, 'x'), 'utf8')).toBe('aü\n');
  rmSync(folder, { recursive: true });
});

it.skipIf(!existsSync('/dev/full'))('reports once that the disk is full, and drops the rest', () => {
  const problems: string[] = [];
  const file = new OutputFile('/dev/full', (problem) => problems.push(problem), openSync('/dev/full', 'a'));
  file.write('a');
  file.write('b');
  file.close();
  expect(problems).toEqual(['/dev/full cannot be written: the disk is full (ENOSPC).']);
  expect(thrownBy(() => writeFileSync('/dev/full', 'x'))).toBe('the disk is full (ENOSPC)');
  expect(thrownBy(() => readFileSync('/dev/none'))).toMatch(/^ENOENT: no such file/);
});
