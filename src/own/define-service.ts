/**
 * A service of the user's, in addition to lin-kv and the others: a state machine that nodes reach by messages, under
 * the name of its file.
 *
 *     export default defineService({
 *       init: { next: 0 },
 *       step: ({ next }) => [{ next: next + 1 }, { number: next }],
 *     });
 *
 * Its consistency is implemented here: the machine only defines how a request changes a state.
 */
import { didYouMean } from '../protocol/nearest.ts';
import { isJsonObject, jsonEquals, type Json, type JsonObject } from '../protocol/json.ts';
import { UserError } from '../protocol/user-error.ts';
import type { ServiceAnswer, ServiceMachine } from '../services/service.ts';
import type { Cause } from '../world/cause.ts';
import type { Random } from '../world/random.ts';
import { deepFrozen } from './deep.ts';
import { seen } from './examples.ts';
import { jsonFrom, refusePromise, seenReturned } from './returned.ts';
import { WrongReturn } from '../protocol/wrong-return.ts';
import { unwatched, type Watch } from './watch.ts';

/**
 * `linearizable`: each request sees the newest state, as in lin-kv. `sequential`: a request that changes nothing may
 * see an older state, but none older than the same client has seen, as in seq-kv. `eventual`: each request sees one of
 * several replicas, which exchange their states from time to time; it requires `merge`.
 */
export type Consistency = 'linearizable' | 'sequential' | 'eventual';

export type ServiceRequest = JsonObject & { readonly type: string };

/**
 * The fields of a reply; its type is the request's with `_ok` unless they include a `type`. Use `serviceError` for an
 * error.
 */
export type ServiceReply = JsonObject;

export interface OwnService<State extends Json = Json> {
  /** What it is, in a sentence. */
  readonly about?: string;
  readonly consistency?: Consistency;
  /** JSON, which is never changed: a step returns a new state. */
  readonly init: State;
  /** Returns the state after the request, and the reply. `from` is the node that sent the request. */
  readonly step: (state: State, request: ServiceRequest, from: string) => readonly [State, ServiceReply];
  /** Merges the states of two replicas; for `eventual`. */
  readonly merge?: (one: State, other: State) => State;
}

/** Returns a reply that is one of the protocol's errors: 22 for what cannot be done now, 20 for what does not exist. */
export const serviceError = (code: number, text: string): ServiceReply => ({ type: 'error', code, text });

const FIELDS = ['about', 'consistency', 'init', 'step', 'merge'];
const CONSISTENCIES: readonly string[] = ['linearizable', 'sequential', 'eventual'] satisfies Consistency[];
const EXAMPLE =
  'For example: defineService({ init: { next: 0 }, step: ({ next }, request) => [{ next: next + 1 }, { number: next }] })';

/** A service as its file defines it, without its name. */
export interface DefinedService {
  started(name: string, surroundings: ServiceSurroundings): ServiceMachine;
}

export interface ServiceSurroundings {
  readonly random: Random;
  /** Called with an error that the user's function threw, which ends the run. */
  readonly onThrown: (part: string, error: unknown) => void;
  /** Terminates calls that never return. */
  readonly watch?: Watch;
}

/** Defines a service. Throws a UserError that names the field, its value, and what was expected. */
export function defineService<State extends Json>(definition: OwnService<State>): DefinedService {
  const given: unknown = definition;
  if (typeof given !== 'object' || given === null || Array.isArray(given))
    throw new UserError(`defineService was given ${seen(given)}; expected an object.`, EXAMPLE);
  const unknown = Object.keys(given).find((name) => !FIELDS.includes(name));
  if (unknown !== undefined)
    throw new UserError(
      `defineService: there is no field ${JSON.stringify(unknown)}.${didYouMean(unknown, FIELDS)}`,
      `There are: ${FIELDS.join(', ')}.`,
    );
  const { consistency = 'linearizable', init, step, merge } = definition;
  const refuse = (field: string, value: unknown, expected: string): never => {
    throw new UserError(`defineService: ${field} is ${seen(value)}; expected ${expected}.`, EXAMPLE);
  };
  if (init === undefined) refuse('init', init, 'the initial state, a JSON value');
  if (typeof step !== 'function') refuse('step', step, 'a function (state, request) => [state, reply]');
  if (!CONSISTENCIES.includes(consistency))
    refuse('consistency', consistency, `one of ${CONSISTENCIES.join(', ')}`);
  if (consistency === 'eventual' && typeof merge !== 'function')
    refuse('merge', merge, 'a function (one, other) => state, because its replicas must converge again');
  // The definition is passed only to its own functions, which know the type of its states.
  const machine = definition as unknown as OwnService;
  return { started: (name, surroundings) => new OwnMachine(name, machine, surroundings) };
}

/** Number of states kept for requests that may see an older one, as in seq-kv. */
const STATES_KEPT = 32;
const REPLICAS = 3;

