/** Options for what is tested: the workload, the program, and the nodes that run it. */
import { oneOf } from '../../../harness/settings/one-of.ts';
import { readWorkloadWord } from '../../../harness/own/own-file-words.ts';
import { nodeNameProblem } from '../../../network/node-name.ts';
import { UserError } from '../../../protocol/user-error.ts';
import { SETTINGS, type TestSpec } from '../../../run/test-spec.ts';
import { WORKLOAD_NAMES } from '../../../workloads/names.ts';
import { readGivenFile } from '../../words/given-file.ts';
import { list, withValue, type Given } from '../../words/option.ts';
import { parseNumber } from '../../words/parse-number.ts';

export const NODES = {
  workload: withValue(
    '-w, --workload <name>',
    `which requests clients send, and how they are checked: ${WORKLOAD_NAMES.join(', ')}; or a file with your own workload`,
    {
      default: 'lin-kv',
      values: WORKLOAD_NAMES,
      orFile: true,
      read: (name, _, option): Pick<TestSpec, 'workload' | 'workloadFile'> =>
        readWorkloadWord(name, option) ?? {
          workload: oneOf(name, WORKLOAD_NAMES, { option, kind: 'workload' }),
        },
    },
  ),
  // Read last, by readBin.
  bin: withValue(
    '--bin <program>',
    'program to run as a node: an executable, a .ts, .js, .mjs, .cjs or .wasm file, or a folder with index.ts, .js or .wasm (required)',
    { isPath: true, isAnyWord: true },
  ),
  // Read together, by readNodes.
  nodeCount: withValue('--node-count <n>', 'number of nodes, named n0 to n(N-1); overrides the other three'),
  node: list('-n, --node <name>', 'name of one node; can be repeated (default: n1 to n5)'),
  nodes: withValue('--nodes <names>', 'names of all nodes, comma-separated'),
  nodesFile: withValue('--nodes-file <file>', 'file with node names, one per line', { isPath: true }),
};

const MAX_NODES = 1000;

/** Returns the nodes from --node-count; else from --nodes, --nodes-file and -n together; else n1 to n5. */
export function readNodes(options: Given<typeof NODES>): readonly string[] {
  const { nodeCount, node = [], nodes, nodesFile } = options;
  if (nodeCount !== undefined) {
    const range = { min: 1, max: MAX_NODES, integer: true, unit: 'nodes' };
    const count = parseNumber('--node-count', nodeCount, range);
    return Array.from({ length: count }, (_, i) => `n${i}`);
  }
  if (nodes !== undefined && isNumber(nodes) && node.length === 0 && nodesFile === undefined)
    throw new UserError(
      `--nodes takes the names of nodes, and would make one node that is named ${nodes.trim()}.`,
      `For a number of nodes: --node-count ${nodes.trim()}. For one node of that name: -n ${nodes.trim()}`,
    );
  const named = [
    ...node,
    ...(nodes === undefined ? [] : nodes.split(',').map((name) => name.trim())),
    ...(nodesFile === undefined ? [] : readNodesFile(nodesFile)),
  ];
  if (named.length === 0 && nodesFile === undefined && nodes === undefined) return SETTINGS.nodes.default;
  if (named.length === 0) throw new UserError('No nodes were named.', 'Leave the option out for n1 to n5.');
  if (named.length > MAX_NODES)
    throw new UserError(`${named.length} nodes are too many; the maximum is ${MAX_NODES}.`);
  for (const [index, name] of named.entries()) {
    const problem = nodeNameProblem(name);
    if (problem !== undefined) throw new UserError(problem.message, problem.hint);
    if (named.indexOf(name) < index)
      throw new UserError(`Two nodes are named ${name}.`, 'Give each node its own name.');
  }
  return named;
}

/** True for a name that was probably meant as the number of nodes, as in `explore --nodes 2`. */
export const isNumber = (name: string): boolean => /^\s*\d+\s*$/.test(name);

/** Reads one name per line; blank lines are skipped. */
function readNodesFile(path: string): string[] {
  const lines = readGivenFile('--nodes-file', path)
    .split(/\r?\n/)
    .map((line) => line.trim());
  return lines.filter((line) => line !== '');
}

export function readBin({ bin }: Given<typeof NODES>, args: readonly string[]): string {
  if (bin !== undefined && bin !== '') return bin;
  const hint =
    args[0] === undefined
      ? 'For example: maelstrom test -w echo --bin ./my-echo'
      : `Did you mean --bin ${args[0]}?`;
  throw new UserError('No program was given: --bin is missing.', hint);
}
