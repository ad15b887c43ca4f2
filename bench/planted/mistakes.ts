/** The mistakes of bench/planted.ts: each replaces some text of a right program. */

export interface Program {
  /** Relative to the root of the project. */
  readonly folder: string;
  readonly main: string;
}

interface Patch {
  readonly file: string;
  readonly from: string;
  readonly to: string;
}

export interface Mistake {
  readonly name: string;
  readonly patches: readonly Patch[];
  /** Faults that it needs in addition to the usual ones. */
  readonly also?: readonly string[];
}

export const PROGRAMS: ReadonlyMap<string, Program> = new Map([
  ['raft', { folder: 'examples/raft', main: 'index.ts' }],
  ['viewstamped', { folder: 'bench/planted', main: 'viewstamped.ts' }],
  ['caspaxos', { folder: 'bench/planted', main: 'caspaxos.ts' }],
  ['primary-backup', { folder: 'bench/planted', main: 'primary-backup.ts' }],
]);

const patch = (file: string, from: string, to: string): Patch => ({ file, from, to });
const one = (of: string, name: string, file: string, from: string, to: string) => ({
  of,
  name,
  patches: [patch(file, from, to)],
});
const raft = (name: string, from: string, to: string, file = 'raft.ts') => one('raft', name, file, from, to);
const vr = (name: string, from: string, to: string) => one('viewstamped', name, 'viewstamped.ts', from, to);
const paxos = (name: string, from: string, to: string) => one('caspaxos', name, 'caspaxos.ts', from, to);
const backup = (name: string, from: string, to: string) =>
  one('primary-backup', name, 'primary-backup.ts', from, to);

const MAJORITY = 'Math.floor(voters.length / 2) + 1';

