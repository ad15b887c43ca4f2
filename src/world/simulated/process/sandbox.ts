/**
 * One simulated process: its own VM context, with the runtime of src/guest/ and the program.
 *
 * Each call into it runs one callback and then everything that follows immediately: `process.nextTick`, promise
 * reactions (the context's own queue, drained after each script evaluated in it: 0.4 µs), and unhandled rejections.
 */
import { isUtf8 } from 'node:buffer';
import {
  createHash,
  createHmac,
  getHashes,
  hkdfSync,
  pbkdf2Sync,
  scryptSync,
  type ScryptOptions,
} from 'node:crypto';
import assert from 'node:assert';
import { posix } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import {
  format,
  formatWithOptions,
  inspect,
  isDeepStrictEqual,
  parseArgs,
  types,
  type InspectOptions,
} from 'node:util';
import type { Script } from 'node:vm';
import { gunzipSync, inflateRawSync, inflateSync, unzipSync, type ZlibOptions } from 'node:zlib';
import { deflateSync, gzipSync, zlibSync, type DeflateOptions } from 'fflate/browser';
import type {
  Bridge,
  BridgeTools,
  CompressionFormat,
  Guest,
  GuestSettings,
  UrlParts,
} from '../../../guest/bridge.ts';
import { CompiledScripts } from '../program/compiled-scripts.ts';
import type { HostParts, SandboxHost } from './host-parts.ts';
import { guardLooks, refuse } from './look-guard.ts';
import type { NodeProgram, Sandbox } from '../program/node-program.ts';
import type { ScriptProgram } from '../program/program.ts';
import { watchPromises } from './promise-watch.ts';
import { Realm, type ProcessBridge } from './realm.ts';
import { settlePromises, watchRejections } from '../../rejections.ts';
import { makeSandboxHost } from './sandbox-host.ts';
import { SourcePositions } from '../program/source-positions.ts';

/** These recognise values of any realm by their internal slots. */
const KINDS = new Map<string, (value: unknown) => boolean>(Object.entries(types));

const scripts = new CompiledScripts();

type Rejection =
  | { readonly kind: 'rejected'; readonly reason: unknown; readonly promise: unknown }
  | { readonly kind: 'handled-late'; readonly promise: unknown };

/** Maximum number of realms that are kept for reuse. */
const KEPT_REALMS = 32;

/**
 * The realm of a process with more turns than this is not reused. Each process creates its classes anew, so code that
 * was optimised for the objects of one process meets other objects in the next, is deoptimised, and finally suits none.
 * A short process gains more from warm code; one with some thousand turns warms up its own (raft in bench/hunting.ts: a
 * fifth less time).
 */
const LONG_LIFE_TURNS = 2_000;

/** A program's compiled scripts, shared by all nodes that run it. */
export class CompiledProgram implements NodeProgram {
  readonly name: string;
  readonly isModule: boolean;
  readonly positions: SourcePositions;
  readonly runtime: Script;
  readonly script: Script;
  /** Realms restored to their initial state, ready for another process of this program. */
  private readonly realms: Realm[] = [];
  /** True when the last process that ended had a long life, so the next one probably will too. */
  private expectsLongLife = false;

  constructor(
    program: ScriptProgram,
    /** Whether its processes may reuse a realm one after another. */
    private reusesRealms: boolean,
  ) {
    this.name = program.name;
    this.isModule = program.isModule;
    this.positions = new SourcePositions(program);
    this.runtime = scripts.get(program.runtime, 'simulated:runtime');
    this.script = scripts.get(program.script, `simulated:${program.name}`);
  }

  open(settings: GuestSettings, parts: HostParts): Sandbox {
    return this.openAt(settings, makeSandboxHost(parts));
  }

  openAt(settings: GuestSettings, host: SandboxHost): Sandbox {
    return new ScriptSandbox(this, settings, host);
  }

  close(): void {
    this.realms.length = 0;
  }

  takeRealm(name: string): { readonly realm: Realm; readonly isReused: boolean } {
    const kept = this.realms.pop();
    if (kept !== undefined) return { realm: kept, isReused: true };
    const isForMany = this.reusesRealms && !this.expectsLongLife;
    const realm = isForMany ? Realm.toReuse(name, this.runtime, unusedBridge()) : new Realm(name);
    return { realm, isReused: false };
  }

  /**
   * Takes back the realm of a process that has ended. If the program has changed what others would find, each of its
   * processes gets a new realm from then on.
   */
  giveRealmBack(realm: Realm, turns: number): void {
    this.expectsLongLife = turns > LONG_LIFE_TURNS;
    if (this.expectsLongLife || !this.reusesRealms || !realm.isForMany) return;
    if (this.realms.length >= KEPT_REALMS) return;
    if (realm.restore() === undefined) {
      this.realms.push(realm);
      return;
    }
    this.realms.length = 0;
    this.reusesRealms = false;
  }
}

class ScriptSandbox implements Sandbox {
  readonly isReused: boolean;
  private readonly realm: Realm;
  private readonly guest: Guest;
  /** True within a turn, and after a turn that threw or was ended: the realm may then be in any state. */
  private isInTurn = false;
  private turns = 0;
  private ticksWanted = false;
  private looking = false;
  private stopWatch: (() => void) | undefined;
  private readonly rejections: Rejection[] = [];

