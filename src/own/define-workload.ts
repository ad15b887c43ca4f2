/**
 * A workload of the user's in a few lines: operations, each one request and its reply; what clients do next; and how
 * the history is judged. The result is a `Workload` like the built-in ones. A file may also define a `Workload` itself,
 * for clients that send several requests in an operation.
 */
import type { CheckResult } from '../checkers/checker.ts';
import type { Generator } from '../generator/generator.ts';
import { one as oneOperation, type OpTemplate } from '../generator/operations.ts';
import { concat } from '../generator/ordering.ts';
import { eachThread } from '../generator/threads.ts';
import { didYouMean } from '../protocol/nearest.ts';
import type { Json, JsonObject } from '../protocol/json.ts';
import type { RpcDefinition } from '../protocol/rpc/rpc.ts';
import { UserError } from '../protocol/user-error.ts';
import type { Alphabet } from '../workloads/alphabet.ts';
import { completionOf } from '../workloads/completion.ts';
import { withAnyValue } from '../workloads/operation-form.ts';
import type { Client, ClientLink, Workload, WorkloadOptions } from '../workloads/workload.ts';
import { schemaOf, seen, type Examples, type Like } from './examples.ts';
import { checkedChecker } from './checked-checker.ts';
import { jsonFrom, refusePromise, seenReturned } from './returned.ts';
import { functionOf, WrongReturn } from '../protocol/wrong-return.ts';
import type { Judge } from './judge.ts';
import { nextOperations, type IdleClient } from './next-operations.ts';

/** An operation: a request to a node, and the meaning of its reply. */
export interface OwnOperation<Reply> {
  /** What it requests. */
  readonly about?: string;
  /** The request's `type`; by default the operation's name. The reply's type is this with `_ok`. */
  readonly type?: string;
  /** Returns the request's fields other than its type, from the operation's value; by default none. */
  readonly request?: (value: Json) => JsonObject;
  /**
   * The reply's fields other than its type, by an example of each; by default none. A reply that differs is an error of
   * the node.
   */
  readonly reply?: Reply & Examples;
  /** Returns the value of the completion; by default the value of the invocation. */
  readonly result?: (reply: Like<Reply>, value: Json) => Json;
  /** True if it changes nothing: without a reply it is then known not to have had an effect, and ends as `fail`. */
  readonly readOnly?: boolean;
  /** Returns the node to send the request to; by default the client's own. */
  readonly node?: (
    value: Json,
    client: { readonly node: string; readonly nodes: readonly string[] },
  ) => string;
  /** Timeout of the reply; by default 5 seconds. */
  readonly timeoutMs?: number;
}

/** An operation with any type of reply. */
type AnyOperation = Omit<OwnOperation<Record<string, never>>, 'reply' | 'result'> & {
  readonly reply?: Examples;
  readonly result?: (reply: JsonObject, value: Json) => Json;
};
type AnyOperations = Readonly<Record<string, AnyOperation>>;

export interface OwnWorkload<Replies extends Readonly<Record<string, unknown>>> {
  /** Required only for `runTest`: a workload in a file has the file's name. */
  readonly name?: string;
  /** What it is, in a sentence or two. */
  readonly about?: string;
  readonly operations: { readonly [F in keyof Replies]: OwnOperation<Replies[F]> };
  /** Returns what a client does next; undefined if it is done. */
  readonly next?: (client: IdleClient) => (OpTemplate & { readonly f: keyof Replies & string }) | undefined;
  /** Instead of `next`: what all clients do together. */
  readonly generator?: Generator | ((options: WorkloadOptions) => Generator);
  /** What each client does at the end, after faults have healed. */
  readonly final?: readonly (OpTemplate & { readonly f: keyof Replies & string })[];
  readonly checker: Judge;
  /** The operations that `maelstrom explore` tries. */
  readonly explore?: {
    /**
     * Each is an operation or, for values that must differ, a function of its position in the sequence, counted from 1.
     */
    readonly letters: readonly (Letter | ((n: number) => Letter))[];
    /** What each client does at the end. */
    readonly final?: readonly Letter[];
  };
}

interface Letter {
  readonly f: string;
  readonly value?: Json;
}

