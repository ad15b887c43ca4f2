type State = { readonly role: string; readonly term: number };
type States = ReadonlyMap<string, State>;

/** Who has led in which term, of each run. */
const memory = new WeakMap<States, Map<number, string>>();

// oxlint-disable-next-line import/no-default-export -- it is what --invariant asks for
export default (states: States): string | undefined => {
  const leaders = memory.get(states) ?? new Map<number, string>();
  memory.set(states, leaders);
  for (const [name, { role, term }] of states) {
    if (role !== 'leader') continue;
    const other = leaders.get(term) ?? name;
    if (other !== name) return `two leaders in term ${term}: ${other} and ${name}`;
    leaders.set(term, name);
  }
  return undefined;
};