export const MISTAKES: readonly (Mistake & { readonly of: string })[] = [
  raft(
    'votes twice in a term',
    'const granted = term === this.term && isFree && isUpToDate',
    'const granted = term === this.term && (isFree || true) && isUpToDate',
  ),
  {
    ...raft(
      'forgets its vote in a restart',
      "this.storage.write('ballot', ballot)",
      "this.storage.write('ballot', { ...ballot, vote: null })",
      'durable-state.ts',
    ),
    also: ['kill'],
  },
  {
    of: 'raft',
    name: 'commits entries of older terms by counting',
    patches: [
      patch('raft.ts', 'return this.log.termAt(index) === this.term;', 'return index > 0;'),
      patch('raft.ts', '    this.append({});\n', ''),
    ],
  },
  raft('counts votes of an older term', 'granted && term === this.term && this.role', 'granted && this.role'),
  raft(
    'leader stays leader in a higher term',
    '    this.follow(undefined);\n  }\n\n  private follow(',
    '    if (!this.isLeader) this.follow(undefined);\n  }\n\n  private follow(',
  ),
  {
    of: 'raft',
    name: 'leader answers reads from its own store',
    patches: [
      patch(
        'index.ts',
        'const raft = new Raft(node, new DurableState<Command>(node), new KeyValueMachine());\nserve(node, raft);',
        `const machine = new KeyValueMachine();
const raft = new Raft(node, new DurableState<Command>(node), machine);
serve(node, raft, ({ type, key }) => {
  if (type !== 'read' || !raft.isLeader) return undefined;
  const value = machine.valueOf(key);
  return value === undefined ? undefined : { type: 'read_ok', value };
});`,
      ),
    ],
  },
  raft(
    'truncates a log that matches',
    'if (known < 0) return undefined;\n    const index = prevLogIndex + known + 1;',
    'if (this.at(prevLogIndex + 1 + (known < 0 ? entries.length : 0)) === undefined && known < 0) return undefined;\n    const index = known < 0 ? prevLogIndex + entries.length + 1 : prevLogIndex + known + 1;\n    if (known < 0) {\n      this.entries.splice(index - this.position.index - 1);\n      return index;\n    }',
    'log.ts',
  ),
  raft(
    'does not compare prevLogTerm',
    '!this.log.matches(prevLogIndex, prevLogTerm)',
    'prevLogIndex > this.log.lastIndex || prevLogTerm < 0',
  ),
  raft('votes for any log', 'isFree && isUpToDate', 'isFree'),
  raft(
    'votes by length of the log only',
    'lastLogTerm > lastTerm || (lastLogTerm === lastTerm && lastLogIndex >= lastIndex)',
    'lastLogIndex >= lastIndex',
  ),
  raft(
    'votes by term of the log only',
    'lastLogTerm > lastTerm || (lastLogTerm === lastTerm && lastLogIndex >= lastIndex)',
    'lastLogTerm >= lastTerm',
  ),
  raft('takes leaderCommit without the minimum', 'Math.min(body.leaderCommit, index)', 'body.leaderCommit'),
  raft(
    'applies repeated commands again',
    'if (last !== undefined && request === last.request) return last.outcome;',
    '',
    'key-value-machine.ts',
  ),
  {
    ...raft(
      'stores entries a moment late',
      "if (index > this.stored) this.storage.append('log', ...this.log.after(this.stored));",
      "const late = this.log.after(this.stored);\n    if (index > this.stored) setTimeout(() => this.storage.append('log', ...late), 30);",
      'durable-state.ts',
    ),
    also: ['kill'],
  },
  raft('half is a majority', MAJORITY, 'Math.ceil(voters.length / 2)', 'configuration.ts'),
  raft('answers proposals of a lost term', '    this.proposals.giveUp();\n', ''),
  raft(
    'accepts entries of an old leader',
    'if (!this.accepts(term, leader)) return;\n    if (!this.log',
    'this.accepts(term, leader);\n    if (!this.log',
  ),
  raft(
    'claims to agree with its whole log',
    '    this.answer(leader, true, index);\n  }\n\n  private onInstall',
    '    this.answer(leader, true, this.log.lastIndex);\n  }\n\n  private onInstall',
  ),
  raft('keeps matchIndex of an earlier term', '    this.matchIndex.clear();\n', ''),
  raft(
    'acknowledges before a majority has it',
    '    const outcome = this.proposals.outcomeOf(index);\n',
    "    const outcome = this.proposals.outcomeOf(index);\n    if (JSON.stringify(content).includes('\"write\"')) this.proposals.applied(index, { type: 'write_ok' } as Outcome);\n",
  ),

  vr(
    'the longest log wins',
    'a.lastNormal > b.lastNormal || (a.lastNormal === b.lastNormal && a.log.length > b.log.length)',
    'a.log.length > b.log.length',
  ),
  vr(
    'the primary answers reads by itself',
    '  if (isPrimary()) return await propose(operation);',
    "  if (isPrimary() && operation.type === 'read') return apply(operation);\n  if (isPrimary()) return await propose(operation);",
  ),
  vr('accepts entries of an old view', '  if (theirs < view) return;\n', ''),
  vr('a view begins with one vote too few', 'changes.size < quorum()', 'changes.size < quorum() - 1'),
  vr(
    'backups do not note the normal view',
    '    isNormal = true;\n    lastNormal = view;\n    giveUp();',
    '    isNormal = true;\n    giveUp();',
  ),

  paxos(
    'takes any accepted value',
    'state !== null && isLess(latest.ballot, state.ballot)',
    'state !== null',
  ),
  paxos(
    'accepts in spite of a promise',
    "  if (isLess(ballot, promised.get(name) ?? NEVER)) throw RpcError.abort('a higher ballot was promised');\n  promised",
    '  promised',
  ),
  paxos(
    'reads without the second phase',
    '  const value = next(latest.value);\n',
    '  const value = next(latest.value);\n  if (value === latest.value) return value;\n',
  ),
  paxos(
    'half is a majority',
    'Math.floor(node.nodeIds.length / 2) + 1',
    'Math.ceil(node.nodeIds.length / 2)',
  ),
  paxos('repeats a cas in doubt', 'await change(key, check, false)', 'await change(key, check, true)'),

  backup(
    'the primary answers reads by itself',
    '    await copyToAll();\n    return',
    "    if (operation.type !== 'read') await copyToAll();\n    return",
  ),
  backup(
    'backups accept an old primary',
    "  if (epoch < config.epoch) throw RpcError.abort('an old primary');\n",
    '',
  ),
  backup(
    'joins before it has the state',
    '    if (!(await copyTo(src, epoch))) return;\n    await reconfigure({ epoch: epoch + 1, primary: node.id, members: [...members, src] });',
    '    await reconfigure({ epoch: epoch + 1, primary: node.id, members: [...members, src] });',
  ),
  backup(
    'takes backups out without asking',
    '    await reconfigure({ epoch: epoch + 1, primary: node.id, members: others });\n  }',
    '    config = { ...config, members: others };\n    return;\n  }',
  ),
];