  constructor(
    private readonly program: CompiledProgram,
    settings: GuestSettings,
    host: SandboxHost,
  ) {
    ({ realm: this.realm, isReused: this.isReused } = program.takeRealm(settings.name));
    const guarded = guardLooks(host, () => this.looking);
    const bridge = makeBridge(settings, guarded, {
      wantTicks: () => {
        if (this.looking) refuse('call process.nextTick');
        this.ticksWanted = true;
      },
      watchPromises: () => this.watchPromises(),
      sourcePositions: (stack) => program.positions.restore(stack),
    });
    this.guest = this.realm.begin(program.runtime, bridge);
    watchRejections(this.guest.promisePrototype, {
      rejected: (reason, promise) => this.rejections.push({ kind: 'rejected', reason, promise }),
      handledLate: (promise) => this.rejections.push({ kind: 'handled-late', promise }),
    });
  }

  start(): void {
    this.isInTurn = true;
    this.guest.start(this.realm.evaluate(this.program.script), this.program.isModule);
    this.settle();
  }
  stdin(line: string): void {
    this.isInTurn = true;
    this.guest.stdin(line);
    this.settle();
  }
  endStdin(): void {
    this.isInTurn = true;
    this.guest.endStdin();
    this.settle();
  }
  fireTimer(id: number): void {
    this.isInTurn = true;
    this.guest.fireTimer(id);
    this.settle();
  }
  signal(name: string): boolean {
    this.isInTurn = true;
    const heard = this.guest.signal(name);
    this.settle();
    return heard;
  }
  beforeExit(): void {
    this.isInTurn = true;
    this.guest.beforeExit();
    this.settle();
  }
  exitDry(): void {
    this.isInTurn = true;
    this.guest.exitDry();
    this.settle();
  }

  look(): string | undefined {
    this.looking = true;
    try {
      const shown = this.guest.look();
      // Runs the microtasks that the look has queued now, while they cannot change anything outside.
      this.realm.drain();
      settlePromises();
      this.rejections.length = 0;
      return shown;
    } finally {
      this.looking = false;
    }
  }

  close(): void {
    this.stopWatch?.();
    // Restoring the realm compares it with a new one, which may call a getter that the program has installed.
    this.looking = true;
    if (this.isInTurn) return;
    this.program.giveRealmBack(this.realm, this.turns);
    this.guest.forget();
  }

  private watchPromises(): void {
    this.stopWatch ??= watchPromises(this.guest.promisePrototype, this.guest.promiseWatch);
  }

  private settle(): void {
    this.turns++;
    for (;;) {
      this.realm.drain();
      if (this.ticksWanted) {
        this.ticksWanted = false;
        this.guest.drainTicks();
        continue;
      }
      settlePromises();
      const rejection = this.rejections.shift();
      if (rejection === undefined) break;
      if (rejection.kind === 'rejected') this.guest.rejected(rejection.reason, rejection.promise);
      else this.guest.handledLate(rejection.promise);
    }
    this.isInTurn = false;
  }
}

/** Never used: the runtime is only asked for its modules' names. */
const NO_DISK: Bridge['disk'] = {
  find: () => -1,
  create: () => 1,
  makeFolder: () => {},
  list: () => '[]',
  rename: () => {},
  remove: () => {},
  hold: () => {},
  release: () => {},
  size: () => 0,
  read: () => 0,
  write: () => false,
  writeText: () => -1,
  truncate: () => false,
  sync: () => {},
  modifiedNanos: () => 0,
  setModified: () => {},
};

/** Returns the bridge for a runtime that runs no process. */
function unusedBridge(): ProcessBridge {
  const settings: GuestSettings = { name: '', argv: [], env: {}, pid: 1, epochMs: 0 };
  const host: SandboxHost = {
    nowNanos: () => 0,
    wallNanos: () => 0,
    startedNanos: 0,
    write: () => {},
    listen: () => {},
    setTimer: () => {},
    clearTimer: () => {},
    refTimer: () => {},
    exit: () => {},
    die: () => {},
    float: () => 0,
    entropy: () => 0,
    disk: NO_DISK,
  };
  return makeBridge(settings, host, {
    wantTicks: () => {},
    watchPromises: () => {},
    sourcePositions: (stack) => stack,
  });
}

type ModuleExports = Readonly<Record<string, readonly string[]>>;

/** Cached, because finding the exports evaluates the whole runtime, which is the same for all programs. */
const exportsOf = new WeakMap<Script, ModuleExports>();

/** Returns the exported names of each module of the runtime. */
export function readModuleExports(runtime: string): ModuleExports {
  const script = scripts.get(runtime, 'simulated:runtime');
  const exports = exportsOf.get(script) ?? new Realm('modules').begin(script, unusedBridge()).moduleExports();
  exportsOf.set(script, exports);
  return exports;
}

