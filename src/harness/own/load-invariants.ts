/**
 * Loads invariants from the user's files: bundled as the program is, so that TypeScript and imports work, and run in
 * this process, where they are called with the states of nodes. A file may have situations in addition to its invariant
 * or instead of it.
 */
import { basename } from 'node:path';
import { statGiven } from '../settings/stat-given.ts';
import { UserError } from '../../protocol/user-error.ts';
import { shownText } from '../../protocol/shown-text.ts';
import { LONGEST_NAME } from '../../run/records/assertion-record.ts';
import type { NamedInvariant, Situation } from '../../run/invariants/invariant-watch.ts';
import type { TestSpec } from '../../run/test-spec.ts';
import { describeThrown, OwnModule } from './own-module.ts';

/** Maximum number of situations, since they are evaluated after every turn. */
const MOST_SITUATIONS = 100;

const EXAMPLE =
  'For example: export default (states: ReadonlyMap<string, { term: number }>) => (states.size > 5 ? `too many` : undefined);';

/**
 * Loads the invariants that the spec names by their paths, in that order, followed by those of the caller. A caller
 * that makes many runs loads them once. Throws a UserError for a file that is missing, does not compile, or exports
 * neither an invariant nor situations, and in the real world.
 */
export async function loadInvariants(
  { invariants: paths = [], world }: Pick<TestSpec, 'invariants' | 'world'>,
  given: readonly NamedInvariant[] = [],
): Promise<readonly NamedInvariant[]> {
  if (paths.length + given.length === 0) return [];
  if (world === 'real')
    throw new UserError(
      'Invariants need the simulated world: in the real one, the states of all nodes cannot be read at one moment.',
      'Add --simulate (world: "simulated"), which runs programs in JavaScript, TypeScript and WebAssembly.',
    );
  const loaded: NamedInvariant[] = [];
  for (const path of paths) loaded.push(await load(path));
  return [...loaded, ...given];
}

async function load(path: string): Promise<NamedInvariant> {
  if (statGiven(path)?.isFile() !== true)
    throw new UserError(
      `The invariant ${path} does not exist.`,
      'Check the path given with --invariant, or in the scenario.',
    );
  const exported = await exportsOf(path);
  // A script's `module.exports = function` counts as well.
  const check = typeof exported === 'function' ? exported : exported.default;
  const situations = readSituations(path, exported.sometimes);
  const named = { name: basename(path), ...(situations === undefined ? {} : { situations }) };
  if (check === undefined && situations !== undefined) return named;
  if (typeof check !== 'function')
    throw new UserError(
      `The default export of the invariant ${path} must be a function, but is ${check === undefined ? 'missing' : typeof check}.`,
      EXAMPLE,
    );
  return { ...named, check: check as NonNullable<NamedInvariant['check']> }; // its argument type is the program's
}

async function exportsOf(
  path: string,
): Promise<{ readonly default?: unknown; readonly sometimes?: unknown }> {
  try {
    const module = await OwnModule.load(path, 'The invariant');
    return Object(module.freshExports()) as object; // may be any value; its fields are unknown
  } catch (error) {
    if (error instanceof UserError) throw error;
    throw new UserError(`The invariant ${path} could not be loaded: ${describeThrown(error)}`, EXAMPLE);
  }
}

/** Reads `export const sometimes = { 'what should come': (states, cluster) => ... }`. */
function readSituations(path: string, exported: unknown): NamedInvariant['situations'] {
  if (exported === undefined) return undefined;
  const isRecord = typeof exported === 'object' && exported !== null && !Array.isArray(exported);
  const entries = isRecord ? Object.entries(exported as Readonly<Record<string, unknown>>) : []; // any object has fields
  const [wrong] = entries.filter(
    ([name, ask]) => typeof ask !== 'function' || name === '' || name.length > LONGEST_NAME,
  );
  if (isRecord && wrong === undefined && entries.length <= MOST_SITUATIONS)
    return new Map(entries as [string, Situation<never>][]); // functions, as checked above
  const seen = !isRecord
    ? `is ${Array.isArray(exported) ? 'a list' : exported === null ? 'null' : `a ${typeof exported}`}`
    : wrong === undefined
      ? `has ${entries.length} entries`
      : `has ${shownText(JSON.stringify(wrong[0]), 100)}, which is ${typeof wrong[1] === 'function' ? `a name of ${wrong[0].length} characters` : `a ${typeof wrong[1]}`}`;
  throw new UserError(
    `The export \`sometimes\` of ${path} ${seen}; expected an object of up to ${MOST_SITUATIONS} functions by their names, of 1 to ${LONGEST_NAME} characters.`,
    "For example: export const sometimes = { 'two nodes lead': (states) => [...states.values()].filter(({ role }) => role === 'leader').length > 1 };",
  );
}
