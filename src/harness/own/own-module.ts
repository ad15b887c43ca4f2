/**
 * A module of the user's that takes part in runs: compiled once, and evaluated afresh for each run, so that its
 * counters start anew and the same seed gives the same bytes. `maelstrom` and `maelstrom/checkers` are those of this
 * process.
 */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createRequire, SourceMap } from 'node:module';
import { basename, dirname, resolve } from 'node:path';
import { compileFunction } from 'node:vm';
import { WrongReturn } from '../../protocol/wrong-return.ts';
import { statGiven } from '../settings/stat-given.ts';
import { didYouMean } from '../../protocol/nearest.ts';
import { shownText } from '../../protocol/shown-text.ts';
import { UserError } from '../../protocol/user-error.ts';
import { ownWork } from '../../world/own-work.ts';
import { watchLoops } from '../../world/loop-place.ts';
import { findSdk } from '../../world/own-file.ts';
import type { BuildOptions, BuildResult } from 'esbuild';
import { knowOwnErrors } from './late-own-error.ts';
import { runEsbuild } from '../../world/bundling/run-esbuild.ts';
import { yieldLimitMs } from '../simulations/yield-limit.ts';

type Run = (...parts: readonly unknown[]) => void;

export class OwnModule {
  private constructor(
    readonly path: string,
    /** Hash of the file and everything it imports by path. */
    readonly sha256: string,
    private readonly run: Run,
    /** The compiled code, and the map from its places to those in the source. */
    private readonly code: string,
    private readonly map: SourceMap,
    private readonly doors: ReadonlyMap<string, object>,
  ) {}

  /** Throws a UserError if the file is missing or does not compile. `what` begins messages: `The workload`. */
  static async load(path: string, what: string): Promise<OwnModule> {
    if (statGiven(path)?.isFile() !== true)
      throw new UserError(
        `${what} ${shownText(path, 500)} does not exist or is not a file.`,
        `Relative paths are resolved from ${process.cwd()}.`,
      );
    const { outputFiles = [], metafile } = await compiled(what, {
      ...ownBuild(),
      entryPoints: [path],
      write: false,
      metafile: true,
      sourcemap: 'inline',
      platform: 'node',
      format: 'cjs',
    });
    const [code = '', map = ''] = (outputFiles[0]?.text ?? '').split(
      '//# sourceMappingURL=data:application/json;base64,',
    );
    const run = compileFunction(
      `'use strict';${code}`,
      ['module', 'exports', 'require', '__filename', '__dirname', 'process'],
      {
        filename: path,
      },
    ) as Run; // called with these parameters
    const { ownDoors } = await import('./own-doors.ts');
    const module = new OwnModule(
      path,
      digestOf(Object.keys(metafile?.inputs ?? {})),
      run,
      code,
      // Written by esbuild just above.
      new SourceMap(
        JSON.parse(Buffer.from(map.trim(), 'base64').toString('utf8')) as ConstructorParameters<
          typeof SourceMap
        >[0],
      ),
      new Map([
        ...[...ownDoors()].map(([name, door]): [string, object] => [name, guardedDoor(name, door)]),
        ['process', processWithoutExit],
        ['node:process', processWithoutExit],
      ]),
    );
    loaded.set(path, module);
    watchLoops(placeOfLine);
    return module;
  }

  /**
   * Evaluates the module and returns its default export, or the value that a script has assigned to its exports. Throws
   * what the module throws.
   */
  fresh(): unknown {
    const exports = this.freshExports();
    const fields = Object(exports) as { readonly default?: unknown; readonly __esModule?: unknown };
    // A script may assign any value to its exports.
    return fields.default ?? (fields.__esModule === true ? undefined : exports);
  }

  /**
   * Evaluates the module and returns all its exports: an object, or the value that a script has assigned instead.
   * Throws what the module throws.
   */
  freshExports(): unknown {
    const module: { exports: unknown } = { exports: {} };
    const byNode = createRequire(this.path);
    const require = Object.assign((name: string): unknown => this.doors.get(name) ?? byNode(name), byNode);
    ownWork(
      'its code outside of functions',
      () => this.run(module, module.exports, require, this.path, dirname(this.path), processWithoutExit),
      yieldLimitMs(),
    );
    return module.exports;
  }