const makeBridge = (
  settings: GuestSettings,
  host: SandboxHost,
  sandbox: Pick<Bridge, 'wantTicks' | 'watchPromises' | 'sourcePositions'>,
): ProcessBridge => ({ ...host, ...sandbox, settings: JSON.stringify(settings), tools: TOOLS });

const TOOLS: BridgeTools = {
  textBytes: (text, encoding) => Buffer.byteLength(text, encoding),
  writeText: (target, text, encoding) => asBuffer(target).write(text, encoding),
  readText: (source, encoding) => asBuffer(source).toString(encoding),
  isUtf8: (source) => isUtf8(asBuffer(source)),
  digest: (algorithm, key, data, outputLength) => {
    if (!getHashes().includes(algorithm) && !getHashes().includes(algorithm.toLowerCase())) return undefined;
    const hash =
      key === undefined
        ? createHash(algorithm, { ...(outputLength !== undefined && { outputLength }) })
        : createHmac(algorithm, asBuffer(key));
    return hash.update(asBuffer(data)).digest('hex');
  },
  compress: (as, data, level) => asLatin1(compressAs(as, data, level)),
  decompress: (as, data, options) =>
    asLatin1(DECOMPRESSIONS[as](asBuffer(data), JSON.parse(options) as ZlibOptions)),
  deriveKey: (how, [first = NONE, second = NONE, third = NONE], parameters) => {
    // Node checks them, and throws if they are not what it expects.
    const [a, b, c] = JSON.parse(parameters) as [never, never, never];
    if (how === 'hkdf') return Buffer.from(hkdfSync(a, first, second, third, b)).toString('hex');
    return (
      how === 'pbkdf2' ? pbkdf2Sync(first, second, a, b, c) : scryptSync(first, second, a, boundedMemory(b))
    ).toString('hex');
  },
  // The program's own options, but never colours.
  inspect: (value, options) => inspect(value, { ...(options as InspectOptions | undefined), colors: false }),
  format: (parts, options) =>
    options === undefined
      ? format(...parts)
      : formatWithOptions({ ...options, colors: false } satisfies InspectOptions, ...parts),
  detach: (buffer) => void structuredClone(buffer, { transfer: [buffer as ArrayBuffer] }), // nodes share no memory
  isKind: (question, value) => KINDS.get(question)?.(value) === true,
  deepStrictEqual: isDeepStrictEqual,
  deepEqual: (left, right) => {
    try {
      // oxlint-disable-next-line typescript/no-deprecated -- the loose comparison is what is asked for
      assert.deepEqual(left, right);
      return true;
    } catch {
      return false;
    }
  },
  path: (operation, parts) => {
    const given = operation === 'resolve' || operation === 'relative' ? parts.map(underSimulated) : parts;
    const made = posix[operation](...(given as [string, string]));
    return typeof made === 'string' ? made : JSON.stringify(made);
  },
  fileUrlToPath: (url) => fileURLToPath(url),
  pathToFileUrl: (path) => pathToFileURL(underSimulated(path)).href,
  parseArgs: (config) => JSON.stringify(parseArgs(JSON.parse(config) as Parameters<typeof parseArgs>[0])),
  parseUrl: (input, base) => (URL.canParse(input, base) ? partsOf(new URL(input, base)) : undefined),
  changeUrl: (href, part, value) => {
    const url = new URL(href);
    Reflect.set(url, part, value);
    return partsOf(url);
  },
  readQuery: (text) => JSON.stringify([...new URLSearchParams(text)]),
  // Serialised by the runtime.
  writeQuery: (pairs) => new URLSearchParams(JSON.parse(pairs) as [string, string][]).toString(),
};

const NONE = new Uint8Array(0);

/** More would be taken from the machine at once, where no watchdog sees it. */
const MAX_SCRYPT_BYTES = 2 ** 28;

const boundedMemory = (options: ScryptOptions): ScryptOptions =>
  options.maxmem === undefined || options.maxmem <= MAX_SCRYPT_BYTES
    ? options
    : { ...options, maxmem: MAX_SCRYPT_BYTES };

const asLatin1 = (bytes: Uint8Array): string => asBuffer(bytes).toString('latin1');

const DECOMPRESSIONS = {
  deflate: inflateSync,
  'deflate-raw': inflateRawSync,
  gzip: gunzipSync,
  unzip: unzipSync,
} as const;

type Level = Exclude<DeflateOptions['level'], undefined>;

function compressAs(as: CompressionFormat, data: Uint8Array, given: number): Uint8Array {
  const level = (given < 0 ? 6 : Math.floor(given)) as Level; // the node has checked its range
  if (as === 'gzip') return gzipSync(data, { level, mtime: 0 });
  return as === 'deflate' ? zlibSync(data, { level }) : deflateSync(data, { level });
}

function partsOf(url: URL): string {
  const { href, origin, protocol, username, password, host, hostname, port, pathname, search, hash } = url;
  const parts = { href, origin, protocol, username, password, host, hostname, port, pathname, search, hash };
  return JSON.stringify(parts satisfies UrlParts);
}

function underSimulated(path: string, index = 0): string {
  return index === 0 ? posix.resolve('/simulated', path) : path;
}

/** Returns the same memory as a Buffer of this realm. */
function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
