/**
 * What the log says of the problems of nodes: one that several nodes have alike is described in full for the first of them, so
 * that a program that cannot start is not described once for each node. The results have each in full.
 */

import { GIVEN_LAST } from '../cluster/last-words.ts';

interface Problem {
  readonly node: string;
  readonly kind: string;
  readonly message: string;
}

export class SaidProblems {
  private readonly firstNodes = new Map<string, string>();

  /** The line, and the brief one of a terminal (see RunLog). */
  lineOf({ node, kind, message }: Problem): readonly [line: string, brief: string] {
    const alike = `${kind} ${withoutParticulars(message, node)}`;
    const first = this.firstNodes.get(alike);
    if (first === undefined) {
      this.firstNodes.set(alike, node);
      return [message, firstClause(message)];
    }
    return [`${node}: the same as ${first}.`, ''];
  }
}

/** Numbers, and addresses as Go prints them: two processes of one program differ in them. */
const VARIABLE = /0x[\da-f]+\??|\d+(?:\.\d+)?/g;

/** A message without what differs from node to node where the same thing happened. */
export const withoutParticulars = (message: string, node: string): string =>
  message
    .split('\n')
    .filter((line) => !line.startsWith(GIVEN_LAST))
    .join('\n')
    .replaceAll(node, 'NODE')
    .replaceAll(VARIABLE, 'N');

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