  /** Returns the place in its source that a line of a stack trace names: `lock.ts:12:9`. */
  placeIn(line: string): string | undefined {
    const at = line.indexOf(`${this.path}:`);
    const [row, column] = at < 0 ? [] : line.slice(at + this.path.length + 1).split(/[:)]/);
    if (row === undefined || column === undefined) return undefined;
    const entry = this.map.findEntry(Number(row) - 1, Number(column) - 1);
    if (!('originalSource' in entry)) return undefined;
    return `${basename(entry.originalSource)}:${entry.originalLine + 1}:${entry.originalColumn + 1}`;
  }

  /** Returns where functions with this source text begin; at most two places. */
  placesOf(text: string): readonly string[] {
    const at = this.code.indexOf(text);
    const again = at < 0 ? -1 : this.code.indexOf(text, at + 1);
    return [at, again].filter((place) => place >= 0).map((place) => this.placeAt(place));
  }

  private placeAt(offset: number): string {
    const before = this.code.slice(0, offset).split('\n');
    return (
      this.placeIn(`${this.path}:${before.length}:${(before.at(-1) ?? '').length + 1})`) ??
      basename(this.path)
    );
  }
}

/** The last loaded modules, indexed by path. */
const loaded = new Map<string, OwnModule>();

/**
 * Describes in one line what a module of the user's has thrown, with the place in its source: `TypeError: x is
 * undefined (lock.ts:12:9)`.
 */
export function describeThrown(error: unknown): string {
  const text =
    error instanceof WrongReturn
      ? error.message
      : error instanceof Error
        ? `${error.name}: ${error.message}`
        : String(error);
  const place = placeOf(error);
  return shownText(place === undefined ? text : `${text} (${place})`, 1000);
}

// For errors that no code awaits.
knowOwnErrors((error) => (isOwnError(error) ? describeThrown(error) : undefined));

/** True when one of these modules is in the error's stack. */
export const isOwnError = (error: unknown): boolean => placeOf(error) !== undefined;

/** Otherwise the run would end as if it had succeeded, and leave nodes behind. */
const exitRefused = (name: string) => (): never => {
  throw new Error(`process.${name} would end Maelstrom itself: throw an error instead`);
};
const REFUSED: ReadonlyMap<string | symbol, () => never> = new Map(
  ['exit', 'reallyExit', 'abort'].map((name) => [name, exitRefused(name)]),
);
const processWithoutExit: object = new Proxy(process, {
  get: (target, key) => {
    const refused = REFUSED.get(key);
    if (refused !== undefined) return refused;
    const value: unknown = Reflect.get(target, key);
    return typeof value === 'function' ? (value.bind(target) as unknown) : value;
  },
});

function placeOf(error: unknown): string | undefined {
  if (error instanceof WrongReturn) {
    const text = typeof error.by === 'function' ? Function.prototype.toString.call(error.by) : '';
    const places = [...loaded.values()].flatMap((module) => (text === '' ? [] : module.placesOf(text)));
    // If several functions have the same text, the place is unknown.
    return places.length === 1 ? places[0] : undefined;
  }
  const stack = error instanceof Error ? (error.stack ?? '') : '';
  for (const line of stack.split('\n')) {
    const place = placeOfLine(line);
    if (place !== undefined) return place;
  }
  return undefined;
}

/** Finds the place that a line of a stack names. Under a debugger it names the file by URL. */
function placeOfLine(line: string): string | undefined {
  const named = line.startsWith('file:') ? decodeURI(line) : line;
  for (const module of loaded.values()) {
    const place = module.placeIn(named);
    if (place !== undefined) return place;
  }
  return undefined;
}

/** Reports errors as those of the user's file, and not of the program. */
async function compiled(what: string, options: BuildOptions): Promise<BuildResult> {
  try {
    return await runEsbuild(options);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    throw new UserError(error.message.replace(/^The program/, what), error.hint);
  }
}

/** Our modules that such a file may import. */
const DOORS: readonly string[] = ['maelstrom', 'maelstrom/checkers'];

/** Returns build options for such a file: the SDK is bundled with it, the rest comes from this process. */
export const ownBuild = (): BuildOptions => ({
  alias: { 'maelstrom/node': findSdk() },
  external: [...DOORS],
});

/** Returns a digest that does not depend on the order of the inputs. */
function digestOf(inputs: readonly string[]): string {
  const hash = createHash('sha256');
  const each = inputs.map((input) =>
    createHash('sha256')
      .update(readFileSync(resolve(input)))
      .digest('hex'),
  );
  for (const one of each.toSorted()) hash.update(one);
  return hash.digest('hex');
}

/** Names a misspelt import, instead of `undefined is not a function`. */
function guardedDoor(name: string, door: object): object {
  return new Proxy(door, {
    get(target, key) {
      if (typeof key === 'symbol' || key in target || key === '__esModule' || key === 'default')
        return Reflect.get(target, key) as unknown;
      throw new UserError(
        `${name} exports no ${key}.${didYouMean(key, Object.keys(target))}`,
        `docs/your-own.md lists what such a file can import from ${name}.`,
      );
    },
  });
}
