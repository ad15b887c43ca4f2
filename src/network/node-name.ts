/** What a node may be called: its name becomes a file's name, and one in the network, where clients and services have theirs. */

export interface NameProblem {
  readonly message: string;
  readonly hint?: string;
}

const SERVICES = ['lin-kv', 'seq-kv', 'lww-kv', 'lin-tso'];

/** Whether it is what the harness calls its clients; no node may be called so. */
export const isClientName = (name: string): boolean => /^c\d+$/.test(name);

/** What is wrong with it as the name of a node; undefined when nothing is. */
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
