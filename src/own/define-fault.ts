/**
 * A fault of the user's: what happens to messages while it lasts, or what it does to nodes when it begins and how that
 * is undone. `--nemesis` decides when it does so, as for built-in faults, and histories call it `start-NAME` and
 * `stop-NAME`, by the name of its file.
 */
import { chooseNodes, membersOf } from '../nemesis/choose-nodes.ts';
import type { BegunFault, LastingKind, PreparedEnvironment } from '../nemesis/fault.ts';
import { NODE_TARGET } from '../nemesis/script-target.ts';
import { TARGETS_THAT_ALWAYS_HIT, type TargetSpec } from '../nemesis/targets.ts';
import { PASS, type Rule, type RuleDecision } from '../network/rules/rule.ts';
import { didYouMean } from '../protocol/nearest.ts';
import { isJsonObject, parseJson, type JsonObject } from '../protocol/json.ts';
import { UserError } from '../protocol/user-error.ts';
import { NANOS_PER_MS } from '../world/clock.ts';
import type { Chance } from '../world/random.ts';
import type { Packet } from '../world/world.ts';
import { seen } from './examples.ts';
import { refusePromise, seenReturned } from './returned.ts';
import { WrongReturn } from '../protocol/wrong-return.ts';
import { unwatched, type Watch } from './watch.ts';

/** A message between two servers (nodes or services); faults never affect clients' messages. */
export interface SentMessage {
  readonly src: string;
  readonly dest: string;
  readonly body: JsonObject & { readonly type?: string };
}

/**
 * The fate of a message: delivered normally, lost, delayed by `delayMs` milliseconds, or delivered a second time
 * `copyAfterMs` milliseconds later.
 */
export type Fate =
  'pass' | 'drop' | { readonly delayMs: number } | { readonly copyAfterMs: number } | undefined;

export interface FaultScope {
  /** The nodes that it hits, chosen at random each time it begins. */
  readonly nodes: readonly string[];
  /** True if it hits that node. */
  readonly hits: (name: string) => boolean;
  /** Random values, drawn from the seed. */
  readonly random: Chance;
}

/** Actions on nodes. Each call may be repeated without harm. */
export interface FaultControl extends FaultScope {
  /** All current nodes of the cluster. */
  readonly cluster: readonly string[];
  /** Sends SIGKILL at once: anything not on the node's disk is lost. */
  readonly kill: (node: string) => void;
  /** Starts a killed node. */
  readonly start: (node: string) => void;
  /** Sends SIGSTOP: the node keeps its state, and messages to it wait. */
  readonly pause: (node: string) => void;
  readonly resume: (node: string) => void;
  /** Shifts its clock by this number of milliseconds, until it is set to 0 again; only in the simulated world. */
  readonly skew: (node: string, offsetMs: number) => void;
  /** Writes a line to the log of the run. */
  readonly log: (line: string) => void;
}

export interface OwnFault {
  /** What it does, in a sentence. */
  readonly about?: string;
  /** Called for each message between servers while the fault lasts, whatever its destination: check `hits`. */
  readonly message?: (message: SentMessage, scope: FaultScope) => Fate;
  /** Does something to nodes, and returns a function that undoes it. Both take effect at once. */
  readonly begin?: (control: FaultControl) => (() => void) | void;
}

const FIELDS = ['about', 'message', 'begin'];
const EXAMPLE =
  "For example: defineFault({ message: ({ dest, body }, { hits }) => (hits(dest) && body.type === 'gossip' ? 'drop' : 'pass') })";

/** A fault as its file defines it, without its name. */
export interface DefinedFault {
  /** Names the fault; `watch` terminates calls that never return, and without it none are terminated. */
  named(name: string, watch?: Watch): LastingKind;
}

/** Defines a fault. Throws a UserError that names the field, its value, and what was expected. */
export function defineFault(definition: OwnFault): DefinedFault {
  const given: unknown = definition;
  if (typeof given !== 'object' || given === null || Array.isArray(given))
    throw new UserError(`defineFault was given ${seen(given)}; expected an object.`, EXAMPLE);
  const unknown = Object.keys(given).find((name) => !FIELDS.includes(name));
  if (unknown !== undefined)
    throw new UserError(
      `defineFault: there is no field ${JSON.stringify(unknown)}.${didYouMean(unknown, FIELDS)}`,
      `There are: ${FIELDS.join(', ')}.`,
    );
  const { message, begin } = definition;
  for (const [field, value] of Object.entries({ message, begin }))
    if (value !== undefined && typeof value !== 'function')
      throw new UserError(`defineFault: ${field} is ${seen(value)}; expected a function.`, EXAMPLE);
  if (message === undefined && begin === undefined)
    throw new UserError(
      'defineFault: both message and begin are missing, so the fault would do nothing.',
      EXAMPLE,
    );
  return { named: (name, watch = unwatched) => kindOf(name, definition, watch) };
}

