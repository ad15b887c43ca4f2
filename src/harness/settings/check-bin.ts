/** Explains why a program cannot be run, before anything is created or started for it. */
import type { TestSpec } from '../../run/test-spec.ts';
import { cannotSimulate, findEntry, isPrepared } from '../../world/bundling/bundle.ts';
import { checkProgram, statProgram } from '../../world/real/program/check-program.ts';

/** Throws a UserError if the program, given by absolute path, cannot run in that world. */
export function checkBin(path: string, world: TestSpec['world']): void {
  const stats = statProgram(path);
  // A folder stands for its index file.
  if (world === 'real' && !stats.isDirectory()) checkProgram(path, process.cwd());
  if (world === 'simulated' && isPrepared(path)) return;
  const { language, file } = findEntry(path);
  if (language === 'wasm') checkProgram(file, process.cwd());
  if (world === 'simulated' && language === 'other') throw cannotSimulate(path);
}
