/**
 * Histories whose entries are whole operations, each with the time of its call and that of its return, in any order:
 *
 *     {"ClientId":0,"Input":{"Op":"put","Key":"x","Value":"1"},"Output":{"Value":""},"Call":10,"Return":25}
 *     {"client":1,"op":"get","key":"x","value":"1","start":12,"end":31}
 *
 *     {"ClientId":0,"Kind":false,"Value":{"Op":"put","Key":"x","Value":"1"},"Id":0}
 *
 * The first is how Go writes Porcupine's operations; the last is a call as it writes events, in order, and the return is an
 * event of the same Id. All of them are kept, sorted, and become invocations and completions. At
 * the same time, calls come before returns: the operations may have overlapped. An operation with an error, or without a
 * return, may have happened or not.
 */
import { canonicalJson, isJsonObject, JsonNumber, type Json, type JsonObject } from '../../protocol/json.ts';
import { shownJson } from '../../protocol/lines/explain-line.ts';
import { HistoryError } from '../history-error.ts';
import { isTransactional, withoutReads } from '../micro-ops.ts';
import type { Op } from '../op.ts';
import { isAcknowledgement, KEY_NAMES, OPERATION_NAMES, plain, PROCESS_NAMES } from './foreign-fields.ts';
import type { HistoryClock } from './history-clock.ts';
import type { ProcessNames } from './process-names.ts';

const SUFFIXES = ['', 'time', 'at', 'ts', 'ns', 'us', 'ms', 'timens', 'timestamp', 'nanos'];
const withSuffixes = (...names: readonly string[]): readonly string[] =>
  names.flatMap((name) => SUFFIXES.map((suffix) => `${name}${suffix}`));
const CALLS = withSuffixes('call', 'called', 'start', 'started', 'begin', 'invoke', 'invoked', 'invocation');
const RETURNS = withSuffixes(
  'return',
  'returned',
  'end',
  'ended',
  'finish',
  'finished',
  'complete',
  'completed',
);

const ASKED = ['value', 'val', 'v', 'arg', 'args', 'argument', 'arguments', 'data', 'element', 'amount'];
const SEEN = ['result', 'res', 'ret', 'returned', 'response', 'value', 'val', 'v', 'data', 'element'];
const PAIRS = [
  ['from', 'to'],
  ['old', 'new'],
  ['expected', 'new'],
  ['expect', 'update'],
] as const;

/** Fields by their names in lower case, without hyphens and underscores. */
type Fields = ReadonlyMap<string, Json>;

interface WholeOperation {
  readonly line: number;
  readonly fields: Fields;
  readonly called: number;
  /** Infinity if it did not return. */
  readonly returned: number;
}

interface Event {
  readonly at: number;
  readonly operation: WholeOperation;
  readonly isReturn: boolean;
}

export interface WholeOperationsOptions {
  readonly clock: HistoryClock;
  readonly names: ProcessNames;
  /** Returns the name that the model has for an operation. */
  readonly nameOf: (f: string) => string;
  /** The operation of entries that name none. */
  readonly defaultF: string | undefined;
  /** Returns the operation with its key in its value, where that is wanted. */
  readonly keyed: (op: Op, key: Json | undefined) => Op;
}

export class WholeOperations {
  readonly #options: WholeOperationsOptions;
  readonly #operations: WholeOperation[] = [];
  /** The open operations of events by Id: the place of each. */
  readonly #called = new Map<string, number>();
  #events = 0;

  constructor(options: WholeOperationsOptions) {
    this.#options = options;
  }

  /** Whether an entry is a whole operation. */
  static has(entry: Json): entry is JsonObject {
    if (!isJsonObject(entry) || entry['type'] === 'invoke') return false;
    const fields = fieldsOf(entry);
    if (isEvent(fields)) return true;
    return isTime(first(fields, CALLS)) && isTime(first(fields, RETURNS), true);
  }

  /** Throws a HistoryError for times that are none, or in the wrong order. */
  add(entry: JsonObject, line: number): void {
    const fields = fieldsOf(entry);
    if (clientOf(fields) === 'nemesis') return;
    if (isEvent(fields)) {
      this.#addEvent(fields, line);
      return;
    }
    const called = this.#timeOf(first(fields, CALLS) ?? null);
    if (called === undefined)
      throw new HistoryError(
        `the time of its call is ${shownJson(first(fields, CALLS))}; expected a number or a date`,
      );
    const end = first(fields, RETURNS) ?? null;
    const seen = end === null ? Infinity : this.#timeOf(end);
    if (seen === undefined)
      throw new HistoryError(
        `the time of its return is ${shownJson(end)}; expected a number, a date or null`,
      );
    // Go writes 0 for a time that was never set.
    const returned = seen < called && (end === 0 || end === -1) ? Infinity : seen;
    if (returned < called)
      throw new HistoryError(
        `it returns before it is called: ${shownJson(first(fields, CALLS))}, ${shownJson(end)}`,
      );
    this.#operations.push({ line, fields, called, returned });
  }

