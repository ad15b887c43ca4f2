/**
 * The members of the cluster, and how many of them are a majority (Ongaro's thesis, chapter 4).
 *
 *     add n4:     voters n1 n2 n3     learners n4       it receives the log, and does not count
 *                 voters n1 n2 n3 n4                    it has caught up, and counts
 *     remove n1:  voters n2 n3 n4
 *
 * Voters are added and removed one at a time. Then any majority of the old configuration shares a node with any
 * majority of the new one, and a term never has two leaders, whichever of the two configurations a node uses.
 */
export type Configuration = {
  readonly voters: readonly string[];
  /**
   * Nodes that join: they receive the log, and do not vote yet. A cluster that waited for their copies would stall
   * meanwhile.
   */
  readonly learners: readonly string[];
};

/** A configuration and the index in the log at which it begins. */
export type Configured = { readonly index: number; readonly configuration: Configuration };

/** The configuration before any is known, as on all nodes but one when a cluster is founded. */
export const NO_CONFIGURATION: Configuration = { voters: [], learners: [] };

const majorityOf = ({ voters }: Configuration): number => Math.floor(voters.length / 2) + 1;

export const isMajority = (configuration: Configuration, names: ReadonlySet<string>): boolean =>
  configuration.voters.filter((name) => names.has(name)).length >= majorityOf(configuration);

/** Returns the highest index up to which the logs of a majority agree. */
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
