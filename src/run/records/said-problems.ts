/**
 * Log lines for problems of nodes: a problem that several nodes share is described in full only for the first of them,
 * so that a program that cannot start is not described once for each node. The results have each in full.
 */

import { GIVEN_LAST } from '../cluster/last-words.ts';

interface Problem {
  readonly node: string;
  readonly kind: string;
  readonly message: string;
}

export class SaidProblems {
  private readonly firstNodes = new Map<string, string>();

  /** Returns the line, and the brief form for a terminal (see RunLog). */
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

/** Numbers, and addresses as Go prints them, which differ between two processes of one program. */
const VARIABLE = /0x[\da-f]+\??|\d+(?:\.\d+)?/g;

/** Returns a message without the parts that differ between nodes with the same problem. */
export const withoutParticulars = (message: string, node: string): string =>
  message
    .split('\n')
    .filter((line) => !line.startsWith(GIVEN_LAST))
    .join('\n')
    .replaceAll(node, 'NODE')
    .replaceAll(VARIABLE, 'N');

/**
 * Returns what happened, without what was expected and seen: the text up to the first end of a clause outside quotes
 * and brackets.
 */
export function firstClause(message: string): string {
  for (const { index } of message.matchAll(/[.;:]?\n|[.;] /g)) {
    const clause = message.slice(0, index);
    if (isWhole(clause)) return `${clause}.`;
  }
  return `${message.replace(/[.:]$/, '')}.`;
}

const isWhole = (clause: string): boolean =>
  clause.split('(').length === clause.split(')').length && clause.split('"').length % 2 === 1;
