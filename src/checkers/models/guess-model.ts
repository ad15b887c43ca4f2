/** Guesses a history's model from a few operations, so that a message can suggest it. Never affects a verdict. */
import { elementsOf, entriesOf, isJsonArray, wordOf, type Json } from '../../protocol/json.ts';
import type { HistoryOp } from '../check.ts';
import type { ModelName } from './model-table.ts';

export interface Guess {
  readonly model: ModelName;
  /** Options that seem necessary, by key. */
  readonly options: Readonly<Record<string, string | true>>;
}

/** Returns undefined if nothing fits. */
export function guessModel(ops: Iterable<HistoryOp>): Guess | undefined {
  const names = new Set<string>();
  const microOps = new Set<string>();
  const seen = { lists: false, numbers: false, pairs: true, onlyStrings: true, unknownAdds: false };
  for (const op of ops) {
    if (typeof op.process !== 'number') continue;
    if (op.f !== undefined) names.add(op.f.toLowerCase());
    const value = op.value ?? null;
    const inner = isJsonArray(value) && value.length === 2 ? (value[1] ?? null) : value;
    if (inner !== null && typeof inner !== 'string') seen.onlyStrings = false;
    for (const name of microOpsIn(value)) microOps.add(name);
    if (op.f === 'read' && op.type === 'ok') {
      if (elementsOf(value) !== undefined) seen.lists = true;
      if (typeof value === 'number') seen.numbers = true;
    }
    if (op.f === 'add' && op.type === 'invoke' && value === null) seen.unknownAdds = true;
    if (!isPair(value)) seen.pairs = false;
  }
  return byMicroOps(microOps, names) ?? byNames(names, seen);
}

function byMicroOps(microOps: ReadonlySet<string>, names: ReadonlySet<string>): Guess | undefined {
  if (microOps.has('append')) return { model: 'list-append', options: {} };
  if (microOps.has('w')) return { model: 'rw-register', options: { 'wfr-keys?': true } };
  if (microOps.has('send') || microOps.has('poll')) {
    return { model: 'kafka', options: names.has('subscribe') ? { 'sub-via': 'subscribe' } : {} };
  }
  return undefined;
}

function byNames(
  names: ReadonlySet<string>,
  seen: {
    readonly lists: boolean;
    readonly numbers: boolean;
    readonly pairs: boolean;
    readonly onlyStrings: boolean;
    /** Whether what was added is known only from completions, as in no model. */
    readonly unknownAdds: boolean;
  },
): Guess | undefined {
  const isStore = names.has('get') && (names.has('put') || names.has('set') || names.has('append'));
  if (isStore && seen.onlyStrings && !names.has('cas')) return { model: 'kv', options: {} };
  if (names.has('cas') || names.has('write') || isStore) {
    return { model: 'cas-register', options: seen.pairs ? { 'independent?': true } : {} };
  }
  if (names.has('transfer')) return { model: 'bank', options: {} };
  if (names.has('generate')) return { model: 'unique-ids', options: {} };
  if (names.has('echo')) return { model: 'echo', options: {} };
  if (names.has('acquire') || names.has('release')) return { model: 'mutex', options: {} };
  if (names.has('drain')) return { model: 'total-queue', options: {} };
  if (names.has('enqueue') || names.has('dequeue')) return { model: 'fifo-queue', options: {} };
  if (names.has('broadcast')) return { model: 'set-full', options: { add: 'broadcast' } };
  if (names.has('add') && seen.lists && !seen.unknownAdds) return { model: 'set-full', options: {} };
  if (names.has('add') && seen.numbers) return { model: 'pn-counter', options: {} };
  return undefined;
}

function microOpsIn(value: Json): readonly string[] {
  if (!isJsonArray(value)) return [];
  return value.flatMap((item) => {
    const name = isJsonArray(item) ? wordOf(item[0]) : undefined;
    if (!isJsonArray(item) || name === undefined) return [];
    const isMicroOp =
      item.length === 3 || (name === 'poll' && (item.length === 1 || entriesOf(item[1]) !== undefined));
    return isMicroOp ? [name] : [];
  });
}

const isPair = (value: Json): boolean => isJsonArray(value) && value.length === 2;
