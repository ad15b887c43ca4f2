/**
 * The line between a simulated node and the harness: what the runtime inside the node's context may call (Bridge), and
 * what it gives the harness to call (Guest). Strings and numbers cross it; objects do not, except to be looked at.
 */

/** What a module of Node's exports; the bundler gives it with the module that a program imports. */
export interface ModuleShape {
  /** Names of functions and classes, separated by spaces; those of a part have a dot. */
  readonly functions: string;
  /** As JSON: what else it exports. */
  readonly data?: string;
  /** It is about what lies outside the simulation: the network, other processes, other threads. */
  readonly reachesOut?: true;
}

/** Facts about this node that do not change. */
export interface GuestSettings {
  readonly name: string;
  readonly argv: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly pid: number;
  /** Milliseconds since 1970 at virtual time 0. */
  readonly epochMs: number;
}

export type TextEncoding = 'utf8' | 'latin1' | 'hex' | 'base64' | 'base64url' | 'utf16le' | 'ascii';

export type PathOperation =
  'join' | 'resolve' | 'normalize' | 'dirname' | 'basename' | 'extname' | 'relative' | 'parse';

/**
 * The node's disk: files have ids above 0, which stay theirs when they are renamed or removed. Paths are absolute and
 * normal. Nothing here fails by throwing: the runtime looks first.
 */
export interface GuestDisk {
  /** The id of the file there, 0 for a folder, -1 for nothing. */
  find(path: string): number;
  create(path: string): number;
  makeFolder(path: string): void;
  /** The names in a folder, as a JSON list. */
  list(path: string): string;
  rename(from: string, to: string): void;
  remove(path: string): void;
  /** It is open: it stays when its name goes. */
  hold(id: number): void;
  release(id: number): void;
  size(id: number): number;
  /** Copies bytes from that position on into the target, and says how many. */
  read(id: number, target: Uint8Array, position: number): number;
  /** Says whether there was room, as `truncate` does. */
  write(id: number, data: Uint8Array, position: number): boolean;
  truncate(id: number, length: number): boolean;
  /** What was written to the file stays, whatever comes. Takes a moment. */
  sync(id: number): void;
}

/** With the times of files, which `node:fs` shows. */
export interface TimedDisk extends GuestDisk {
  /** By the node's wall clock, since virtual time 0. */
  modifiedNanos(id: number): number;
  setModified(id: number, nanos: number): void;
}

/** What depends on no process: a realm keeps it for all that follow one another in it. */
export interface BridgeTools {
  textBytes(text: string, encoding: TextEncoding): number;
  writeText(target: Uint8Array, text: string, encoding: TextEncoding): number;
  readText(source: Uint8Array, encoding: TextEncoding): string;
  /** Whether the bytes are valid UTF-8. */
  isUtf8(source: Uint8Array): boolean;
  /** The digest in hex, of the length asked for; an HMAC when there is a key. Undefined when there is no such algorithm. */
  digest(
    algorithm: string,
    key: Uint8Array | undefined,
    data: Uint8Array,
    outputLength?: number,
  ): string | undefined;

  /** Node's `util.inspect`, `util.format` and `util.isDeepStrictEqual`, and `assert.deepEqual` as a question. */
  inspect(value: unknown, options: unknown): string;
  format(parts: readonly unknown[], options?: unknown): string;
  /** Node's `util.types`: which of its questions the value answers. */
  isKind(question: string, value: unknown): boolean;
  deepStrictEqual(left: unknown, right: unknown): boolean;
  deepEqual(left: unknown, right: unknown): boolean;
  /** POSIX paths, below a working directory of `/simulated`. The parts of one, by `parse`, as JSON. */
  path(operation: PathOperation, parts: readonly string[]): string;
  fileUrlToPath(url: string): string;
  pathToFileUrl(path: string): string;
  /** Node's `util.parseArgs`, from JSON to JSON. */
  parseArgs(config: string): string;
  /** `UrlParts` as JSON; undefined for what is no URL. */
  parseUrl(input: string, base: string | undefined): string | undefined;
  /** The same after one part was set. */
  changeUrl(href: string, part: UrlPart, value: string): string;
  /** `QueryPairs` as JSON, from and to the text of a query. */
  readQuery(text: string): string;
  writeQuery(pairs: string): string;
}

export interface Bridge extends BridgeTools {
  readonly disk: TimedDisk;
  /** Whether the language is still as V8 has made it: no other runtime was here before. */
  readonly isNewRealm: boolean;
  /** The same for all processes of this realm, one after another: where what was changed for good finds the present one. */
  readonly realm: {
    inspect?: unknown;
    tools?: BridgeTools;
    /** V8's, which no program has asked for yet. */
    webAssembly?: unknown;
    /** A program has it: another one would find what this one has changed of it. */
    hasGivenWebAssembly?: boolean;
  };
  /** What is changed of the language once, whatever processes come, has been changed. */
  realmIsReady(): void;
  /** `GuestSettings` as JSON. */
  readonly settings: string;
  /** Virtual nanoseconds since the run began. Looking takes a microsecond, so that waiting in a loop comes to an end. */
  nowNanos(): number;
  /** The same moment as this node's clock has it, which may have been set wrong. Looking takes as long. */
  wallNanos(): number;
  /** Virtual nanoseconds at which this process began. */
  readonly startedNanos: number;

