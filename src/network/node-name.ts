/** Valid node names: a name is used as a file name, and in the network along with those of clients and services. */

export interface NameProblem {
  readonly message: string;
  readonly hint?: string;
}

const SERVICES = ['lin-kv', 'seq-kv', 'lww-kv', 'lin-tso'];

/** Whether this is a name that the harness gives to clients; no node may have one. */
export const isClientName = (name: string): boolean => /^c\d+$/.test(name);

/** Returns what is wrong with the name of a node, or undefined if nothing is. */
export function nodeNameProblem(name: string): NameProblem | undefined {
  if (!/^[\p{L}\p{N}_][\p{L}\p{N}_.:-]{0,99}$/u.test(name)) {
    return {
      message: `${JSON.stringify(name)} cannot be the name of a node.`,
      hint: 'A name has 1 to 100 letters, digits, dots, colons, dashes or underscores, and starts with a letter, digit or underscore.',
    };
  }
  if (isClientName(name))
    return { message: `A node cannot be named ${name}: clients are named c0, c1, and so on.` };
  if (SERVICES.includes(name))
    return { message: `A node cannot be named ${name}: there is a service of that name.` };
  return undefined;
}
