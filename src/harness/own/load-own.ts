/** Loads what a spec takes from the user's files: its workload, faults, services, topology and invariants. */
import { readFileSync } from 'node:fs';
import { createHash } from 'node:crypto';
import type { FaultKind } from '../../nemesis/fault.ts';
import type { DefinedFault } from '../../own/define-fault.ts';
import type { DefinedService } from '../../own/define-service.ts';
import { neighboursIn } from '../../own/own-topology.ts';
import type { Watch } from '../../own/watch.ts';
import { shownText } from '../../protocol/shown-text.ts';
import { UserError } from '../../protocol/user-error.ts';
import type { NamedInvariant } from '../../run/invariants/invariant-watch.ts';
import type { RunParts, RunService } from '../../run/run-parts.ts';
import type { OwnFile, TestSpec } from '../../run/test-spec.ts';
import { WORKLOADS } from '../../workloads/index.ts';
import type { PreparedWorkload, Workload } from '../../workloads/workload.ts';
import { exported, whatIs } from './exported.ts';
import { guardedWords } from './guarded-words.ts';
import { loadInvariants } from './load-invariants.ts';
import { OwnChecker } from './own-checker.ts';
import { ownFilesOf, withOwnFiles, type OwnKind, type OwnSettings } from '../../run/own-files.ts';
import { NeverReturned, ownWork } from '../../world/own-work.ts';
import { describeThrown, isOwnError, OwnModule } from './own-module.ts';
import { yieldLimitMs } from '../simulations/yield-limit.ts';

/** Loads the workload that a spec names. Throws a UserError if there is none. */
export async function loadWorkload(spec: Pick<TestSpec, 'workload' | 'workloadFile'>): Promise<Workload> {
  const { workload: name, workloadFile: file } = spec;
  if (file !== undefined) return ownWorkload(file, await OwnModule.load(file.path, NOUN.workload));
  const known = WORKLOADS.get(name);
  if (known === undefined) {
    throw new UserError(
      `Unknown workload ${shownText(JSON.stringify(name), 100)}.`,
      `Known workloads: ${[...WORKLOADS.keys()].join(', ')}; for your own, give its file, such as --workload ./lock.ts. A workload that a program passed to runTest as an object is known to that program only.`,
    );
  }
  return known;
}

/**
 * Loads everything but the workload; a caller that makes many runs loads it once. `given` are invariants of the caller,
 * in addition to those of the spec.
 */
export async function loadParts(
  spec: Pick<TestSpec, 'world' | 'invariants' | 'faultFiles' | 'topologyFile' | 'serviceFiles' | 'nodes'>,
  given: readonly NamedInvariant[] = [],
): Promise<RunParts> {
  const { faultFiles = [], serviceFiles = [], topologyFile, nodes } = spec;
  const invariants = await loadInvariants(spec, given);
  const faults: FaultKind[] = [];
  for (const file of faultFiles) faults.push(ownFault(file, await OwnModule.load(file.path, NOUN.fault)));
  const services: RunService[] = [];
  for (const file of serviceFiles) {
    const taken = nodes.includes(file.name);
    if (taken)
      throw new UserError(
        `The service ${file.path} has the same name as a node, ${file.name}.`,
        'Rename the file or the node.',
      );
    services.push(ownService(file, await OwnModule.load(file.path, NOUN.service)));
  }
  const topology = topologyFile === undefined ? undefined : await loadTopology(topologyFile);
  return {
    ...(invariants.length === 0 ? {} : { invariants }),
    ...(faults.length === 0 ? {} : { faults }),
    ...(services.length === 0 ? {} : { services }),
    ...(topology === undefined ? {} : { topology }),
    describeThrown,
    isOwnError,
    ownLimitMs: yieldLimitMs(),
  };
}

/** Returns the spec with the current digest of each file; errors in a file are reported here, before anything runs. */
export async function checkOwnFiles(spec: TestSpec, given?: Workload): Promise<TestSpec> {
  const digests = new Map<string, string>();
  if (given === undefined) await loadWorkload(spec);
  if (ownFilesOf(spec).length === 0) return spec;
  const { topology } = await loadParts(spec);
  topology?.(spec.nodes);
  for (const { file, kind } of ownFilesOf(spec)) digests.set(file.path, await digestOf(file, kind));
  return withOwnFiles(spec, (file) => ({ ...file, sha256: digests.get(file.path) ?? '' }));
}

/** Returns the files whose content has changed since the run was made; throws a UserError if one is missing. */
export async function changedOwnFiles(spec: OwnSettings): Promise<readonly OwnFile[]> {
  const changed: OwnFile[] = [];
  for (const { file, kind } of ownFilesOf(spec)) {
    if (file.sha256 !== undefined && file.sha256 !== (await digestOf(file, kind))) changed.push(file);
  }
  return changed;
}

const NOUN: Readonly<Record<OwnKind, string>> = {
  workload: 'The workload',
  fault: 'The fault',
  topology: 'The topology',
  service: 'The service',
};

