/**
 * The lattice of consistency models and the anomalies that break them.
 *
 * Two graphs and a table: which model implies which, which anomaly implies which (finding a means that what b breaks is
 * broken too), and what each model forbids by itself. Everything else is reachability over them:
 * what a set of models prohibits, which models a set of anomalies makes impossible, and the boundary (`not`, `also-not`).
 *
 * The models are those of Adya's thesis, of Bailis et al. ("Highly Available Transactions") and of Cerone et al.;
 * implications and boundary follow Elle. `garbage-read` is ours: Elle throws on it.
 */
import { addTo } from '../../columns/groups.ts';
import { nearest } from '../../protocol/nearest.ts';
import { UserError } from '../../protocol/user-error.ts';

/** Canonical name -> the names people use; the first one is what results print. */
const ALIASES: Readonly<Record<string, readonly string[]>> = {
  'PL-1': ['read-uncommitted'],
  'PL-2': ['read-committed'],
  'PL-2+': ['consistent-view'],
  'PL-2.99': ['repeatable-read'],
  'PL-2L': ['monotonic-view'],
  'PL-3': ['serializable', 'conflict-serializable'],
  'PL-3U': ['update-serializable'],
  'PL-CS': ['cursor-stability'],
  'PL-FCV': ['forward-consistent-view'],
  'PL-MSR': ['monotonic-snapshot-read'],
  'PL-SI': ['snapshot-isolation'],
  'PL-SS': ['strong-serializable', 'strict-serializable'],
  'strong-PL-1': ['strong-read-uncommitted'],
  'strong-PL-2': ['strong-read-committed'],
  'strong-session-PL-1': ['strong-session-read-uncommitted'],
  'strong-session-PL-2': ['strong-session-read-committed'],
};

interface Model {
  /** The weaker models that follow directly. */
  readonly implies?: readonly string[];
  /** The anomalies it forbids beyond those of the models it implies. */
  readonly forbids?: readonly string[];
}

const MODELS: Readonly<Record<string, Model>> = {
  'PL-1': { forbids: ['G0', 'duplicate-elements', 'cyclic-versions', 'garbage-read', 'PL-1-cycle-exists'] },
  'PL-2': { implies: ['PL-1'], forbids: ['G1', 'PL-2-cycle-exists'] },
  'PL-CS': { implies: ['PL-2'], forbids: ['G1', 'G-cursor', 'lost-update'] },
  'PL-2L': { implies: ['PL-2'], forbids: ['G1', 'G-monotonic'] },
  'PL-MSR': { implies: ['PL-2'], forbids: ['G1', 'G-MSR'] },
  'PL-2+': { implies: ['PL-CS', 'PL-2L'], forbids: ['G1', 'G-single'] },
  'PL-FCV': { implies: ['PL-2+'], forbids: ['G1', 'G-SIb'] },
  'PL-2.99': {
    implies: ['PL-CS', 'monotonic-atomic-view'],
    forbids: ['G1', 'G2-item', 'lost-update', 'PL-2.99-cycle-exists'],
  },
  'PL-SI': {
    implies: ['PL-FCV', 'monotonic-atomic-view', 'PL-MSR', 'parallel-snapshot-isolation', 'prefix'],
    forbids: ['internal', 'G1', 'G-SI', 'G-nonadjacent', 'PL-SI-cycle-exists'],
  },
  'PL-3U': { implies: ['PL-FCV'], forbids: ['G1', 'G-update'] },
  'PL-3': {
    implies: ['PL-2.99', 'PL-3U', 'PL-SI', 'view-serializable'],
    forbids: ['internal', 'G1', 'G2', 'predicate-read-miss', 'PL-3-cycle-exists'],
  },
  'PL-SS': {
    implies: [
      'PL-3',
      'PL-SI',
      'linearizable',
      'session-serializable',
      'strong-session-serializable',
      'strong-snapshot-isolation',
    ],
    forbids: ['G1', 'G1c-realtime', 'G2-realtime', 'PL-SS-cycle-exists'],
  },
  'monotonic-atomic-view': { implies: ['PL-2'] },
  'read-atomic': { implies: ['monotonic-atomic-view'], forbids: ['internal', 'G1a', 'future-read'] },
  'causal-cerone': { implies: ['read-atomic'], forbids: ['internal', 'G1a'] },
  prefix: { implies: ['causal-cerone'], forbids: ['internal', 'G1a'] },
  'update-atomic': { implies: ['read-atomic'], forbids: ['lost-update'] },
  'parallel-snapshot-isolation': {
    implies: ['causal-cerone', 'update-atomic'],
    forbids: ['internal', 'G1a'],
  },
  'strong-session-PL-1': {
    implies: ['PL-1'],
    forbids: ['G0-process', 'strong-session-PL-1-cycle-exists'],
  },
  'strong-session-PL-2': {
    implies: ['PL-2', 'strong-session-PL-1'],
    forbids: ['G1c-process', 'strong-session-PL-2-cycle-exists'],
  },
  'strong-PL-1': { implies: ['strong-session-PL-1'], forbids: ['G0-realtime', 'strong-PL-1-cycle-exists'] },
  'strong-PL-2': {
    implies: ['strong-session-PL-2', 'strong-PL-1'],
    forbids: ['G1c-realtime', 'strong-PL-2-cycle-exists'],
  },
  'strong-session-snapshot-isolation': {
    implies: ['PL-SI', 'strong-session-PL-2'],
    forbids: [
      'internal',
      'G1-process',
      'G-nonadjacent-process',
      'strong-session-snapshot-isolation-cycle-exists',
    ],
  },
  'strong-snapshot-isolation': {
    implies: ['strong-session-snapshot-isolation', 'strong-PL-2'],
    forbids: ['internal', 'G1-realtime', 'G-nonadjacent-realtime', 'strong-snapshot-isolation-cycle-exists'],
  },
  'strong-session-serializable': {
    implies: ['PL-3', 'strong-session-snapshot-isolation'],
    forbids: ['G1-process', 'G2-process', 'strong-session-serializable-cycle-exists'],
  },
  linearizable: { implies: ['sequential'] },
  sequential: { implies: ['causal'] },
  causal: { implies: ['writes-follow-reads', 'PRAM'] },
  PRAM: { implies: ['monotonic-reads', 'monotonic-writes', 'read-your-writes'] },
  'session-serializable': { implies: ['1SR'] },
  'view-serializable': {},
  '1SR': {},
  'monotonic-reads': {},
  'monotonic-writes': {},
  'read-your-writes': {},
  'writes-follow-reads': {},
};

