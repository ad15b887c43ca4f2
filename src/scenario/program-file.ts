/** The program of a scenario: where it lies, seen from the scenario's folder, and what it was when the scenario was written. */
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { UserError } from '../protocol/user-error.ts';
import { pathFrom } from './path-from.ts';
import type { ScenarioProgram } from './scenario.ts';

/** `bundle` is what `bundleNode` has made of the program for the simulated world; none where it runs in the real one. */
export function describeProgram(
  bin: string,
  args: readonly string[],
  { bundle, folder }: { readonly bundle?: string; readonly folder: string },
): ScenarioProgram {
  return { path: pathFrom(folder, bin), args, sha256: bundle === undefined ? '' : hashOf(bundle) };
}

/** Throws a UserError when it is not there. */
export function findProgram({ path }: ScenarioProgram, folder: string): string {
  const bin = resolve(folder, path);
  if (existsSync(bin)) return bin;
  throw new UserError(
    `The scenario's program is not there: ${bin}.`,
    'Name the program with --bin: test --scenario scenario.json --bin ./node.ts',
  );
}

/** Whether it is no more what it was; false where the scenario does not say. */
export const hasChanged = ({ sha256 = '' }: Partial<ScenarioProgram>, bundle: string): boolean =>
  sha256 !== '' && sha256 !== hashOf(bundle);

const hashOf = (bundle: string): string => {
  // What the simulator itself brings into the node is not the program.
  const { script } = JSON.parse(readFileSync(bundle, 'utf8')) as { readonly script?: string }; // as it was just written
  return createHash('sha256')
    .update(script ?? '')
    .digest('hex');
};