const EXAMPLE =
  "For example: defineWorkload({ operations: { take: { reply: { ticket: 7 }, result: ({ ticket }) => ticket } }, next: () => ({ f: 'take' }), checker: onOps((ops) => []) })";

/** Defines a workload. Throws a UserError that names the field, its value, and what was expected. */
export function defineWorkload<Replies extends Readonly<Record<string, unknown>>>(
  definition: OwnWorkload<Replies>,
): Workload {
  checkFields(definition);
  const { name = '', about = 'A workload of your own.', final = [], explore } = definition;
  // Replies are checked against the examples before `result` gets them.
  const operations = definition.operations as unknown as AnyOperations;
  const judge = definition.checker;
  const rpcs = new Map(Object.entries(operations).map(([f, one]) => [f, rpcOf(f, one)]));
  return {
    name,
    about,
    rpcs: [...rpcs.values()],
    operations: [...rpcs.keys()].map(withAnyValue),
    prepare: (options) => ({
      client: (link) => clientOf(link, operations, { rpcs, asking: definition.next ?? definition.generator }),
      generator: generatorOf(definition, options),
      ...(final.length === 0
        ? {}
        : { finalGenerator: eachThread(concat(...final.map((op) => oneOperation({ ...op, final: true })))) }),
      ...verdictWithoutFinal(judge, final.length > 0),
      checker: () => checkedChecker(judge.checker(options), functionOf(judge, 'checker')),
    }),
    ...(judge.explain === undefined ? {} : { explain: (result, nodeOf) => judge.explain?.(result, nodeOf) }),
    ...(judge.figure === undefined ? {} : { figure: (result) => judge.figure?.(result) }),
    ...(judge.evidence && { evidence: (result, nodeOf) => judge.evidence?.(result, nodeOf) }),
    ...(explore === undefined ? {} : { alphabet: alphabetOf(explore) }),
  };
}

function rpcOf(f: string, { type = f, about = '', reply = {} }: AnyOperation): RpcDefinition {
  return {
    type,
    about,
    // Requests are made here, so their fields need no check.
    request: schemaOf({}, ''),
    response: schemaOf(reply, `operations.${f}.reply`),
  };
}

function clientOf(
  link: ClientLink,
  operations: AnyOperations,
  { rpcs, asking }: { readonly rpcs: ReadonlyMap<string, RpcDefinition>; readonly asking: unknown },
): Client {
  return {
    invoke(op, done) {
      const operation = operations[op.f];
      const rpc = rpcs.get(op.f);
      if (operation === undefined || rpc === undefined)
        throw unknownOperation(op.f, [...rpcs.keys()], asking);
      const { request, result, readOnly = false, node, timeoutMs } = operation;
      link.rpc(
        rpc,
        nodeFrom(op.f, node?.(op.value, link), node) ?? link.node,
        fieldsFrom(op.f, request?.(op.value), request),
        (reply) =>
          done(
            completionOf(op, reply, {
              idempotent: readOnly,
              ...(result && {
                resultOf: (body) => jsonFrom(`\`result\` of ${op.f}`, result(body, op.value), result),
              }),
            }),
          ),
        timeoutMs,
      );
    },
  };
}

/** Validates what `node` returned. */
function nodeFrom(f: string, returned: unknown, by: unknown): string | undefined {
  const part = `\`node\` of ${f}`;
  refusePromise(part, returned, by);
  if (returned === undefined || typeof returned === 'string') return returned;
  throw new WrongReturn(
    `${part} returned ${seenReturned(returned)}; expected the name of a node or of a service`,
    by,
  );
}

/** Validates what `request` returned. */
function fieldsFrom(f: string, returned: unknown, by: unknown): JsonObject {
  const part = `\`request\` of ${f}`;
  refusePromise(part, returned, by);
  if (returned === undefined) return {};
  if (typeof returned === 'object' && returned !== null && !Array.isArray(returned))
    return jsonFrom(part, returned, by) as JsonObject; // an object, as checked above
  throw new WrongReturn(
    `${part} returned ${seenReturned(returned)}; expected an object with the fields of the request`,
    by,
  );
}

