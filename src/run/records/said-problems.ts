/**
 * What the log says of the problems of nodes: one that several nodes have alike is described in full for the first of them, so
 * that a program that cannot start is not described once for each node. The results have each in full.
 */

interface Problem {
  readonly node: string;
  readonly kind: string;
  readonly message: string;
}

export class SaidProblems {
  private readonly firstNodes = new Map<string, string>();

  /** The line, and the brief one of a terminal (see RunLog). */
  lineOf({ node, kind, message }: Problem): readonly [line: string, brief: string] {
    const alike = `${kind} ${message.replaceAll(node, 'NODE').replaceAll(/\d+/g, 'N')}`;
    const first = this.firstNodes.get(alike);
    if (first === undefined) {
      this.firstNodes.set(alike, node);
      return [message, firstClause(message)];
    }
    return [`${node}: the same as ${first}.`, ''];
  }
}

/** What happened, without what was expected and seen: to the first end of a clause that is not quoted or in brackets. */
export function firstClause(message: string): string {
  for (const { index } of message.matchAll(/[.;:]?\n|[.;] /g)) {
    const clause = message.slice(0, index);
    if (isWhole(clause)) return `${clause}.`;
  }
  return `${message.replace(/[.:]$/, '')}.`;
}

const isWhole = (clause: string): boolean =>
  clause.split('(').length === clause.split(')').length && clause.split('"').length % 2 === 1;
