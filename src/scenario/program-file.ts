/**
 * The program of a scenario: its path relative to the scenario's folder, and a hash of it from when the scenario was
 * written.
 */
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { UserError } from '../protocol/user-error.ts';
import { pathFrom } from './path-from.ts';
import type { ScenarioProgram } from './scenario.ts';

/** `bundle` is the program as bundled by `bundleNode` for the simulated world; omitted if it runs in the real one. */
export function describeProgram(
  bin: string,
  args: readonly string[],
  { bundle, folder }: { readonly bundle?: string; readonly folder: string },
): ScenarioProgram {
  return { path: pathFrom(folder, bin), args, sha256: bundle === undefined ? '' : hashOf(bundle) };
}

/** Returns the absolute path of the program. Throws a UserError if it does not exist. */
export function findProgram({ path }: ScenarioProgram, folder: string): string {
  const bin = resolve(folder, path);
  if (existsSync(bin)) return bin;
  throw new UserError(
    `The scenario's program does not exist: ${bin}.`,
    'Name the program with --bin: test --scenario scenario.json --bin ./node.ts',
  );
}

/** True when the program differs from the recorded hash; false if the scenario has none. */
export const hasChanged = ({ sha256 = '' }: Partial<ScenarioProgram>, bundle: string): boolean =>
  sha256 !== '' && sha256 !== hashOf(bundle);

const hashOf = (bundle: string): string => {
  // Only the script counts, not what the simulator adds to the node.
  const { script } = JSON.parse(readFileSync(bundle, 'utf8')) as { readonly script?: string }; // as bundleNode has just written it
  return createHash('sha256')
    .update(script ?? '')
    .digest('hex');
};
