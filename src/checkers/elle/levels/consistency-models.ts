/**
 * The lattice of consistency models and the anomalies that violate them.
 *
 * Two graphs and a table: which model implies which, which anomaly implies which (every model that b violates is then
 * violated by a too), and what each model forbids by itself. Everything else is reachability over them: the anomalies
 * that a set of models prohibits, the models that a set of anomalies rules out, and the boundary (`not`, `also-not`).
 *
 * The models are those of Adya's thesis, of Bailis et al. ("Highly Available Transactions") and of Cerone et al.;
 * implications and boundary follow Elle. Added here are `garbage-read`, on which Elle throws, and `no-serial-order` and
 * `no-snapshot-order`, which come from deciding.
 */
import { addTo } from '../../../columns/groups.ts';
import type { WeakAnomaly } from '../../weak/levels.ts';
import { nearest } from '../../../protocol/nearest.ts';
import { UserError } from '../../../protocol/user-error.ts';

/** Canonical name -> common names. Results print the first one. */
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
  'read-committed-biswas': ['strong-session-monotonic-atomic-view'],
  'read-atomic-biswas': ['strong-session-read-atomic'],
  'causal-biswas': ['strong-session-causal', 'transactional-causal-consistency'],
};

type WeakName = WeakAnomaly | 'own-write-missed';

interface Model {
  /** What it promises, as Markdown, in a sentence or two. */
  readonly about: string;
  /** Directly weaker models. */
  readonly implies?: readonly string[];
  /** Anomalies it forbids beyond those of the models it implies. */
  readonly forbids?: readonly string[];
  /** Further anomalies, unknown to Elle, that are searched for when the model is asked for by name. */
  readonly decides?: readonly WeakName[];
  /** The same, but searched for only with `--decide`: otherwise the model is judged as in Elle. */
  readonly underDecide?: readonly WeakName[];
  /** For a model that no anomaly searched for could refute: the nearest refutable model that demands no less. */
  readonly askFor?: string;
  /** True for models that Elle lacks. Results name them only if an anomaly of their kind was found. */
  readonly isOurs?: true;
}

