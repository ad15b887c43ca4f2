/** The simulator's versions of Node's modules, for `import 'node:...'` and `require('...')`. */
import { bridge, settings, type PathOperation } from '../bridge.ts';
import { guestPerformance } from '../time/performance.ts';
import { guestConsole } from '../streams/console.ts';
import { eventsModule } from '../streams/events.ts';
import {
  late,
  lateBlob,
  lateBuffer,
  lateCrypto,
  lateReadline,
  lateText,
  lateUrl,
  lateWebStreams,
  lateZlib,
} from '../late.ts';
import { guestProcess } from '../process.ts';
import { refusing } from './refusals.ts';
import { loadRequired, nameOfRequired } from './required.ts';
import { loadStreams } from '../streams/streams.ts';
import { timerGlobals, timersPromises } from '../time/timers.ts';
import type { URL } from './url.ts';

interface PathParts {
  readonly root?: string;
  readonly dir?: string;
  readonly base?: string;
  readonly name?: string;
  readonly ext?: string;
}

const path =
  (operation: PathOperation) =>
  (...parts: string[]): string =>
    bridge.path(operation, parts);

const pathFunctions = {
  basename: path('basename'),
  delimiter: ':',
  dirname: path('dirname'),
  extname: path('extname'),
  format: ({ dir, root = '', base, name = '', ext = '' }: PathParts): string => {
    const last = base ?? `${name}${ext === '' || ext.startsWith('.') ? '' : '.'}${ext}`;
    const folder = dir ?? root;
    return folder === '' || folder === root ? `${folder}${last}` : `${folder}/${last}`;
  },
  isAbsolute: (text: string): boolean => text.startsWith('/'),
  join: path('join'),
  normalize: path('normalize'),
  parse: (text: string): PathParts => JSON.parse(bridge.path('parse', [text])) as PathParts, // made by the harness
  relative: path('relative'),
  resolve: path('resolve'),
  sep: '/',
  toNamespacedPath: (text: string): string => text,
};

const GIBIBYTE = 2 ** 30;

const osModule = {
  EOL: '\n',
  arch: (): string => 'x64',
  availableParallelism: (): number => 1,
  cpus: (): object[] => [{ model: 'simulated', speed: 1000, times: {} }],
  devNull: '/dev/null',
  endianness: (): string => 'LE',
  freemem: (): number => GIBIBYTE,
  homedir: (): string => '/simulated',
  hostname: (): string => settings.name,
  loadavg: (): number[] => [0, 0, 0],
  networkInterfaces: (): object => ({}),
  getPriority: (): number => 0,
  machine: (): string => 'x86_64',
  platform: (): string => 'linux',
  release: (): string => '0',
  tmpdir: (): string => '/tmp',
  totalmem: (): number => 4 * GIBIBYTE,
  type: (): string => 'Linux',
  uptime: (): number => bridge.nowNanos() / 1e9,
  userInfo: (): object => ({
    username: settings.name,
    uid: 1000,
    gid: 1000,
    homedir: '/simulated',
    shell: null,
  }),
  version: (): string => 'simulated',
};

/** Resolves a computed name, which can only be one of Node's modules since anything else is not bundled. */
export function requireLate(name: unknown): unknown {
  const module = builtinModules[withoutScheme(name)];
  if (module !== undefined) return module;
  const error = new Error(
    `Cannot find module '${String(name)}'. Its name is computed, so it is not part of the program that runs in the ` +
      "simulation. Write the name out, or at least its folder: import('./handlers/' + name + '.js'). Or run the program without --simulate.",
  );
  throw Object.assign(error, { code: 'MODULE_NOT_FOUND' });
}

const withoutScheme = (name: unknown): string => String(name).replace(/^node:/, '');
const isBuiltin = (name: unknown): boolean => withoutScheme(name) in builtinModules;

const moduleModule = {
  get builtinModules(): string[] {
    return Object.keys(builtinModules);
  },
  createRequire: (from: unknown): object => {
    const own = (name: unknown): string | undefined =>
      isBuiltin(name) ? undefined : nameOfRequired(String(name), from);
    const resolve = (name: unknown): string => {
      const found = own(name);
      if (found === undefined && !isBuiltin(name)) requireLate(name);
      return found ?? String(name);
    };
    const require = (name: unknown): unknown => {
      const found = own(name);
      return found === undefined ? requireLate(name) : loadRequired(found);
    };
    return Object.assign(require, { resolve, cache: {} });
  },
  isBuiltin,
};

