/**
 * Who belongs to the cluster, and how many of them are a majority (Ongaro's thesis, chapter 4).
 *
 *     add n4:     voters n1 n2 n3     learners n4       it is sent the log, and counts for nothing
 *                 voters n1 n2 n3 n4                    it has caught up, and counts
 *     remove n1:  voters n2 n3 n4
 *
 * One voter more or less at a time: then any majority of the old configuration shares a node with any majority of the new one, and no
 * moment has two leaders of one term, whichever of the two a node goes by.
 */
export type Configuration = {
  readonly voters: readonly string[];
  /** They join: they have the log, or will, and do not vote yet. A cluster that waited for their copies would stand still meanwhile. */
  readonly learners: readonly string[];
};

/** A configuration and the place in the log at which it begins. */
export type Configured = { readonly index: number; readonly configuration: Configuration };

/** Before anything is known, which is so on all nodes but one when a cluster is founded. */
export const NO_CONFIGURATION: Configuration = { voters: [], learners: [] };

const majorityOf = ({ voters }: Configuration): number => Math.floor(voters.length / 2) + 1;

export const isMajority = (configuration: Configuration, names: ReadonlySet<string>): boolean =>
  configuration.voters.filter((name) => names.has(name)).length >= majorityOf(configuration);

/** How far the logs of a majority reach. */
export function agreedIndex(configuration: Configuration, matchIndex: ReadonlyMap<string, number>): number {
  const places = configuration.voters.map((name) => matchIndex.get(name) ?? 0);
  return places.toSorted((a, b) => b - a)[majorityOf(configuration) - 1] ?? 0;
}

export const membersOf = ({ voters, learners }: Configuration): readonly string[] => [...voters, ...learners];

export function withLearner({ voters, learners }: Configuration, name: string): Configuration {
  return { voters, learners: [...learners, name] };
}

export function withVoter(configuration: Configuration, name: string): Configuration {
  const { voters, learners } = without(configuration, name);
  return { voters: [...voters, name], learners };
}

export function without({ voters, learners }: Configuration, name: string): Configuration {
  const others = (names: readonly string[]): readonly string[] => names.filter((other) => other !== name);
  return { voters: others(voters), learners: others(learners) };
}