/** Anomalies that exist as -process and -realtime variants, X => X-process => X-realtime. */
const CYCLE_FAMILIES = [
  'G0',
  'G1c',
  'G1',
  'G-single',
  'G-single-item',
  'G-nonadjacent',
  'G-nonadjacent-item',
  'G2',
  'G2-item',
] as const;

/** Implications that hold alike for the plain, the -process and the -realtime form. */
const FAMILY_IMPLICATIONS: readonly (readonly [string, string])[] = [
  ['G0', 'G1c'],
  ['G1c', 'G1'],
  ['G-single-item', 'G-single'],
  ['G-single-item', 'G-nonadjacent-item'],
  ['G-single', 'G-nonadjacent'],
  ['G-nonadjacent-item', 'G-nonadjacent'],
  ['G-nonadjacent-item', 'G2-item'],
  ['G-nonadjacent', 'G2'],
  ['G2-item', 'G2'],
];

const PLAIN_IMPLICATIONS: readonly (readonly [string, string])[] = [
  ['G1a', 'G1'],
  ['G1b', 'G1'],
  ['G-single', 'GSIb'],
  ['GSIa', 'GSI'],
  ['GSIb', 'GSI'],
  ['incompatible-order', 'G1a'],
  ['dirty-update', 'G1a'],
  ['future-read', 'G1c'],
  ['lost-update', 'write-skew'],
  ['lost-update', 'G2-item'],
  ['write-skew', 'G2'],
];

function* anomalyImplications(): Iterable<readonly [string, string]> {
  yield* PLAIN_IMPLICATIONS;
  for (const name of CYCLE_FAMILIES) {
    yield [name, `${name}-process`];
    yield [`${name}-process`, `${name}-realtime`];
  }
  for (const suffix of ['', '-process', '-realtime']) {
    for (const [from, to] of FAMILY_IMPLICATIONS) yield [from + suffix, to + suffix];
  }
}

type Graph = ReadonlyMap<string, readonly string[]>;

function graphOf(edges: Iterable<readonly [string, string]>): Graph {
  const graph = new Map<string, string[]>();
  for (const [from, to] of edges) {
    addTo(graph, from, to);
  }
  return graph;
}

function reversed(graph: Graph): Graph {
  return graphOf(
    [...graph].flatMap(([from, targets]) => targets.map((to): readonly [string, string] => [to, from])),
  );
}

/** Everything that can be reached from the given names, themselves included. */
function reachable(graph: Graph, from: Iterable<string>): Set<string> {
  const seen = new Set<string>(from);
  for (const name of seen) for (const next of graph.get(name) ?? []) seen.add(next);
  return seen;
}