  #addEvent(fields: Fields, line: number): void {
    const id = canonicalJson(fields.get('id') ?? null);
    const value = fields.get('value') ?? null;
    const at = this.#events++;
    const place = this.#called.get(id);
    const called = place === undefined ? undefined : this.#operations[place];
    if (isCall(fields)) {
      if (called !== undefined) throw new HistoryError(`another operation with the Id ${id} is open`);
      const asked = new Map([['input', value], ...[...fields].filter(([name]) => CLIENTS.includes(name))]);
      this.#called.set(
        id,
        this.#operations.push({ line, fields: asked, called: at, returned: Infinity }) - 1,
      );
    } else if (place === undefined || called === undefined) {
      throw new HistoryError(`no operation with the Id ${id} is open`);
    } else {
      this.#called.delete(id);
      this.#operations[place] = {
        ...called,
        fields: new Map([...called.fields, ['output', value]]),
        returned: at,
      };
    }
  }

  /** Yields the invocations and completions in order, each with the line of its operation. */
  *inOrder(): Generator<{ readonly op: Op; readonly line: number }> {
    const events = this.#operations.flatMap((operation): readonly Event[] => [
      { at: operation.called, operation, isReturn: false },
      { at: operation.returned, operation, isReturn: true },
    ]);
    events.sort((a, b) => (a.at === b.at ? Number(a.isReturn) - Number(b.isReturn) : a.at - b.at));
    const processes = new Processes(
      this.#options.names,
      this.#operations.map(({ fields }) => clientOf(fields)),
    );
    const open = new Map<WholeOperation, Op>();
    let index = 0;
    for (const { operation, isReturn, at } of events) {
      const { line, fields } = operation;
      const invoked = open.get(operation);
      if (isReturn && at === Infinity) continue;
      const op =
        isReturn && invoked !== undefined
          ? { ...invoked, index, time: at, ...this.#completionOf(operation, invoked.f) }
          : this.#invocationOf(operation, { index, time: at, process: processes.begin(clientOf(fields)) });
      if (op.type === 'invoke') open.set(operation, op);
      else {
        open.delete(operation);
        // A process that crashed does nothing more.
        if (op.type !== 'info') processes.end(op.process);
      }
      index++;
      yield { op: this.#options.keyed(op, keyOf(fields)), line };
    }
  }

  #invocationOf(
    { fields, line }: WholeOperation,
    common: { readonly index: number; readonly time: number; readonly process: number },
  ): Op {
    const f = this.#nameOf(fields, line);
    const asked = isAcknowledgement(f) ? askedOf(fields) : seenOf(fields, f, line);
    const value = isAcknowledgement(f) ? asked : isTransactional(f) ? withoutReads(asked) : null;
    return { ...common, type: 'invoke', f, value };
  }

  #completionOf({ fields, line }: WholeOperation, f: string): Pick<Op, 'type' | 'value'> {
    const type = outcomeOf(fields);
    return { type, value: type !== 'ok' || isAcknowledgement(f) ? askedOf(fields) : seenOf(fields, f, line) };
  }

  /** Throws a HistoryError for a number whose meaning does not go with the operation's values. */
  #nameOf(fields: Fields, line: number): string {
    const input = inner(fields, 'input');
    const given = first(input, OPERATIONS) ?? first(fields, OPERATIONS) ?? this.#options.defaultF;
    if (typeof given !== 'string' && typeof given !== 'number')
      throw new HistoryError(`line ${line}: its operation is ${shownJson(given)}; expected a name`);
    const name = this.#options.nameOf(String(given));
    if (typeof given === 'string') return name;
    const isEmpty = (value: Json | undefined): boolean => (value ?? '') === '';
    const fits = isAcknowledgement(name)
      ? isEmpty(first(inner(fields, 'output'), SEEN))
      : isEmpty(first(input, ASKED));
    if (!fits || name === String(given))
      throw new HistoryError(
        `line ${line}: its operation is ${given}, and what that stands for is not known; expected a name, such as "get", or, for the model kv, 0 for get, 1 for put and 2 for append`,
      );
    return name;
  }

  #timeOf(time: Json): number | undefined {
    return this.#options.clock.of(time, false);
  }
}

/** Numbers the processes of clients. A client that has several operations open, or one in doubt, needs several. */
class Processes {
  readonly #names: ProcessNames;
  readonly #own = new Map<string, number>();
  readonly #busy = new Set<number>();
  /** Those of operations without a client. */
  readonly #unnamed = new Set<number>();
  readonly #idle: number[] = [];
  /** The next number that no client has. */
  #unused: number;

