import { mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { machineError } from './machine-error.ts';

function thrownBy(act: () => unknown): unknown {
  try {
    act();
  } catch (error) {
    return error;
  }
  throw new Error('nothing was thrown');
}

it('an error of the system is explained, with the path and advice', () => {
  const folder = mkdtempSync(join(tmpdir(), 'maelstrom-refused-'));
  symlinkSync('round', join(folder, 'round'));
  const error = thrownBy(() => readFileSync(join(folder, 'round')));
  rmSync(folder, { recursive: true });
  expect(machineError(error)).toMatchObject({
    message: `${folder}/round cannot be used: its symbolic links form a loop (ELOOP).`,
    hint: 'Fix the links, or choose another path.',
  });
  const denied = Object.assign(new Error('EACCES: permission denied'), { code: 'EACCES', path: '/root/x' });
  expect(machineError(denied)?.message).toBe('/root/x cannot be used: permission denied (EACCES).');
  const files = Object.assign(new Error('EMFILE: too many open files'), { code: 'EMFILE' });
  expect(machineError(files)?.hint).toContain('ulimit -n 4096');
});

it('an error that may be our own bug is not', () => {
  expect(machineError(thrownBy(() => readFileSync('/none/at/all')))).toBe(undefined);
  expect(machineError(new TypeError('x is not a function'))).toBe(undefined);
  expect(machineError(Object.assign(new Error('x'), { code: 'EACCES' }))).toBe(undefined);
  expect(machineError('EACCES')).toBe(undefined);
});
