/**
 * Changes of membership: nodes leave the cluster for good, and new ones join it, while requests go on.
 *
 *     n1 n2 n3 n4 n5  --remove n2-->  n1 n3 n4 n5  --add n6-->  n1 n3 n4 n5 n6
 *
 * A majority of the first nodes' number always stays, and there are never more than half again as many; in a fault script
 * the story-teller minds that himself.
 */
import type { Generator } from '../generator/generator.ts';
import { nothing, repeatedly } from '../generator/operations.ts';
import { stagger } from '../generator/pacing.ts';
import { nodeNameProblem } from '../network/node-name.ts';
import { isJsonObject, stringifyJson, type Json } from '../protocol/json.ts';
import { chooseNodes } from './choose-nodes.ts';
import type {
  FaultEnvironment,
  FaultKind,
  FaultOp,
  FaultPackage,
  ScriptedChange,
  ScriptTarget,
} from './fault-package.ts';
import type { MembershipAnswer, MembershipControl } from './node-control.ts';

const ADD = 'add-member';
const REMOVE = 'remove-member';

type Change = typeof ADD | typeof REMOVE;

/** Who leaves when a script does not name him. */
const LEAVERS = ['one', 'primary'] as const;

const CHANGE_TARGET: ScriptTarget = {
  expected:
    'who joins, under a name that nobody has had, such as {"add": "n6"}, or who leaves, such as {"remove": "n2"}, or ' +
    `one of ${LEAVERS.join(', ')} in place of the name`,
  accepts(target, nodes) {
    if (!isJsonObject(target) || Object.keys(target).length !== 1) return false;
    const { add, remove } = target;
    if (typeof add === 'string') return nodeNameProblem(add) === undefined && !nodes.includes(add);
    return typeof remove === 'string' && (nodes.includes(remove) || LEAVERS.some((word) => word === remove));
  },
  brings(target) {
    const added = isJsonObject(target) ? target['add'] : undefined;
    return typeof added === 'string' ? added : undefined;
  },
};

export const membershipFault: FaultKind = {
  name: 'membership',
  about:
    'Removes nodes from the cluster and adds new ones, by turns of chance, through the requests `remove_member` and ' +
    '`add_member` to a node that is a member. Only for clusters whose nodes answer these.',
  scriptTarget: CHANGE_TARGET,
  isForGood: true,
  prepare: (environment) => new MembershipPackage(environment),
};

class MembershipPackage implements FaultPackage {
  readonly name = 'membership';
  readonly band = { name: 'membership', start: [REMOVE], stop: [ADD] };
  readonly generator: Generator;
  /** Nothing is wrong with a cluster that has changed. */
  readonly finalGenerator = nothing;
  private readonly membership: MembershipControl;
  /** All names that were ever used. */
  private readonly names: Set<string>;

  constructor(private readonly environment: FaultEnvironment) {
    const { membership, intervalSeconds, nodes } = environment;
    if (membership === undefined) throw new Error('nodes can neither come nor go here');
    this.membership = membership;
    this.names = new Set(nodes);
    this.generator = stagger(
      intervalSeconds,
      repeatedly((random) => ({ f: random.boolean() ? REMOVE : ADD })),
    );
  }

  /**
   * Answered with a map from the node in question to `added` or `removed`, or to what came instead; an empty map when
   * the cluster is as small or as large as it may be, or nobody is there to be asked.
   */
  invoke({ f }: FaultOp, done: (value: Json) => void): void {
    const { nodes } = this.environment;
    const count = this.membership.members().length;
    const change = f === REMOVE ? REMOVE : ADD;
    const node = change === REMOVE ? this.drawLeaver() : this.newName();
    const isAllowed =
      change === REMOVE
        ? count - 1 >= Math.floor(nodes.length / 2) + 1
        : count < Math.ceil(1.5 * nodes.length);
    const isAsked =
      isAllowed &&
      node !== undefined &&
      this.ask(change, node, (answer) => done({ [node]: wordsFor(change, answer) }));
    if (!isAsked) done({});
  }

  /**
   * The script goes on while a member is asked: the operation is answered with `adding` or `removing`, and what came of it
   * is told in the log.
   */
  script(target: Json): ScriptedChange {
    // Has been checked against CHANGE_TARGET.
    const { add, remove = 'one' } = target as { readonly add?: string; readonly remove?: string };
    const change = add === undefined ? REMOVE : ADD;
    return {
      kind: 'change',
      f: change,
      begin: () => {
        const node = add ?? this.leaver(remove);
        const isAsked =
          node !== undefined && this.ask(change, node, (answer) => this.tell(change, node, answer));
        return isAsked ? { [node]: change === REMOVE ? 'removing' : 'adding' } : {};
      },
    };
  }

  activeFaults(): readonly string[] {
    const members = this.membership.members();
    const isFirst = members.join(' ') === this.environment.nodes.join(' ');
    return isFirst ? [] : [`members ${members.join(' ')}`];
  }

  /** Asks some other member; false when there is none that runs. */
  private ask(change: Change, node: string, done: (answer: MembershipAnswer) => void): boolean {
    const askable = this.membership.runningMembers().filter((member) => member !== node);
    if (askable.length === 0) return false;
    const via = this.environment.random.pick(askable);
    if (change === REMOVE) {
      this.membership.removeMember(node, via, done);
    } else {
      this.names.add(node);
      this.membership.addMember(node, via, done);
    }
    return true;
  }

  private drawLeaver(): string | undefined {
    const { random, targets } = this.environment;
    if (targets === undefined) return random.pick(this.membership.members());
    const candidates = chooseNodes(random.pick(targets), this.environment);
    return candidates.length === 0 ? undefined : random.pick(candidates);
  }

  /** Whom a script lets go: a member by its name, or a word for one. */
  private leaver(name: string): string | undefined {
    if (this.names.has(name)) return this.membership.members().find((member) => member === name);
    return chooseNodes(name === 'primary' ? name : 'one', this.environment)[0];
  }

  private tell(change: Change, node: string, answer: MembershipAnswer): void {
    this.environment.log?.(`Nemesis: ${change} ${stringifyJson({ [node]: wordsFor(change, answer) })}`);
  }

  /** The first of n1, n2, ... that nobody has had, or with another beginning if the nodes have one. */
  private newName(): string {
    const beginning = /^(.*?)\d*$/.exec(this.environment.nodes[0] ?? 'n')?.[1] ?? 'n';
    for (let number = this.environment.nodes.length; ; number++) {
      // Clients are named c0, c1, and so on.
      const name = `${beginning === 'c' ? 'n' : beginning}${number}`;
      if (!this.names.has(name)) return name;
    }
  }
}

function wordsFor(change: Change, answer: MembershipAnswer): Json {
  switch (answer.kind) {
    case 'done':
      return change === REMOVE ? 'removed' : 'added';
    case 'error':
      return ['error', answer.code, answer.text];
    case 'timeout':
      return 'timeout';
    case 'not-started':
      return 'failed';
  }
}