async function digestOf({ path }: OwnFile, kind: OwnKind): Promise<string> {
  return isJson(path)
    ? createHash('sha256').update(readText(path, kind)).digest('hex')
    : (await OwnModule.load(path, NOUN[kind])).sha256;
}

const isJson = (path: string): boolean => path.toLowerCase().endsWith('.json');

function readText(path: string, kind: OwnKind): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException; // Node throws nothing else here
    const why = code === 'ENOENT' ? 'does not exist' : `cannot be read: ${message}`;
    throw new UserError(
      `${NOUN[kind]} ${path} ${why}.`,
      `Relative paths are resolved from ${process.cwd()}.`,
    );
  }
}

async function loadTopology(topologyFile: OwnFile): Promise<NonNullable<RunParts['topology']>> {
  const { path } = topologyFile;
  const source = `The topology ${path}`;
  if (isJson(path)) {
    const text = readText(path, 'topology');
    let map: unknown;
    try {
      map = JSON.parse(text);
    } catch (error) {
      throw new UserError(
        `${source} is not JSON: ${(error as Error).message}.`,
        'For example: {"n1": ["n2", "n3"], "n2": ["n1"], "n3": ["n1"]}',
      );
    }
    return (nodes) => neighboursIn(map, nodes, { source });
  }
  const module = await OwnModule.load(path, NOUN.topology);
  return (nodes) =>
    neighboursIn(exported(module, source), nodes, {
      source,
      describeThrown,
      watch: watchOf(topologyFile.path),
    });
}

const EXAMPLES: Readonly<Record<OwnKind, string>> = {
  workload:
    'Create it with defineWorkload: export default defineWorkload({ ... }). docs/your-own.md has examples.',
  fault: 'Create it with defineFault: export default defineFault({ ... }). docs/your-own.md has examples.',
  service:
    'Create it with defineService: export default defineService({ ... }). docs/your-own.md has examples.',
  topology: 'Export a map from each node to its neighbours, or a function from the nodes to such a map.',
};

function refuse(kind: OwnKind, path: string, value: unknown): never {
  throw new UserError(
    `${NOUN[kind]} ${path} has ${whatIs(value)} as its default export; expected a ${kind}.`,
    EXAMPLES[kind],
  );
}

/**
 * Terminates a call that never returns, with a message that names the file and the call. All later calls fail at once:
 * the run is ending, and each message still in flight would wait as long again.
 */
function watchOf(path: string): Watch {
  let ended: NeverReturned | undefined;
  return (part, work) => {
    if (ended !== undefined) throw ended;
    try {
      return ownWork(`${part} of ${path}`, work, yieldLimitMs());
    } catch (error) {
      if (error instanceof NeverReturned) ended = error;
      throw error;
    }
  };
}

function ownFault({ name, path }: OwnFile, module: OwnModule): FaultKind {
  const fault = (): FaultKind & { readonly kind: 'lasting' } => {
    const value = exported(module, `${NOUN.fault} ${path}`);
    if (typeof (Object(value) as Partial<DefinedFault>).named !== 'function') refuse('fault', path, value);
    return (value as DefinedFault).named(name, watchOf(path)); // checked above
  };
  return { ...fault(), prepare: (environment) => fault().prepare(environment) };
}

function ownService({ name, path }: OwnFile, module: OwnModule): RunService {
  const service = (): DefinedService => {
    const value = exported(module, `${NOUN.service} ${path}`);
    if (typeof (Object(value) as Partial<DefinedService>).started !== 'function')
      refuse('service', path, value);
    return value as DefinedService; // checked above
  };
  service();
  return {
    name,
    start: (surroundings) => service().started(name, { ...surroundings, watch: watchOf(path) }),
  };
}

/** Returns a workload that loads the module afresh for each run. */
function ownWorkload({ name, path }: OwnFile, module: OwnModule): Workload {
  const source = `${NOUN.workload} ${path}`;
  const workload = (): Workload => {
    const value = exported(module, source);
    if (typeof (Object(value) as Partial<Workload>).prepare !== 'function') refuse('workload', path, value);
    return value as Workload; // checked above
  };
  const { rpcs, about, operations, alphabet, ...words } = workload();
  return {
    name,
    about,
    rpcs,
    ...(operations === undefined ? {} : { operations }),
    ...(alphabet === undefined ? {} : { alphabet }),
    prepare(options) {
      let prepared: PreparedWorkload;
      try {
        prepared = ownWork(`\`prepare\` of ${path}`, () => workload().prepare(options), yieldLimitMs());
      } catch (error) {
        if (error instanceof UserError) throw error;
        throw new UserError(`${source} threw while being prepared: ${describeThrown(error)}`);
      }
      return {
        ...prepared,
        client: prepared.client.bind(prepared),
        checker: () => new OwnChecker(() => prepared.checker(), path),
      };
    },
    ...guardedWords(words, path),
  };
}