const MODELS: Readonly<Record<string, Model>> = {
  'PL-1': {
    about:
      'Writes of transactions are not interleaved: of any two transactions, one wrote before the other at every key. Reads may see anything.',
    forbids: ['G0', 'duplicate-elements', 'cyclic-versions', 'garbage-read', 'PL-1-cycle-exists'],
  },
  'PL-2': {
    about:
      'Reads see only writes of committed transactions, and only each transaction’s last write of a key.',
    implies: ['PL-1'],
    forbids: ['G1', 'PL-2-cycle-exists'],
  },
  'PL-CS': {
    about:
      'Read committed, and no update of a key is lost between a transaction’s read and its write of that key.',
    implies: ['PL-2'],
    forbids: ['G1', 'G-cursor', 'lost-update'],
  },
  'PL-2L': {
    about: 'Read committed, and what a transaction sees only grows during the transaction.',
    implies: ['PL-2'],
    forbids: ['G1', 'G-monotonic'],
  },
  'PL-MSR': {
    about:
      'Read committed, and each read of a transaction sees a snapshot that is not older than that of its previous read.',
    implies: ['PL-2'],
    forbids: ['G1', 'G-MSR'],
  },
  'PL-2+': {
    about:
      'A transaction sees all effects of each transaction that it depends on, and nothing that contradicts them: there is no read skew.',
    implies: ['PL-CS', 'PL-2L'],
    forbids: ['G1', 'G-single'],
  },
  'PL-FCV': {
    about: 'Consistent view, from one state that may be later than the transaction’s beginning.',
    implies: ['PL-2+'],
    forbids: ['G1', 'G-SIb'],
  },
  'PL-2.99': {
    about:
      'As if transactions ran one after the other, as long as they name the keys that they read: only predicate reads may see phantoms.',
    implies: ['PL-CS', 'monotonic-atomic-view'],
    forbids: ['G1', 'G2-item', 'lost-update', 'no-serial-order', 'PL-2.99-cycle-exists'],
  },
  'PL-SI': {
    about:
      'A transaction reads from one snapshot, and commits only if no other transaction has written the same keys since. Write skew is possible.',
    implies: ['PL-FCV', 'monotonic-atomic-view', 'PL-MSR', 'parallel-snapshot-isolation', 'prefix'],
    forbids: ['internal', 'G1', 'G-SI', 'G-nonadjacent', 'no-snapshot-order', 'PL-SI-cycle-exists'],
  },
  'PL-3U': {
    about:
      'Transactions that write run one after the other. Each read-only transaction sees such an order, possibly a different one.',
    implies: ['PL-FCV'],
    forbids: ['G1', 'G-update'],
  },
  'PL-3': {
    about: 'As if all transactions ran one after the other, in some order.',
    implies: ['PL-2.99', 'PL-3U', 'PL-SI', 'view-serializable'],
    forbids: ['internal', 'G1', 'G2', 'predicate-read-miss', 'no-serial-order', 'PL-3-cycle-exists'],
  },
  'PL-SS': {
    about:
      'As if all transactions ran one after the other, in an order that agrees with real time. This is the default.',
    implies: [
      'PL-3',
      'PL-SI',
      'linearizable',
      'session-serializable',
      'strong-session-serializable',
      'strong-snapshot-isolation',
    ],
    forbids: ['G1', 'G1c-realtime', 'G2-realtime', 'no-serial-order-realtime', 'PL-SS-cycle-exists'],
  },
  'monotonic-atomic-view': {
    about:
      'Once a transaction has seen one effect of another transaction, it sees all of that transaction’s effects.',
    implies: ['PL-2'],
    decides: ['OTV'],
  },
  'read-atomic': {
    about: 'A transaction sees all effects of another transaction, or none.',
    implies: ['monotonic-atomic-view'],
    forbids: ['internal', 'G1a', 'future-read'],
    decides: ['fractured-read'],
  },
  'causal-cerone': {
    about: 'Read atomic, and a transaction that sees another transaction also sees those that it depends on.',
    implies: ['read-atomic'],
    forbids: ['internal', 'G1a'],
    underDecide: ['causality-violation'],
  },
  prefix: {
    about: 'Causal, and all transactions are seen in one order: each transaction sees a prefix of it.',
    implies: ['causal-cerone'],
    forbids: ['internal', 'G1a'],
  },
  'update-atomic': {
    about: 'Read atomic, and no update is lost.',
    implies: ['read-atomic'],
    forbids: ['lost-update'],
  },
  'parallel-snapshot-isolation': {
    about: 'Snapshot isolation, except that sites may see independent transactions in different orders.',
    implies: ['causal-cerone', 'update-atomic'],
    forbids: ['internal', 'G1a'],
  },
  'strong-session-PL-1': {
    about: 'Read uncommitted, in an order that agrees with the order of each process.',
    implies: ['PL-1'],
    forbids: ['G0-process', 'strong-session-PL-1-cycle-exists'],
  },
  'strong-session-PL-2': {
    about: 'Read committed, in an order that agrees with the order of each process.',
    implies: ['PL-2', 'strong-session-PL-1'],
    forbids: ['G1c-process', 'strong-session-PL-2-cycle-exists'],
  },
  'strong-PL-1': {
    about: 'Read uncommitted, in an order that agrees with real time.',
    implies: ['strong-session-PL-1'],
    forbids: ['G0-realtime', 'strong-PL-1-cycle-exists'],
  },
  'strong-PL-2': {
    about: 'Read committed, in an order that agrees with real time.',
    implies: ['strong-session-PL-2', 'strong-PL-1'],
    forbids: ['G1c-realtime', 'strong-PL-2-cycle-exists'],
  },
  'strong-session-snapshot-isolation': {
    about: 'Snapshot isolation, and each process sees everything that it did and saw before.',
    implies: ['PL-SI', 'strong-session-PL-2', 'causal-biswas'],
    forbids: [
      'internal',
      'G1-process',
      'G-nonadjacent-process',
      'no-snapshot-order-process',
      'strong-session-snapshot-isolation-cycle-exists',
    ],
  },
  'strong-snapshot-isolation': {
    about: 'Snapshot isolation in which a transaction sees every transaction that completed before it began.',
    implies: ['strong-session-snapshot-isolation', 'strong-PL-2'],
    forbids: [
      'internal',
      'G1-realtime',
      'G-nonadjacent-realtime',
      'no-snapshot-order-realtime',
      'strong-snapshot-isolation-cycle-exists',
    ],
  },
  'strong-session-serializable': {
    about: 'Serializable, in an order that agrees with the order of each process.',
    implies: ['PL-3', 'strong-session-snapshot-isolation'],
    forbids: [
      'G1-process',
      'G2-process',
      'no-serial-order-process',
      'strong-session-serializable-cycle-exists',
    ],
  },
  'read-committed-biswas': {
    isOurs: true,
    about:
      'Monotonic atomic view, in an order of commits that agrees with the order of each process. This is what Biswas and Enea, AWDIT and Plume call read committed.',
    implies: ['monotonic-atomic-view', 'strong-session-PL-2'],
    decides: ['own-write-missed', 'OTV-process'],
  },
  'read-atomic-biswas': {
    isOurs: true,
    about:
      'Read atomic, and a transaction sees everything that its process did before. This is what Biswas and Enea, AWDIT and Plume call read atomic.',
    implies: ['read-atomic', 'read-committed-biswas'],
    decides: ['fractured-read-process'],
  },
  'causal-biswas': {
    isOurs: true,
    about:
      'Read atomic, and a transaction that sees another transaction also sees those that it depends on, and the earlier ones of its process. This is what Biswas and Enea, AWDIT and Plume call (transactional) causal consistency.',
    implies: ['causal-cerone', 'read-atomic-biswas', 'causal'],
    decides: ['causality-violation-process'],
  },
  linearizable: {
    askFor: 'PL-SS',
    about: 'Each operation on an object happens at one instant between its request and its reply.',
    implies: ['sequential'],
  },
  sequential: {
    askFor: 'strong-session-serializable',
    about: 'All operations happen in one order that agrees with the order of each process.',
    implies: ['causal'],
  },
  causal: {
    askFor: 'causal-biswas',
    about: 'All processes see operations that may depend on each other in the same order.',
    implies: ['writes-follow-reads', 'PRAM'],
  },
  PRAM: {
    askFor: 'causal-biswas',
    about: 'All processes see the writes of a process in its order.',
    implies: ['monotonic-reads', 'monotonic-writes', 'read-your-writes'],
  },
  'session-serializable': {
    askFor: 'strong-session-serializable',
    about: 'One-copy serializable, and in an order that agrees with that of each session.',
    implies: ['1SR'],
  },
  'view-serializable': {
    askFor: 'PL-3',
    about: 'As if transactions ran one after the other, considering only what reads see.',
  },
  '1SR': {
    askFor: 'PL-3',
    about:
      'One-copy serializable: as if there were one copy of the data, and transactions ran one after the other.',
  },
  'monotonic-reads': {
    askFor: 'causal-biswas',
    about: 'A process never stops seeing what it has seen.',
  },
  'monotonic-writes': {
    askFor: 'causal-biswas',
    about: 'Writes of a process are seen in their order.',
  },
  'read-your-writes': {
    askFor: 'causal-biswas',
    about: 'A process sees its own writes.',
  },
  'writes-follow-reads': {
    askFor: 'causal-biswas',
    about: 'A process that sees a write also sees what the writing process had seen before.',
  },
};

