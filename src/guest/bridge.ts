/**
 * The boundary between a simulated node and the harness: the calls that the runtime in the node's context may make (Bridge),
 * and those that it offers the harness (Guest). Strings and numbers cross it; objects do so only for inspection.
 */

/** The exports of one of Node's modules; the bundler passes them along with each import. */
export interface ModuleShape {
  /** Names of functions and classes, separated by spaces; members of nested objects contain a dot. */
  readonly functions: string;
  /** The other exports, as JSON. */
  readonly data?: string;
  /** Set if the module accesses the world outside the simulation: network, other processes, other threads. */
  readonly reachesOut?: true;
}

/** Constants of this node. */
export interface GuestSettings {
  readonly name: string;
  readonly argv: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly pid: number;
  /** Virtual time 0 in milliseconds since 1970. */
  readonly epochMs: number;
}

export type TextEncoding = 'utf8' | 'latin1' | 'hex' | 'base64' | 'base64url' | 'utf16le' | 'ascii';

export type PathOperation =
  'join' | 'resolve' | 'normalize' | 'dirname' | 'basename' | 'extname' | 'relative' | 'parse';

export type CompressionFormat = 'deflate' | 'deflate-raw' | 'gzip';

export type KeyDerivation = 'hkdf' | 'pbkdf2' | 'scrypt';

/**
 * The node's disk. Files have ids above 0, which do not change when a file is renamed or removed. Paths are absolute and
 * normalized. No call throws: the runtime checks preconditions first.
 */
export interface GuestDisk {
  /** Returns the id of a file, 0 for a folder, or -1 if the path does not exist. */
  find(path: string): number;
  create(path: string): number;
  makeFolder(path: string): void;
  /** Returns the names in a folder as a JSON list. */
  list(path: string): string;
  rename(from: string, to: string): void;
  remove(path: string): void;
  /** Marks a file as open, so that its content outlives its name. */
  hold(id: number): void;
  release(id: number): void;
  size(id: number): number;
  /** Copies bytes from that position into the target. Returns their number. */
  read(id: number, target: Uint8Array, position: number): number;
  /** Returns false if the disk is full, as does `truncate`. */
  write(id: number, data: Uint8Array, position: number): boolean;
  truncate(id: number, length: number): boolean;
  /** Makes the file's content durable. Takes virtual time. */
  sync(id: number): void;
}

/** A disk with the modification times of files. */
export interface TimedDisk extends GuestDisk {
  /** Nanoseconds since virtual time 0 on the node's wall clock. */
  modifiedNanos(id: number): number;
  setModified(id: number, nanos: number): void;
}

/** A disk that also takes text, so that the process need not make bytes of it. */
export interface TextDisk extends TimedDisk {
  /** Writes the text as UTF-8. Returns the number of bytes, or -1 if the disk is full. */
  writeText(id: number, text: string, position: number): number;
}

/** The part of the bridge that is independent of the process, so that a realm keeps it for all its processes. */
export interface BridgeTools {
  textBytes(text: string, encoding: TextEncoding): number;
  writeText(target: Uint8Array, text: string, encoding: TextEncoding): number;
  readText(source: Uint8Array, encoding: TextEncoding): string;
  /** Returns true if the bytes are valid UTF-8. */
  isUtf8(source: Uint8Array): boolean;
  /** Returns a digest in hex, or an HMAC if there is a key. Undefined if the algorithm is unknown. */
  digest(
    algorithm: string,
    key: Uint8Array | undefined,
    data: Uint8Array,
    outputLength?: number,
  ): string | undefined;

  /** Returns the bytes as text in latin1. They are the same on every machine, unlike those of Node's zlib. */
  compress(format: CompressionFormat, data: Uint8Array, level: number): string;
  /** Returns the bytes as text in latin1. `options` are some of Node's, as JSON. Throws Node's errors. */
  decompress(format: CompressionFormat | 'unzip', data: Uint8Array, options: string): string;
  /** Returns the key in hex. `parameters` are those that are not bytes, as JSON. Throws Node's errors. */
  deriveKey(how: KeyDerivation, inputs: readonly Uint8Array[], parameters: string): string;

  /** Node's `util.inspect`, `util.format`, `util.isDeepStrictEqual`, and `assert.deepEqual` as a predicate. */
  inspect(value: unknown, options: unknown): string;
  format(parts: readonly unknown[], options?: unknown): string;
  /** Returns the result of the predicate of that name in Node's `util.types`. */
  isKind(question: string, value: unknown): boolean;
  /** Detaches the buffer, as a transfer does: its length is 0 from then on. */
  detach(buffer: ArrayBufferLike): void;
  deepStrictEqual(left: unknown, right: unknown): boolean;
  deepEqual(left: unknown, right: unknown): boolean;
  /** Node's `path.posix`, with the working directory `/simulated`. `parse` returns JSON. */
  path(operation: PathOperation, parts: readonly string[]): string;
  fileUrlToPath(url: string): string;
  pathToFileUrl(path: string): string;
  /** Node's `util.parseArgs`; takes and returns JSON. */
  parseArgs(config: string): string;
  /** Returns `UrlParts` as JSON; undefined for an invalid URL. */
  parseUrl(input: string, base: string | undefined): string | undefined;
  /** Returns `UrlParts` as JSON after setting one part. */
  changeUrl(href: string, part: UrlPart, value: string): string;
  /** Parses a query string to `QueryPairs` as JSON; `writeQuery` is the inverse. */
  readQuery(text: string): string;
  writeQuery(pairs: string): string;
}

