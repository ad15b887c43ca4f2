import oneLeader from './one-leader.ts';

type State = { readonly role: string; readonly term: number; readonly certain: readonly string[] };
type States = ReadonlyMap<string, State>;

/** What was committed at each index, and by whom first; of each run. */
const memory = new WeakMap<States, { readonly entry: string; readonly name: string }[]>();

// oxlint-disable-next-line import/no-default-export -- it is what --invariant asks for
export default (states: States): string | undefined => oneLeader(states) ?? committedStays(states);

function committedStays(states: States): string | undefined {
  const known = memory.get(states) ?? [];
  memory.set(states, known);
  for (const [name, { certain }] of states) {
    for (const [at, entry] of certain.entries()) {
      const before = (known[at] ??= { entry, name });
      if (before.entry !== entry)
        return `entry ${at + 1} of ${name} is "${entry}"; ${before.name} had committed "${before.entry}" there`;
    }
  }
  return undefined;
}