  /** Appends to stdout (1) or stderr (2). */
  write(fd: 1 | 2, data: string | Uint8Array): void;
  /** Says whether lines for stdin are taken now; while they are, the node stays alive. */
  listen(listening: boolean): void;
  /** Asks for `fireTimer(id)` in that many nanoseconds; 0 is after all that is ready now. */
  setTimer(id: number, delayNanos: number): void;
  clearTimer(id: number): void;
  /** Whether the timer keeps the node alive; by default it does. */
  refTimer(id: number, keepsAlive: boolean): void;
  /** Asks for the calls of `PromiseWatch` from now on. */
  watchPromises(): void;
  /** Asks for `drainTicks` when all microtasks have run. */
  wantTicks(): void;
  exit(code: number): void;
  /** Ends it, or with a signal that stops it holds it, as the system does when nothing handles the signal. */
  die(signal: string): void;

  /** From the node's stream for `Math.random`: a number in [0, 1). */
  float(): number;
  /** From the node's stream for `crypto`: an integer in [0, 2^32). */
  entropy(): number;
}

export type UrlPart =
  | 'href'
  | 'origin'
  | 'protocol'
  | 'username'
  | 'password'
  | 'host'
  | 'hostname'
  | 'port'
  | 'pathname'
  | 'search'
  | 'hash';
export type UrlParts = Readonly<Record<UrlPart, string>>;

export type QueryPairs = readonly (readonly [name: string, value: string])[];

/** Called for each promise of this realm: when it is made, and around what is done once it is settled. */
export interface PromiseWatch {
  init(promise: object): void;
  before(promise: object): void;
  after(promise: object): void;
}

/**
 * A bundled program: takes the simulated modules, a `require` for names that only the run decides, and what stands for the
 * operator `**`; gives its top level.
 */
export type GuestProgram = (
  builtin: (name: string, shape?: ModuleShape) => unknown,
  require: (name: unknown) => unknown,
  exponentiate: (base: unknown, exponent: unknown) => unknown,
) => () => Promise<void>;

/** After each call the harness lets all microtasks run; a call never throws because of the program. */
export interface Guest {
  /** By which a promise is recognised as this realm's. */
  readonly promisePrototype: object;
  readonly promiseWatch: PromiseWatch;
  /** The names that each simulated module exports. */
  moduleExports(): Readonly<Record<string, readonly string[]>>;
  start(program: GuestProgram, isModule: boolean): void;
  /** Text for stdin: one line, with its newline. */
  stdin(text: string): void;
  endStdin(): void;
  fireTimer(id: number): void;
  drainTicks(): void;
  /** A promise was rejected and was not handled. */
  rejected(reason: unknown, promise: unknown): void;
  /** One of which `rejected` was called has a handler now. */
  handledLate(promise: unknown): void;
  /** Emits a signal's event; says whether anyone listened. */
  signal(name: string): boolean;
  /** Nothing keeps the process alive: `beforeExit`. */
  beforeExit(): void;
  /** Nothing did afterwards, either: `exit`. Ends in `Bridge.exit`. */
  exitDry(): void;
  /** What the program shows of its state, between turns: see look.ts. */
  look(): string | undefined;
}

/** As the harness hands it over. */
export type OuterBridge = Omit<Bridge, keyof BridgeTools> & { readonly tools: BridgeTools };

declare const bridge$: OuterBridge;
const { realm, tools, disk: outerDisk, ...outerProcess } = bridge$;
realm.tools ??= ownFunctions(tools);
let disk: TimedDisk | undefined;
/**
 * The harness's side, given to the runtime's script as a parameter. What it throws belongs to its realm, whose classes
 * all nodes would share; so that is thrown as an error of this realm.
 */
export const bridge: Bridge = {
  ...realm.tools,
  ...ownFunctions(outerProcess),
  realm,
  // Few programs have files.
  get disk() {
    return (disk ??= ownFunctions(outerDisk));
  },
};

type AnyFunction = (...args: unknown[]) => unknown;

/** By nothing that a program could have changed, so that it never holds a function of the harness's. */
function ownFunctions<T extends object>(outer: T): T {
  const own = Object.create(null) as Record<string, unknown>; // filled just below
  for (const name in outer) {
    const value: unknown = outer[name];
    own[name] = typeof value === 'function' ? ownFunction(value as AnyFunction) : value;
  }
  return own as T; // the same names, with functions of the same types
}

function ownFunction(outer: AnyFunction): AnyFunction {
  return (...args) => {
    try {
      return outer(...args);
    } catch (error) {
      throw ownError(error);
    }
  };
}

function ownError(error: unknown): unknown {
  // A program's own function may have thrown it, called by the harness to show a value.
  if (error instanceof Error || typeof error !== 'object' || error === null) return error;
  const { name, message, code } = error as { name?: unknown; message?: unknown; code?: unknown };
  const Kind = [RangeError, TypeError, SyntaxError, URIError].find((kind) => kind.name === name) ?? Error;
  const own = new Kind(String(message));
  return typeof code === 'string' ? Object.assign(own, { code }) : own;
}

export const settings: GuestSettings = JSON.parse(bridge.settings) as GuestSettings; // made by the harness