class OwnMachine implements ServiceMachine {
  /** For `eventual` one for each replica; otherwise the newest is last. */
  private readonly states: Json[];
  /** Number of states that were discarded before the first of these. */
  private forgotten = 0;
  /** Indexed by client: the number of the newest state it has seen. */
  private readonly met = new Map<string, number>();

  constructor(
    readonly name: string,
    private readonly service: OwnService,
    private readonly surroundings: ServiceSurroundings,
  ) {
    const init = deepFrozen(service.init);
    this.states = service.consistency === 'eventual' ? Array.from({ length: REPLICAS }, () => init) : [init];
  }

  handle(type: string, request: JsonObject, client: string, cause?: Cause): ServiceAnswer {
    try {
      const { watch = unwatched } = this.surroundings;
      return watch('`step`', () => this.answer({ ...request, type }, client, cause));
    } catch (error) {
      this.surroundings.onThrown(`${this.name}: step`, error);
      return { kind: 'error', code: 13, text: `${this.name} failed: ${String(error)}` };
    }
  }

  private answer(request: ServiceRequest, client: string, cause: Cause | undefined): ServiceAnswer {
    const chance = this.surroundings.random.for(cause);
    switch (this.service.consistency) {
      case 'sequential': {
        const from = Math.max(this.met.get(client) ?? 0, this.forgotten);
        const place = from + chance.int(this.forgotten + this.states.length - from);
        const old = this.step(this.states[place - this.forgotten], request, client);
        if (!old.changes) {
          this.met.set(client, place);
          return old.answer;
        }
        const { answer, state } = this.step(this.states.at(-1), request, client);
        this.keep(state);
        this.met.set(client, this.forgotten + this.states.length - 1);
        return answer;
      }
      case 'eventual': {
        const [source, target, asked] = [0, 0, 0].map(() => chance.int(REPLICAS));
        this.exchange(source ?? 0, target ?? 0);
        const { answer, state } = this.step(this.states[asked ?? 0], request, client);
        this.states[asked ?? 0] = state;
        return answer;
      }
      default: {
        const { answer, state } = this.step(this.states[0], request, client);
        this.states[0] = state;
        return answer;
      }
    }
  }

  private exchange(source: number, target: number): void {
    const [one = null, other = null] = [this.states[target], this.states[source]];
    if (source === target) return;
    const merged = this.service.merge?.(one, other) ?? one;
    refusePromise('`merge`', merged, this.service.merge);
    this.states[target] = deepFrozen(merged);
  }

  private keep(state: Json): void {
    this.states.push(state);
    if (this.states.length <= STATES_KEPT) return;
    this.states.shift();
    this.forgotten++;
  }

  private step(
    state: Json | undefined,
    request: ServiceRequest,
    client: string,
  ): { readonly answer: ServiceAnswer; readonly state: Json; readonly changes: boolean } {
    const before = state ?? null;
    const by: unknown = this.service.step;
    const made: unknown = this.service.step(before, request, client);
    refusePromise('`step`', made, by);
    if (!Array.isArray(made) || made.length !== 2 || made[0] === undefined)
      throw new WrongReturn(
        `step returned ${seenReturned(made)} for ${request.type}; expected [state, reply]`,
        by,
      );
    const [after, reply] = made as [Json, Json];
    if (!isJsonObject(reply))
      throw new WrongReturn(
        `step returned ${seen(reply)} as its reply to ${request.type}; expected an object`,
        by,
      );
    for (const [field, value] of Object.entries(reply))
      if (value !== undefined) jsonFrom(`step, as \`${field}\` of its reply to ${request.type},`, value, by);
    return {
      answer: answerOf(request.type, reply, by),
      state: deepFrozen(after, (part) => {
        throw new WrongReturn(
          `step returned a state with ${kindOf(part)} in it for ${request.type}; expected JSON`,
          by,
        );
      }),
      changes: after !== before && !jsonEquals(after, before),
    };
  }
}

function kindOf(part: unknown): string {
  if (part instanceof Map) return 'a Map';
  if (part instanceof Set) return 'a Set';
  return typeof part === 'bigint' ? 'a BigInt' : seen(part);
}

function answerOf(
  request: string,
  { type = `${request}_ok`, ...fields }: JsonObject,
  by: unknown,
): ServiceAnswer {
  if (typeof type !== 'string')
    throw new WrongReturn(
      `step returned ${seen(type)} as the type of its reply to ${request}; expected a string`,
      by,
    );
  if (type !== 'error') return { kind: 'ok', type, fields };
  const { code, text = '' } = fields;
  if (typeof code !== 'number' || typeof text !== 'string')
    throw new WrongReturn(
      `step answered ${request} with an error of code ${seen(code)} and text ${seen(text)}; expected serviceError(a number, a string)`,
      by,
    );
  return { kind: 'error', code, text };
}