function kindOf(
  name: string,
  { about = 'A fault of your own.', message, begin }: OwnFault,
  watch: Watch,
): LastingKind {
  return {
    kind: 'lasting',
    name,
    about,
    scriptTarget: NODE_TARGET,
    prepare(environment) {
      const { targets = TARGETS_THAT_ALWAYS_HIT, network } = environment;
      const healed = `${name} ended`;
      return {
        draw: (random) => random.pick(targets),
        begin(target): BegunFault {
          // It was chosen by `draw`, or checked against NODE_TARGET.
          const nodes = chooseNodes(target as TargetSpec, environment);
          const scope = new Scope(nodes, environment);
          const removeRule =
            message === undefined
              ? undefined
              : network.addRule(ruleOf(name, message, { scope, environment, watch }));
          const end =
            begin === undefined
              ? undefined
              : attempt(environment, `${name}: begin`, () =>
                  undoneBy(
                    watch('`begin`', () => begin(scope)),
                    begin,
                  ),
                );
          let isOver = false;
          return {
            value: [name, nodes],
            words: () =>
              `${name} at ${nodes.length === membersOf(environment).length ? 'all nodes' : nodes.join(' ')}`,
            undo() {
              if (isOver) return healed;
              isOver = true;
              removeRule?.();
              if (end !== undefined)
                attempt(environment, `${name}: its undo function`, () =>
                  refusePromise('what undoes `begin`', watch('What undoes `begin`', end), begin),
                );
              return healed;
            },
          };
        },
        drawnEnd: { kind: 'undo', value: healed },
      };
    },
  };
}

/** Validates what `begin` returned, possibly without type checking. */
function undoneBy(returned: unknown, by: unknown): (() => unknown) | undefined {
  if (returned === undefined || returned === null) return undefined;
  if (typeof returned === 'function') return () => Reflect.apply(returned, undefined, []) as unknown;
  refusePromise('`begin`', returned, by);
  throw new WrongReturn(
    `\`begin\` returned ${seenReturned(returned)}; expected nothing, or a function that undoes the fault`,
    by,
  );
}

class Scope implements FaultControl {
  constructor(
    readonly nodes: readonly string[],
    private readonly environment: PreparedEnvironment,
  ) {}

  readonly hits = (name: string): boolean => this.nodes.includes(name);

  get random(): Chance {
    return this.environment.random;
  }

  get cluster(): readonly string[] {
    return membersOf(this.environment);
  }

  readonly kill = (node: string): void => void this.environment.control.kill(this.known(node));
  readonly start = (node: string): void => this.environment.control.start(this.known(node), () => {});
  readonly pause = (node: string): void => void this.environment.control.pause(this.known(node));
  readonly resume = (node: string): void => void this.environment.control.resume(this.known(node));

  readonly skew = (node: string, offsetMs: number): void => {
    const { skew } = this.environment;
    if (skew === undefined)
      throw new TypeError('skew sets clocks wrong, which works only in the simulated world: add --simulate');
    skew(this.known(node), { offsetNanos: Math.round(offsetMs * NANOS_PER_MS), drift: 0 });
  };

  readonly log = (line: string): void => this.environment.log?.(line);

  private known(node: string): string {
    if (this.cluster.includes(node)) return node;
    throw new TypeError(`there is no node ${seen(node)}; there are ${this.cluster.join(', ')}`);
  }
}

interface RuleSurroundings {
  readonly scope: Scope;
  readonly environment: PreparedEnvironment;
  readonly watch: Watch;
}

function ruleOf(
  name: string,
  message: NonNullable<OwnFault['message']>,
  { scope: { nodes, hits }, environment, watch }: RuleSurroundings,
): Rule {
  const { linkStreams } = environment;
  return {
    name,
    isFault: true,
    // It may use randomness, or count.
    drawsFates: true,
    onSend(packet) {
      const sent = messageIn(packet);
      if (sent === undefined) return PASS;
      const scope = { nodes, hits, random: linkStreams.for(packet) };
      return (
        attempt(environment, `${name}: message`, () =>
          decisionOf(
            name,
            watch('`message`', () => message(sent, scope)),
            message,
          ),
        ) ?? PASS
      );
    },
  };
}

function messageIn({ src, dest, body }: Packet): SentMessage | undefined {
  const parsed = parseJson(body.toString('utf8'));
  return isJsonObject(parsed) ? { src, dest, body: parsed } : undefined;
}

function decisionOf(name: string, fate: Fate, by: unknown): RuleDecision {
  if (fate === undefined || fate === 'pass') return PASS;
  if (fate === 'drop') return { kind: 'drop', reason: name };
  refusePromise('`message`', fate, by);
  const { delayMs, copyAfterMs }: { readonly delayMs?: unknown; readonly copyAfterMs?: unknown } =
    Object(fate);
  if (isTime(delayMs)) return { kind: 'delay', nanos: Math.round(delayMs * NANOS_PER_MS) };
  if (isTime(copyAfterMs)) return { kind: 'duplicate', laterNanos: [Math.round(copyAfterMs * NANOS_PER_MS)] };
  throw new WrongReturn(
    `\`message\` returned ${typeof fate === 'object' ? JSON.stringify(fate) : seenReturned(fate)}; expected 'pass', 'drop', { delayMs: a number } or { copyAfterMs: a number }`,
    by,
  );
}

const isTime = (value: unknown): value is number =>
  typeof value === 'number' && Number.isFinite(value) && value >= 0;

/** An error of the user's function ends the run with its text. */
function attempt<Result>(
  { onThrown }: PreparedEnvironment,
  part: string,
  work: () => Result,
): Result | undefined {
  try {
    return work();
  } catch (error) {
    if (onThrown === undefined) throw error;
    onThrown(part, error);
    return undefined;
  }
}
