/** Reads the assignments of a class from a JSON file, or from the default export of a JavaScript or TypeScript module. */
import { extname, resolve } from 'node:path';
import { checkOwnFiles } from '../../harness/own/load-own.ts';
import { loadModule } from '../../harness/own/load-module.ts';
import { shownText } from '../../protocol/shown-text.ts';
import { UserError } from '../../protocol/user-error.ts';
import { LIMIT_NAMES, type Assignment, type Limits } from '../grading/assignment.ts';
import { readTestWords, wordsOf } from '../grading/grade-run.ts';
import { readTestSpec } from '../test-command/read-test-spec.ts';
import { readGivenFile } from '../words/given-file.ts';

const EXAMPLE =
  'For example: [{ "name": "broadcast", "bin": "broadcast.ts", "tests": ["-w broadcast --node-count 5 --time-limit 20 --nemesis partition"], "limits": { "messagesPerOperation": 30 }, "runs": 3, "points": 2 }]';

/** Throws a UserError if the file holds anything else. */
export async function readAssignments(path: string): Promise<readonly Assignment[]> {
  const text = readGivenFile('--assignments', path);
  const value = extname(path) === '.json' ? parse(path, text) : await load(path);
  if (!Array.isArray(value) || value.length === 0)
    throw new UserError(`${path} must hold a list of assignments, but holds ${kindOf(value)}.`, EXAMPLE);
  const assignments: Assignment[] = [];
  for (const [at, one] of (value as readonly unknown[]).entries())
    assignments.push(await readAssignment(one, `${path}, assignment ${at + 1}`));
  const names = assignments.map(({ name }) => name);
  const twice = names.find((name, at) => names.indexOf(name) < at);
  if (twice !== undefined) throw new UserError(`${path} has two assignments named ${twice}.`);
  return assignments;
}

function parse(path: string, text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    throw new UserError(`${path} is not JSON: ${shownText(String(error), 300)}`, EXAMPLE);
  }
}

async function load(path: string): Promise<unknown> {
  try {
    const exported: unknown = await loadModule(resolve(path));
    return typeof exported === 'object' && exported !== null && 'default' in exported
      ? exported.default
      : exported;
  } catch (error) {
    if (error instanceof UserError) throw error;
    throw new UserError(`${path} could not be loaded: ${shownText(String(error), 500)}`, EXAMPLE);
  }
}

const KNOWN = ['name', 'title', 'tests', 'limits', 'runs', 'reading', 'bin', 'points'];

async function readAssignment(value: unknown, where: string): Promise<Assignment> {
  const fields = recordOf(value, where);
  refuseUnknown(fields, KNOWN, where);
  const name = textOf(fields, 'name', where);
  if (name === undefined) throw new UserError(`${where} has no name.`, EXAMPLE);
  const { tests } = fields;
  if (!Array.isArray(tests) || tests.length === 0 || !tests.every((test) => typeof test === 'string'))
    throw new UserError(
      `${where}: tests must be a list of strings, each with the options of one \`maelstrom test\`, but is ${kindOf(tests)}.`,
      EXAMPLE,
    );
  for (const test of tests) await checkTest(test, where);
  const [title, reading, bin] = ['title', 'reading', 'bin'].map((key) => textOf(fields, key, where));
  if (bin !== undefined && /^\/|(^|\/)\.\.(\/|$)/.test(bin))
    throw new UserError(`${where}: bin must be a path within each folder, but is ${JSON.stringify(bin)}.`);
  const runs = numberOf(fields, 'runs', where);
  const points = numberOf(fields, 'points', where);
  if (runs !== undefined && !(Number.isInteger(runs) && runs > 0))
    throw new UserError(`${where}: runs must be a whole number from 1, but is ${runs}.`);
  return {
    name,
    title: title ?? '',
    tests,
    limits: readLimits(fields['limits'], where),
    ...(reading === undefined ? {} : { reading }),
    ...(bin === undefined ? {} : { bin }),
    ...(runs === undefined ? {} : { runs }),
    ...(points === undefined ? {} : { points }),
  };
}

/** Checks a test before anything runs: a mistake in the last of ten tests would cost an hour. */
async function checkTest(test: string, where: string): Promise<void> {
  const words = wordsOf(test);
  const own = words.find((word) => /^--(bin|seed|store)(=|$)/.test(word));
  if (own !== undefined)
    throw new UserError(`${where}: ${own} cannot be used in a test: grade sets it itself.`);
  try {
    const spec = readTestSpec(readTestWords(['--bin', 'x', ...words]), {
      resolveBin: (path) => path,
      freshSeed: () => '',
    });
    // Errors in the teacher's own files must not count against the submissions.
    await checkOwnFiles(spec);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    throw new UserError(`${where}: the test ${JSON.stringify(test)}: ${error.message}`, error.hint);
  }
}

function readLimits(value: unknown, where: string): Limits {
  if (value === undefined) return {};
  const fields = recordOf(value, `${where}: limits`);
  refuseUnknown(fields, LIMIT_NAMES, `${where}: limits`);
  return Object.fromEntries(
    LIMIT_NAMES.flatMap((name) => {
      const limit = numberOf(fields, name, `${where}: limits`);
      return limit === undefined ? [] : [[name, limit]];
    }),
  );
}

type Fields = Readonly<Record<string, unknown>>;

function recordOf(value: unknown, where: string): Fields {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return { ...value };
  throw new UserError(`${where} must be an object, but is ${kindOf(value)}.`, EXAMPLE);
}

function refuseUnknown(fields: Fields, known: readonly string[], where: string): void {
  const unknown = Object.keys(fields).find((key) => !known.includes(key));
  if (unknown !== undefined)
    throw new UserError(
      `${where} has an unknown field ${JSON.stringify(unknown)}.`,
      `There are: ${known.join(', ')}.`,
    );
}

function textOf(fields: Fields, key: string, where: string): string | undefined {
  const value = fields[key];
  if (value === undefined || (typeof value === 'string' && /^[^\p{Cc}]{1,200}$/u.test(value))) return value;
  throw new UserError(`${where}: ${key} must be a string of 1 to 200 characters, but is ${kindOf(value)}.`);
}

function numberOf(fields: Fields, key: string, where: string): number | undefined {
  const value = fields[key];
  if (value === undefined || (typeof value === 'number' && value >= 0 && value < Infinity)) return value;
  throw new UserError(`${where}: ${key} must be a number from 0, but is ${kindOf(value)}.`);
}

function kindOf(value: unknown): string {
  if (value === undefined) return 'missing';
  if (value === null) return 'null';
  if (Array.isArray(value)) return value.length === 0 ? 'an empty list' : 'a list';
  return typeof value === 'object' ? 'an object' : `${typeof value} ${shownText(JSON.stringify(value), 60)}`;
}