const unknownOperation = (f: string, known: readonly string[], by: unknown): TypeError =>
  new WrongReturn(
    `there is no operation ${JSON.stringify(f)} in this workload.${didYouMean(f, known)} There are: ${known.join(', ')}`,
    by,
  );

function generatorOf(
  { next, generator }: Pick<OwnWorkload<never>, 'next' | 'generator'>,
  options: WorkloadOptions,
): Generator {
  if (next !== undefined) return nextOperations(next);
  if (generator === undefined) throw new Error('neither is present, although this was checked');
  return typeof generator === 'function' ? generator(options) : generator;
}

/**
 * Without the final operations the verdict is unknown by default, since what they would show may not have occurred yet.
 */
function verdictWithoutFinal(judge: Judge, hasFinal: boolean) {
  if (judge.verdictWithoutFinalReads !== undefined)
    return {
      verdictWithoutFinalReads: (result: CheckResult) =>
        judge.verdictWithoutFinalReads?.(result) ?? ('unknown' as const),
    };
  return hasFinal ? { verdictWithoutFinalReads: () => 'unknown' as const } : {};
}

function alphabetOf({ letters, final = [] }: NonNullable<OwnWorkload<never>['explore']>): Alphabet {
  const op = ({ f, value = null }: Letter) => ({ f, value });
  return {
    letters: letters.map((letter) => ({
      ops: (n) => [op(typeof letter === 'function' ? letter(n) : letter)],
    })),
    final: final.map(op),
  };
}

const FIELDS = ['name', 'about', 'operations', 'next', 'generator', 'final', 'checker', 'explore'];
const OPERATION_FIELDS = ['about', 'type', 'request', 'reply', 'result', 'readOnly', 'node', 'timeoutMs'];

function checkFields(definition: unknown): void {
  const given = fieldsOf(definition, FIELDS, 'defineWorkload');
  const { operations, next, generator, final = [], checker } = given;
  const all = fieldsOf(operations, undefined, 'defineWorkload: operations');
  if (Object.keys(all).length === 0) refuse('operations', 'empty', 'at least one named operation');
  for (const [f, operation] of Object.entries(all)) {
    const fields = fieldsOf(operation, OPERATION_FIELDS, `defineWorkload: operations.${f}`);
    for (const name of ['request', 'result', 'node'] as const)
      if (fields[name] !== undefined && typeof fields[name] !== 'function')
        refuse(`operations.${f}.${name}`, seen(fields[name]), 'a function');
  }
  if (typeof next !== 'function' && generator === undefined)
    refuse(
      'next',
      seen(next),
      'a function that returns the next operation of a client, such as () => ({ f: "read" })',
    );
  if (next !== undefined && generator !== undefined)
    refuse('generator', 'given beside next', 'only one of them: each defines what clients do');
  if (!Array.isArray(final)) refuse('final', seen(final), 'a list of operations, such as [{ f: "read" }]');
  const wrong = (final as readonly unknown[]).find((op) => !Object.hasOwn(all, String(Object(op).f)));
  if (wrong !== undefined)
    refuse(
      'final',
      `a list with ${seen(Object(wrong).f)}`,
      `operations of this workload: ${Object.keys(all).join(', ')}`,
    );
  if (typeof Object(checker).checker !== 'function')
    refuse(
      'checker',
      seen(checker),
      'onOps(...), linearizable(...), or { checker: () => new YourChecker() }',
    );
}

function fieldsOf(
  value: unknown,
  known: readonly string[] | undefined,
  where: string,
): Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new UserError(`${where} is ${seen(value)}; expected an object.`, EXAMPLE);
  const unknown = known === undefined ? undefined : Object.keys(value).find((name) => !known.includes(name));
  if (unknown !== undefined)
    throw new UserError(
      `${where} has a field ${JSON.stringify(unknown)}.${didYouMean(unknown, known ?? [])}`,
      `There are: ${known?.join(', ')}.`,
    );
  return value as Readonly<Record<string, unknown>>; // an object, as checked above
}

function refuse(field: string, what: string, expected: string): never {
  throw new UserError(`defineWorkload: ${field} is ${what}; expected ${expected}.`, EXAMPLE);
}