/** Anomalies with -process and -realtime variants, X => X-process => X-realtime. */
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
  'no-snapshot-order',
  'no-serial-order',
] as const;

/** Implications that hold equally for the plain, the -process and the -realtime form. */
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
  ['no-snapshot-order', 'no-serial-order'],
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

/**
 * Implications of the weak levels' anomalies. Under any version order they are a cycle with at most one missed write.
 */
const WEAK_IMPLICATIONS: readonly (readonly [WeakName, string])[] = [
  ['OTV', 'fractured-read'],
  ['OTV', 'OTV-process'],
  ['fractured-read', 'G-single-item'],
  ['fractured-read', 'fractured-read-process'],
  ['fractured-read', 'causality-violation'],
  ['causality-violation', 'G-single-item'],
  ['causality-violation', 'causality-violation-process'],
  ['OTV-process', 'fractured-read-process'],
  ['fractured-read-process', 'causality-violation-process'],
  ['causality-violation-process', 'G-single-item-process'],
  ['own-write-missed', 'internal'],
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

/** Returns everything reachable from the given names, including themselves. */
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
const CAUSES = reversed(graphOf(anomalyImplications()));
const CONSEQUENCES = graphOf([...anomalyImplications(), ...WEAK_IMPLICATIONS]);
const WEAK_CAUSES = reversed(graphOf(WEAK_IMPLICATIONS));
const FORBIDDEN_BY = graphOf(
  modelEntries.flatMap(([name, model]) =>
    forbiddenBy(model).map((anomaly): readonly [string, string] => [anomaly, name]),
  ),
);

/** Returns all that a model forbids by itself, with `--decide`. */
function forbiddenBy({ forbids = [], decides = [], underDecide = [] }: Model): readonly string[] {
  return [...forbids, ...decides, ...underDecide];
}

/** Anomalies unknown to Elle. */
const WEAK_ANOMALIES: ReadonlySet<string> = new Set(WEAK_IMPLICATIONS.map(([anomaly]) => anomaly));

const CANONICAL = new Map<string, string>([
  ...modelEntries.map(([name]): [string, string] => [name, name]),
  ...Object.entries(ALIASES).flatMap(([name, aliases]) =>
    aliases.map((alias): [string, string] => [alias, name]),
  ),
]);

/** Returns the name that results print: `PL-SI` is `snapshot-isolation`. */
export function friendlyModelName(model: string): string {
  const canonical = CANONICAL.get(model) ?? model;
  return ALIASES[canonical]?.[0] ?? canonical;
}

/** A consistency model for pictures and reference pages. All names are friendly ones. */
export interface ConsistencyModel {
  readonly name: string;
  /** Its other names, including the canonical one. */
  readonly aliases: readonly string[];
  readonly about: string;
  /** The directly weaker models: those that no other of them implies. */
  readonly implies: readonly string[];
  /** What it forbids by itself, beyond what the models it implies forbid. */
  readonly forbids: readonly string[];
  /** For a model that no anomaly searched for could refute: the stronger model to ask for. */
  readonly askFor: string | undefined;
}

/** Returns all models, weaker ones first. */
export function consistencyModels(): readonly ConsistencyModel[] {
  const strength = (model: string): number => reachable(WEAKER, [model]).size;
  return modelEntries
    .toSorted(([a], [b]) => strength(a) - strength(b))
    .map(([canonical, model]) => {
      const { about, implies = [], askFor } = model;
      const name = friendlyModelName(canonical);
      const beneath = new Set(implies.flatMap((weaker) => [...reachable(WEAKER, WEAKER.get(weaker) ?? [])]));
      const names = [canonical, ...(ALIASES[canonical] ?? [])];
      return {
        name,
        aliases: names.filter((other) => other !== name),
        about,
        implies: implies.filter((weaker) => !beneath.has(weaker)).map(friendlyModelName),
        forbids: forbiddenBy(model),
        askFor: askFor === undefined ? undefined : friendlyModelName(askFor),
      };
    });
}

/** Returns every name that can be asked for, sorted: friendly names, canonical names and other aliases. */
export function consistencyModelNames(): readonly string[] {
  return [...CANONICAL.keys()].toSorted();
}

/**
 * Returns the canonical name of a model. Throws a `UserError` for an unknown name, with the nearest and all other
 * names.
 */
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

/**
 * Returns the models, given by canonical names, that no anomaly searched for could refute, with the model to ask for
 * instead. Leaves out those for which the latter, or a stronger one, was asked for too. All returned names are friendly
 * ones.
 */
export function notLookedFor(models: readonly string[]): ReadonlyMap<string, string> {
  const judged = reachable(
    WEAKER,
    models.filter((model) => MODELS[model]?.askFor === undefined),
  );
  const asked = models.flatMap((model): readonly (readonly [string, string])[] => {
    const instead = MODELS[model]?.askFor;
    if (instead === undefined || judged.has(model) || judged.has(instead)) return [];
    return [[friendlyModelName(model), friendlyModelName(instead)]];
  });
  return new Map(asked);
}

/** Whether a model, given by its canonical name, is decided when asked for, rather than only inferred as in Elle. */
export const isWeakModel = (model: string): boolean => MODELS[model]?.decides !== undefined;

/** Returns the anomalies to decide when these models (by canonical names) and anomalies were asked for. */
export function weakAnomalies(models: readonly string[], anomalies: readonly string[]): Set<string> {
  const named = reachable(WEAKER, models.filter(isWeakModel));
  const asked = [...named].flatMap((model) => MODELS[model]?.decides ?? []);
  const all = reachable(WEAK_CAUSES, [
    ...asked,
    ...anomalies.filter((anomaly) => WEAK_ANOMALIES.has(anomaly)),
  ]);
  return new Set([...all].filter((anomaly) => WEAK_ANOMALIES.has(anomaly)));
}

/**
 * Returns the anomalies of weak levels that refute one of these models, by canonical names, or are cycles that one
 * forbids.
 */
export function weakAnomaliesBeneath(
  models: readonly string[],
  prohibited: ReadonlySet<string>,
): ReadonlySet<string> {
  const beneath = [...reachable(WEAKER, models)].map((model) => MODELS[model]);
  const decided = new Set(
    beneath.flatMap((model) => [...(model?.decides ?? []), ...(model?.underDecide ?? [])]),
  );
  const all = reachable(WEAK_CAUSES, decided);
  for (const anomaly of WEAK_ANOMALIES) {
    const isForbidden = [...reachable(CONSEQUENCES, [anomaly])].some((one) => prohibited.has(one));
    if (isForbidden) all.add(anomaly);
  }
  return new Set([...all].filter((anomaly) => WEAK_ANOMALIES.has(anomaly)));
}

/** Returns every anomaly that refutes one of the given models. */
export function prohibitedAnomalies(models: Iterable<string>): Set<string> {
  const weaker = reachable(WEAKER, [...models].map(canonicalModelName));
  const forbidden = [...weaker].flatMap((model) => MODELS[model]?.forbids ?? []);
  return reachable(CAUSES, forbidden);
}

/** Returns the given anomalies and all that imply them. */
export function anomaliesImplying(anomalies: Iterable<string>): Set<string> {
  return reachable(CAUSES, anomalies);
}

/** Returns the given anomalies and all that they imply. */
export function anomaliesImpliedBy(anomalies: Iterable<string>): Set<string> {
  return reachable(CONSEQUENCES, anomalies);
}

/** Returns the given models (canonical names) and all stronger ones. */
export function strongerModels(models: Iterable<string>): Set<string> {
  return reachable(STRONGER, models);
}

/** Returns the models (canonical names) that these anomalies rule out. */
export function impossibleModels(anomalies: Iterable<string>): Set<string> {
  const broken: string[] = [];
  for (const anomaly of anomaliesImpliedBy(anomalies)) broken.push(...(FORBIDDEN_BY.get(anomaly) ?? []));
  return reachable(STRONGER, broken);
}

/** Returns the name of a known anomaly. Throws a `UserError` for an unknown one. */
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

/** Returns the models that the anomalies rule out, as friendly names, sorted. */
export function modelBoundary(anomalies: Iterable<string>): Boundary {
  const found = [...anomalies];
  const impossible = impossibleModels(found);
  const namesOurs = found.some((anomaly) => WEAK_ANOMALIES.has(anomaly));
  const not: string[] = [];
  const alsoNot: string[] = [];
  for (const model of impossible) {
    if (MODELS[model]?.isOurs === true && !namesOurs) continue;
    const weaker = [...reachable(WEAKER, WEAKER.get(model) ?? [])];
    (weaker.some((other) => impossible.has(other)) ? alsoNot : not).push(friendlyModelName(model));
  }
  return { not: not.toSorted(), alsoNot: alsoNot.toSorted() };
}
