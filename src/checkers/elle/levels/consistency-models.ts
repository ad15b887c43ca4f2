/**
 * The lattice of consistency models and the anomalies that violate them: reachability over the models (consistency-table.ts) and over
 * the anomalies (anomaly-implications.ts). It gives the anomalies that a set of models prohibits, the models that a set of
 * anomalies rules out, and the boundary (`not`, `also-not`), as Elle has it.
 */
import { addTo } from '../../../columns/groups.ts';
import { nearest } from '../../../protocol/nearest.ts';
import { UserError } from '../../../protocol/user-error.ts';
import { anomalyImplications, WEAK_IMPLICATIONS } from './anomaly-implications.ts';
import { ALIASES, MODELS, type Model } from './consistency-table.ts';

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

/** With its -process and -realtime forms it refutes models that Elle lacks. */
const NO_PREFIX_ORDER = 'no-prefix-order';
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
  const namesOurs = found.some(
    (anomaly) => WEAK_ANOMALIES.has(anomaly) || anomaly.startsWith(NO_PREFIX_ORDER),
  );
  const not: string[] = [];
  const alsoNot: string[] = [];
  for (const model of impossible) {
    if (MODELS[model]?.isOurs === true && !namesOurs) continue;
    const weaker = [...reachable(WEAKER, WEAKER.get(model) ?? [])];
    (weaker.some((other) => impossible.has(other)) ? alsoNot : not).push(friendlyModelName(model));
  }
  return { not: not.toSorted(), alsoNot: alsoNot.toSorted() };
}
