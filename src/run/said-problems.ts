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

  lineOf({ node, kind, message }: Problem): string {
    const alike = `${kind} ${message.replaceAll(node, 'NODE').replaceAll(/\d+/g, 'N')}`;
    const first = this.firstNodes.get(alike);
    if (first === undefined) {
      this.firstNodes.set(alike, node);
      return message;
    }
    return `${node}: the same as ${first}.`;
  }
}