// None of a node's streams is a terminal.
const ttyModule = {
  isatty: (): boolean => false,
  ReadStream: refusing('tty.ReadStream'),
  WriteStream: refusing('tty.WriteStream'),
};

const lateAssert = late(() => require('./assert.ts') as typeof import('./assert.ts'));
const lateAsyncHooks = late(
  () => require('../time/async-hooks.ts') as typeof import('../time/async-hooks.ts'),
);
const lateDiagnostics = late(
  () => require('./diagnostics-channel.ts') as typeof import('./diagnostics-channel.ts'),
);
const lateFs = late(() => require('../files/fs.ts') as typeof import('../files/fs.ts'));
const lateConsumers = late(
  () => require('../streams/consumers.ts') as typeof import('../streams/consumers.ts'),
);
const lateQuerystring = late(() => require('./querystring.ts') as typeof import('./querystring.ts'));
const lateUtil = late(() => require('./util.ts') as typeof import('./util.ts'));

const lateEventsModule = late(() => {
  const { EventEmitterAsyncResource } = lateAsyncHooks();
  return Object.assign(eventsModule, { EventEmitterAsyncResource });
});
const lateBufferModule = late(() => ({
  ...lateBuffer().bufferFunctions,
  Blob: lateBlob().Blob,
  File: lateBlob().File,
  INSPECT_MAX_BYTES: 50,
  constants: { MAX_LENGTH: 2 ** 32, MAX_STRING_LENGTH: 2 ** 29 - 24 },
  kMaxLength: 2 ** 32,
  kStringMaxLength: 2 ** 29 - 24,
}));
const lateDecoderModule = late(() => ({ StringDecoder: lateText().StringDecoder }));
const lateUrlModule = late(() => {
  const { URL, URLSearchParams } = lateUrl();
  return {
    URL,
    URLSearchParams,
    fileURLToPath: (url: unknown): string => bridge.fileUrlToPath(String(url)),
    pathToFileURL: (file: string): URL => new URL(bridge.pathToFileUrl(file)),
  };
});

/** Indexed by name. Most modules are evaluated on first use. */
export const builtinModules: Readonly<Record<string, object>> = {
  get assert() {
    return lateAssert().assertModule;
  },
  get 'assert/strict'() {
    return lateAssert().assertStrict;
  },
  get async_hooks() {
    return lateAsyncHooks().asyncHooksModule;
  },
  get buffer() {
    return lateBufferModule();
  },
  console: guestConsole,
  get crypto() {
    return lateCrypto().cryptoModule;
  },
  get diagnostics_channel() {
    return lateDiagnostics().diagnosticsChannelModule;
  },
  get events() {
    return lateEventsModule();
  },
  get fs() {
    return lateFs().fsModule;
  },
  get 'fs/promises'() {
    return lateFs().fsPromises;
  },
  module: moduleModule,
  os: osModule,
  path: { ...pathFunctions, posix: pathFunctions },
  'path/posix': pathFunctions,
  perf_hooks: { performance: guestPerformance },
  process: guestProcess,
  get querystring() {
    return lateQuerystring().querystringModule;
  },
  get readline() {
    return lateReadline().readlineModule;
  },
  get 'readline/promises'() {
    return lateReadline().readlinePromises;
  },
  get stream() {
    return loadStreams();
  },
  get 'stream/consumers'() {
    return lateConsumers().consumersModule;
  },
  get 'stream/promises'() {
    return loadStreams().promises;
  },
  get 'stream/web'() {
    return lateWebStreams().webStreams;
  },
  get string_decoder() {
    return lateDecoderModule();
  },
  timers: { ...timerGlobals, promises: timersPromises },
  'timers/promises': timersPromises,
  tty: ttyModule,
  get url() {
    return lateUrlModule();
  },
  get util() {
    return lateUtil().utilModule;
  },
  get 'util/types'() {
    return lateUtil().utilModule.types;
  },
  get zlib() {
    return lateZlib().zlibModule;
  },
};
