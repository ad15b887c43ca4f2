/**
 * Explains why a WebAssembly module cannot run as a node: it is not a command of WASI preview 1, or imports something
 * unsupported.
 */
import { shownText } from '../../../protocol/shown-text.ts';
import { WASI } from '../calls/abi.ts';
import { readModule, type ModuleFacts, type ModuleImport } from './module-sections.ts';

/** Maximum size of a node's linear memory. */
export const MEMORY_LIMIT_BYTES = 512 * 1024 * 1024;
export const PAGE_BYTES = 64 * 1024;
const NAMES_SHOWN = 8;
const NAME_SHOWN = 60;

/** All functions of WASI preview 1. */
const FUNCTIONS: ReadonlySet<string> = new Set(
  (
    'args_get args_sizes_get environ_get environ_sizes_get clock_res_get clock_time_get fd_advise fd_allocate fd_close fd_datasync ' +
    'fd_fdstat_get fd_fdstat_set_flags fd_fdstat_set_rights fd_filestat_get fd_filestat_set_size fd_filestat_set_times fd_pread ' +
    'fd_prestat_get fd_prestat_dir_name fd_pwrite fd_read fd_readdir fd_renumber fd_seek fd_sync fd_tell fd_write ' +
    'path_create_directory path_filestat_get path_filestat_set_times path_link path_open path_readlink path_remove_directory ' +
    'path_rename path_symlink path_unlink_file poll_oneoff proc_exit proc_raise sched_yield random_get sock_accept sock_recv ' +
    'sock_send sock_shutdown'
  ).split(' '),
);

export interface ModuleProblem {
  readonly problem: string;
  readonly advice: string;
}

const ADVICE =
  'A node is a WASI preview 1 command, such as clang --target=wasm32-wasi, rustc --target wasm32-wasip1 and GOOS=wasip1 go build make.';

export function checkModule(bytes: Buffer): ModuleFacts | ModuleProblem {
  let facts;
  try {
    facts = readModule(bytes);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return { problem: 'it is cut off or damaged.', advice: 'Was it copied or built in full?' };
  }
  return problemOf(facts) ?? facts;
}

function problemOf({ imports, exports, memory }: ModuleFacts): ModuleProblem | undefined {
  const foreign = imports.filter(({ module }) => module !== WASI);
  if (foreign.length > 0) return foreignProblem(foreign);
  const unknown = imports.filter(({ name, kind }) => kind !== 'function' || !FUNCTIONS.has(name));
  if (unknown.length > 0)
    return { problem: `it imports ${namesOf(unknown)}, which WASI preview 1 does not have.`, advice: ADVICE };
  if (exports.get('_start') !== 'function') {
    const isLibrary = exports.has('_initialize');
    return {
      problem: `it exports no function _start${isLibrary ? ', but _initialize: it is a library (a reactor), not a command' : ''}.`,
      advice: isLibrary ? 'Build it as a program with a main function.' : ADVICE,
    };
  }
  if (exports.get('memory') !== 'memory')
    return {
      problem: 'it exports no memory named "memory", where WASI calls find what they are given.',
      advice: ADVICE,
    };
  if (memory?.is64 === true)
    return {
      problem: 'its memory has 64-bit addresses; WASI preview 1 has 32.',
      advice: 'Build it for wasm32.',
    };
  if ((memory?.least ?? 0) * PAGE_BYTES > MEMORY_LIMIT_BYTES) {
    return {
      problem:
        `it asks for ${Math.round(((memory?.least ?? 0) * PAGE_BYTES) / 1024 ** 2)} MB of memory at its start; ` +
        `a node has ${MEMORY_LIMIT_BYTES / 1024 ** 2} MB at most.`,
      advice: 'Build it with a smaller initial memory.',
    };
  }
  return undefined;
}

function foreignProblem(foreign: readonly ModuleImport[]): ModuleProblem {
  const from = (test: (module: string) => boolean): boolean => foreign.some(({ module }) => test(module));
  if (from((module) => module === 'wasi_unstable'))
    return {
      problem: 'it was built for the draft of WASI (wasi_unstable), which came before preview 1.',
      advice: ADVICE,
    };
  if (from((module) => module.startsWith('wasi:')))
    return {
      problem: `it imports ${namesOf(foreign)}: WASI 0.2 or later.`,
      advice: 'Build it for WASI preview 1 (wasm32-wasip1).',
    };
  if (foreign.some(({ module, name }) => (module === 'wasi' && name === 'thread-spawn') || name === 'memory'))
    return {
      problem: `it imports ${namesOf(foreign)}: it was built for threads, which a node does not have here.`,
      advice: 'Build it for wasm32-wasip1, without threads, and wait for stdin and timers by poll.',
    };
  if (from((module) => module === 'gojs' || module === 'go'))
    return {
      problem: 'it was built by Go for a browser (GOOS=js).',
      advice: 'Build it with GOOS=wasip1 GOARCH=wasm.',
    };
  if (foreign.some(({ name }) => /^(?:__cxa_|_Unwind_|__wasm_lpad)/.test(name)))
    return {
      problem: `it imports ${namesOf(foreign)}: it throws C++ exceptions, and was linked without what they need.`,
      advice:
        'Build it with -fno-exceptions, or link it with a C++ library that has them; -Wl,--allow-undefined only puts that off.',
    };
  const isOfBrowser = from(
    (module) => module.startsWith('./') || module === 'env' || module.startsWith('__wbindgen'),
  );
  return {
    problem: `it imports ${namesOf(foreign)}, which only its own host${isOfBrowser ? ', such as a browser,' : ''} could give it.`,
    advice: ADVICE,
  };
}

function namesOf(imports: readonly ModuleImport[]): string {
  const names = imports
    .slice(0, NAMES_SHOWN)
    .map(({ module, name }) => shownText(`${module}.${name}`, NAME_SHOWN));
  const more = imports.length - names.length;
  return names.join(', ') + (more > 0 ? ` and ${more} more` : '');
}
