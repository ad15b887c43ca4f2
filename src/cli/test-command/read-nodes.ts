/** Which nodes a test has: from --node-count, or --nodes, --nodes-file and -n together, or n1 to n5. */
import { nodeNameProblem } from '../../network/node-name.ts';
import { UserError } from '../../protocol/user-error.ts';
import { readGivenFile } from '../words/given-file.ts';
import { parseNumber } from '../words/parse-number.ts';

export interface NodeOptions {
  readonly node?: readonly string[];
  readonly nodes?: string;
  readonly nodesFile?: string;
  readonly nodeCount?: string;
}

const DEFAULT_NODES = ['n1', 'n2', 'n3', 'n4', 'n5'];
const MAX_NODES = 1000;

export function readNodes(options: NodeOptions): readonly string[] {
  if (options.nodeCount !== undefined) {
    const range = { min: 1, max: MAX_NODES, integer: true, unit: 'nodes' };
    const count = parseNumber('--node-count', options.nodeCount, range);
    return Array.from({ length: count }, (_, i) => `n${i}`);
  }
  const named = [
    ...(options.node ?? []),
    ...(options.nodes === undefined ? [] : options.nodes.split(',').map((name) => name.trim())),
    ...(options.nodesFile === undefined ? [] : readNodesFile(options.nodesFile)),
  ];
  if (named.length === 0 && options.nodesFile === undefined && options.nodes === undefined)
    return DEFAULT_NODES;
  if (named.length === 0) throw new UserError('No nodes are named.', 'Leave the option out to get n1 to n5.');
  if (named.length > MAX_NODES)
    throw new UserError(`${named.length} nodes are too many; at most ${MAX_NODES} can be run.`);
  for (const [index, name] of named.entries()) {
    const problem = nodeNameProblem(name);
    if (problem !== undefined) throw new UserError(problem.message, problem.hint);
    if (named.indexOf(name) < index)
      throw new UserError(`Two nodes are named ${name}.`, 'Give every node its own name.');
  }
  return named;
}

/** One name a line; blank lines are skipped. */
function readNodesFile(path: string): string[] {
  const lines = readGivenFile('--nodes-file', path)
    .split(/\r?\n/)
    .map((line) => line.trim());
  return lines.filter((line) => line !== '');
}