  constructor(names: ProcessNames, clients: readonly (Json | undefined)[]) {
    this.#names = names;
    const named = new Set(clients.filter((client) => typeof client === 'string'));
    this.#unused = clients.reduce<number>(
      (most, client) => (isNumber(client) ? Math.max(most, client + 1) : most),
      named.size,
    );
  }

  begin(client: Json | undefined): number {
    const process = client === undefined ? this.#ofNone() : this.#of(client);
    this.#busy.add(process);
    return process;
  }

  end(process: Op['process']): void {
    if (typeof process !== 'number') return;
    this.#busy.delete(process);
    if (this.#unnamed.has(process)) this.#idle.push(process);
  }

  #ofNone(): number {
    const process = this.#idle.pop() ?? this.#unused++;
    this.#unnamed.add(process);
    return process;
  }

  #of(client: Json): number {
    const name = canonicalJson(client);
    const own = this.#own.get(name) ?? this.#numberOf(client);
    const process = this.#busy.has(own) ? this.#unused++ : own;
    this.#own.set(name, process);
    return process;
  }

  #numberOf(client: Json): number {
    if (typeof client === 'string') return this.#names.numberOf(client);
    return isNumber(client) ? client : this.#unused++;
  }
}

const isNumber = (client: Json | undefined): client is number =>
  Number.isSafeInteger(client) && Number(client) >= 0;

/** Whether it is a call or a return that has its operation's Id. */
const isEvent = (fields: Fields): boolean =>
  EVENT_KINDS.has(fields.get('kind') ?? null) && fields.has('id') && fields.has('value');
const isCall = (fields: Fields): boolean => fields.get('kind') === false || fields.get('kind') === 0;
const EVENT_KINDS: ReadonlySet<Json> = new Set([false, true, 0, 1]);

/** Whether a value may be a time; that of a return may be null. */
const isTime = (value: Json | undefined, mayBeNull = false): boolean =>
  typeof value === 'number' ||
  typeof value === 'bigint' ||
  value instanceof JsonNumber ||
  (typeof value === 'string' && /^\d{4}-\d\d-\d\d/.test(value)) ||
  (mayBeNull && value === null);

const OPERATIONS = ['f', 'op', ...OPERATION_NAMES, 'type', 'kind', 'method', 'name', 'command', 'cmd'].map(
  plain,
);
const CLIENTS = ['process', ...PROCESS_NAMES, 'process-id', 'worker-id'].map(plain);
const KEYS = KEY_NAMES.map(plain);
const OUTCOMES: ReadonlySet<string> = new Set(['ok', 'fail', 'info']);

const clientOf = (fields: Fields): Json | undefined => first(fields, CLIENTS);
const keyOf = (fields: Fields): Json | undefined =>
  first(inner(fields, 'input'), KEYS) ?? first(fields, KEYS) ?? undefined;

function askedOf(fields: Fields): Json {
  const input = fields.get('input') ?? fields.get('request');
  const from = isJsonObject(input) ? fieldsOf(input) : fields;
  const pair = PAIRS.find(([one, other]) => from.has(one) && from.has(other));
  if (pair !== undefined) return pair.map((name) => from.get(name) ?? null);
  return isJsonObject(input) || input === undefined ? (first(from, ASKED) ?? null) : input;
}

/** Throws a HistoryError if the result of an operation is nowhere, which would prove nothing. */
function seenOf(fields: Fields, f: string, line: number): Json {
  const output = fields.get('output');
  if (output !== undefined) return isJsonObject(output) ? (first(fieldsOf(output), SEEN) ?? null) : output;
  const name = SEEN.find((one) => fields.has(one));
  if (name !== undefined) return fields.get(name) ?? null;
  if (outcomeOf(fields) !== 'ok') return null;
  throw new HistoryError(`line ${line}: ${f} has no \`value\` and no \`output\`; expected what it returned`);
}

function outcomeOf(fields: Fields): 'ok' | 'fail' | 'info' {
  for (const name of ['type', 'status', 'outcome']) {
    const word = fields.get(name);
    if (typeof word === 'string' && OUTCOMES.has(word.toLowerCase())) return word.toLowerCase() as 'ok';
  }
  const output = inner(fields, 'output');
  for (const some of [fields, output]) {
    for (const name of ['ok', 'success', 'succeeded']) if (some.get(name) === false) return 'info';
    for (const name of ['timeout', 'timedout', 'unknown']) if (some.get(name) === true) return 'info';
    for (const name of ['error', 'err']) if (!NO_ERROR.has(some.get(name) ?? null)) return 'info';
  }
  return 'ok';
}

/** Among them what a store answers for a key that does not exist, which is no doubt. */
const NO_ERROR: ReadonlySet<Json> = new Set([null, '', false, 'OK', 'ok', 'ErrNoKey']);

function first(fields: Fields, names: readonly string[]): Json | undefined {
  for (const name of names) {
    const value = fields.get(name);
    if (value !== undefined) return value;
  }
  return undefined;
}

function inner(fields: Fields, name: string): Fields {
  const value = fields.get(name);
  return isJsonObject(value) ? fieldsOf(value) : new Map();
}

const fieldsOf = (entry: JsonObject): Fields =>
  new Map(Object.entries(entry).map(([name, value]) => [plain(name), value]));