const modelEntries = Object.entries(MODELS);
const WEAKER = graphOf(
  modelEntries.flatMap(([name, model]) =>
    (model.implies ?? []).map((weaker): readonly [string, string] => [name, weaker]),
  ),
);
const STRONGER = reversed(WEAKER);
const CONSEQUENCES = graphOf(anomalyImplications());
const CAUSES = reversed(CONSEQUENCES);
const FORBIDDEN_BY = graphOf(
  modelEntries.flatMap(([name, model]) =>
    (model.forbids ?? []).map((anomaly): readonly [string, string] => [anomaly, name]),
  ),
);

const CANONICAL = new Map<string, string>([
  ...modelEntries.map(([name]): [string, string] => [name, name]),
  ...Object.entries(ALIASES).flatMap(([name, aliases]) =>
    aliases.map((alias): [string, string] => [alias, name]),
  ),
]);

/** The name results print: `PL-SI` is `snapshot-isolation`. */
export function friendlyModelName(model: string): string {
  const canonical = CANONICAL.get(model) ?? model;
  return ALIASES[canonical]?.[0] ?? canonical;
}

/** Every name a person may ask for, sorted: friendly names, canonical names and other aliases. */
export function consistencyModelNames(): readonly string[] {
  return [...CANONICAL.keys()].toSorted();
}

/** The canonical name of a model. Throws `UserError` for a name that does not exist, with the nearest and all others. */
export function canonicalModelName(name: string): string {
  const canonical = CANONICAL.get(name);
  if (canonical !== undefined) return canonical;
  const names = consistencyModelNames();
  const meant = nearest(name, names);
  throw new UserError(
    `There is no consistency model named "${name}".`,
    `${meant === undefined ? '' : `Did you mean ${meant}? `}The models are: ${names.join(', ')}.`,
  );
}

/** Every anomaly that shows that one of the given models does not hold. */
export function prohibitedAnomalies(models: Iterable<string>): Set<string> {
  const weaker = reachable(WEAKER, [...models].map(canonicalModelName));
  const forbidden = [...weaker].flatMap((model) => MODELS[model]?.forbids ?? []);
  return reachable(CAUSES, forbidden);
}

/** The given anomalies and every one that implies them. */
export function anomaliesImplying(anomalies: Iterable<string>): Set<string> {
  return reachable(CAUSES, anomalies);
}

/** The given anomalies and every one that they imply. */
export function anomaliesImpliedBy(anomalies: Iterable<string>): Set<string> {
  return reachable(CONSEQUENCES, anomalies);
}

/** The given models (canonical names) and every stronger one. */
export function strongerModels(models: Iterable<string>): Set<string> {
  return reachable(STRONGER, models);
}

/** The models (canonical names) that cannot hold where these anomalies are found. */
export function impossibleModels(anomalies: Iterable<string>): Set<string> {
  const broken: string[] = [];
  for (const anomaly of anomaliesImpliedBy(anomalies)) broken.push(...(FORBIDDEN_BY.get(anomaly) ?? []));
  return reachable(STRONGER, broken);
}

/** Throws `UserError` for an anomaly that no check knows. */
export function knownAnomaly(name: string): string {
  if (CAUSES.has(name) || CONSEQUENCES.has(name) || FORBIDDEN_BY.has(name)) return name;
  const names = [...new Set([...CAUSES.keys(), ...CONSEQUENCES.keys(), ...FORBIDDEN_BY.keys()])].toSorted();
  const meant = nearest(name, names);
  throw new UserError(
    `There is no anomaly named "${name}".`,
    `${meant === undefined ? '' : `Did you mean ${meant}? `}The anomalies are: ${names.join(', ')}.`,
  );
}

export interface Boundary {
  /** The weakest models that do not hold. */
  readonly not: readonly string[];
  /** The stronger ones, which therefore do not hold either. */
  readonly alsoNot: readonly string[];
}

/** The models that the anomalies rule out, by their friendly names, sorted. */
export function modelBoundary(anomalies: Iterable<string>): Boundary {
  const impossible = impossibleModels(anomalies);
  const not: string[] = [];
  const alsoNot: string[] = [];
  for (const model of impossible) {
    const weaker = [...reachable(WEAKER, WEAKER.get(model) ?? [])];
    (weaker.some((other) => impossible.has(other)) ? alsoNot : not).push(friendlyModelName(model));
  }
  return { not: not.toSorted(), alsoNot: alsoNot.toSorted() };
}