export interface Bridge extends BridgeTools {
  readonly disk: TextDisk;
  /** True if no other runtime has run in this realm, so that the language is still as V8 created it. */
  readonly isNewRealm: boolean;
  /** Shared by all processes of this realm: permanent changes of the language reach the current process through it. */
  readonly realm: {
    inspect?: unknown;
    tools?: BridgeTools;
    /** V8's WebAssembly, removed from the global object until a program uses it. */
    webAssembly?: unknown;
    /** Set once a program has used WebAssembly, which it may have changed for later processes. */
    hasGivenWebAssembly?: boolean;
  };
  /** Called after the permanent changes of the language have been made. */
  realmIsReady(): void;
  /** `GuestSettings` as JSON. */
  readonly settings: string;
  /** Returns virtual nanoseconds since the run began. Each call takes a virtual microsecond, so that busy waiting ends. */
  nowNanos(): number;
  /** Returns the time of this node's wall clock, which may be skewed. Each call takes a virtual microsecond as well. */
  wallNanos(): number;
  /** Virtual nanoseconds at which this process began. */
  readonly startedNanos: number;

  /** Appends to stdout (1) or stderr (2). */
  write(fd: 1 | 2, data: string | Uint8Array): void;
  /** Starts or stops reading stdin; while it is read, the node stays alive. */
  listen(listening: boolean): void;
  /** Schedules `fireTimer(id)` after `delayNanos`; 0 means after everything that is ready now. */
  setTimer(id: number, delayNanos: number): void;
  clearTimer(id: number): void;
  /** Sets whether the timer keeps the node alive, as it does by default. */
  refTimer(id: number, keepsAlive: boolean): void;
  /** Enables the calls of `PromiseWatch` from now on. */
  watchPromises(): void;
  /** Requests a call of `drainTicks` after all microtasks have run. */
  wantTicks(): void;
  exit(code: number): void;
  /** Terminates or stops the process, as the system does for a signal that the process does not handle. */
  die(signal: string): void;

  /** Translates the positions of a stack, which are those of the bundled script, to positions in the program's source. */
  sourcePositions(stack: string): string;

  /** Draws from the node's stream for `Math.random`: a number in [0, 1). */
  float(): number;
  /** Draws from the node's stream for `crypto`: an integer in [0, 2^32). */
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

/** Called for each promise of this realm: at its creation, and before and after each of its reactions. */
export interface PromiseWatch {
  init(promise: object): void;
  before(promise: object): void;
  after(promise: object): void;
}

/**
 * A bundled program: takes the simulated modules, a `require` for computed names, and the replacement of the operator `**`.
 * Returns its top level as an async function.
 */
export type GuestProgram = (
  builtin: (name: string, shape?: ModuleShape) => unknown,
  require: (name: unknown) => unknown,
  exponentiate: (base: unknown, exponent: unknown) => unknown,
  requiredModules: (modules: Readonly<Record<string, () => unknown>>) => void,
) => () => Promise<void>;

/** After each call the harness runs all microtasks. Errors of the program never escape from a call. */
export interface Guest {
  /** Identifies promises of this realm. */
  readonly promisePrototype: object;
  readonly promiseWatch: PromiseWatch;
  /** Returns the names that each simulated module exports. */
  moduleExports(): Readonly<Record<string, readonly string[]>>;
  start(program: GuestProgram, isModule: boolean): void;
  /** Delivers one line to stdin, including its newline. */
  stdin(text: string): void;
  endStdin(): void;
  fireTimer(id: number): void;
  drainTicks(): void;
  /** Reports an unhandled rejection. */
  rejected(reason: unknown, promise: unknown): void;
  /** Reports that a promise passed to `rejected` has got a handler. */
  handledLate(promise: unknown): void;
  /** Emits a signal's event. Returns true if there was a listener. */
  signal(name: string): boolean;
  /** Emits `beforeExit`, when nothing keeps the process alive. */
  beforeExit(): void;
  /** Emits `exit`, when nothing has kept it alive after `beforeExit` either. Ends in `Bridge.exit`. */
  exitDry(): void;
  /** Returns the state that the program shows, between turns: see look.ts. */
  look(): string | undefined;
  /** Drops what the process held, so that little of it outlives it. Called once nothing of it will run again. */
  forget(): void;
}

/** The bridge in the form in which the harness passes it. */
export type OuterBridge = Omit<Bridge, keyof BridgeTools> & { readonly tools: BridgeTools };

declare const bridge$: OuterBridge;
const { realm, tools, disk: outerDisk, ...outerProcess } = bridge$;
realm.tools ??= ownFunctions(tools);
let disk: TextDisk | undefined;
/**
 * The harness's side, a parameter of the runtime's script. Its errors belong to the harness's realm, whose classes all nodes
 * would share, so they are rethrown as errors of this realm.
 */
export const bridge: Bridge = {
  ...realm.tools,
  ...ownFunctions(outerProcess),
  realm,
  // Created on first use, since few programs use files.
  get disk() {
    return (disk ??= ownFunctions(outerDisk));
  },
};

type AnyFunction = (...args: unknown[]) => unknown;

/** Wraps the harness's functions without using anything a program could have changed, so that it never gets hold of them. */
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
  // The program's own code may have thrown it, if the harness called it to show a value.
  if (error instanceof Error || typeof error !== 'object' || error === null) return error;
  const { name, message, code } = error as { name?: unknown; message?: unknown; code?: unknown };
  const Kind = [RangeError, TypeError, SyntaxError, URIError].find((kind) => kind.name === name) ?? Error;
  const own = new Kind(String(message));
  return typeof code === 'string' ? Object.assign(own, { code }) : own;
}

export const settings: GuestSettings = JSON.parse(bridge.settings) as GuestSettings; // made by the harness
