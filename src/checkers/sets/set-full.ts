/**
 * set-full: does every added element show up, and stay? For grow-only sets and broadcast.
 *
 * For each element three things matter: when it was first *known* (its add was acknowledged, or a read showed it), and,
 * of all reads that ended after its add began, the latest-invoked one that shows it and the latest-invoked one that
 * does not:
 *
 *     add 7  ├────┤ ok: known
 *     read        ├──┤ [7]                  last present
 *     read                 ├───┤ []         last absent, after known and after last present: 7 is lost
 *
 *     stable      last absent < last present (or never absent)
 *     lost        known < last absent, last present < last absent
 *     never read  neither
 *
 * An element that is stable but was absent for a while after it was known is stale; its latency says for how long.
 * After Jepsen's checker of that name, which however overlooks elements that no client added (here: *phantoms*,
 * invalid) and elements listed twice in one read (here: *repeated*, a warning, and invalid under `strict`).
 *
 * Elements are numbered in the order of their adds, and a read is a bitset over those numbers. Reads are collected in
 * batches; a batch is processed from the latest invocation backwards, with one bitset of elements whose last presence
 * is still undecided and one for their last absence. So a read costs its own length plus a few words per 32 elements,
 * and at most one batch of reads is held at a time.
 */
import type { Op } from '../../history/op.ts';
import { compareJson, elementsOf, valueText, type Json } from '../../protocol/json.ts';
import { resultOver, malformedResult, type Checker, type OrNoVerdict, type Validity } from '../checker.ts';
import {
  byStaleness,
  outcomeOf,
  points,
  wasMissed,
  withoutLastPresent,
  type Deciding,
  type LatencyPoints,
  type ElementOutcome,
  type Placed,
  type StaleOutcome,
} from './set-full-outcome.ts';
import { shownText } from '../../protocol/shown-text.ts';
import { resultKeys } from '../result-keys.ts';
import { present } from '../../columns/present.ts';
import { lengthened } from '../../columns/column.ts';
import { ValueIds } from '../../columns/value-ids.ts';
import { valueKey, type ValueKey } from '../../columns/value-key.ts';
import type { Meanings } from '../../protocol/key-meaning.ts';

export interface SetFullOptions {
  /** Elements must show up at once: a stale one makes the result invalid. */
  readonly 'linearizable?'?: boolean;
  /** An element listed twice in one read makes the result invalid. */
  readonly strict?: boolean;
  /** The name of the operation that adds. Default `add` (broadcast has its own). */
  readonly add?: string;
}

/** A batch is processed when it has this many reads, or their bitsets this many words. */
const BATCH_READS = 256;
const BATCH_WORDS = 1 << 20;
/** Maximum number of phantoms and repeated elements recorded; a hostile node may invent any number of them. */
const ODDITIES_KEPT = 10_000;
const EVIDENCE_SHOWN = 8;

interface Read {
  readonly invocation: Placed;
  readonly bits: Int32Array;
  /** Elements numbered from here on were not being added yet when the read ended, so it proves nothing about them. */
  readonly elements: number;
}

/**
 * Elements are sorted, latencies are in ms, and a read shown as evidence has its value reduced to the element in
 * question. `duplicated` is empty, as upstream's always is, unless `strict`.
 */
export type SetFullResult = OrNoVerdict<
  {
    readonly 'valid?': Validity;
    readonly 'attempt-count': number;
    readonly 'stable-count': number;
    readonly 'lost-count': number;
    readonly lost: readonly Json[];
    readonly 'never-read-count': number;
    readonly 'never-read': readonly Json[];
    readonly 'stale-count': number;
    readonly stale: readonly Json[];
    /** Longest first. */
    readonly 'worst-stale': readonly StaleOutcome[];
    readonly 'stable-latencies'?: LatencyPoints;
    readonly 'lost-latencies'?: LatencyPoints;
    readonly 'duplicated-count': number;
    readonly duplicated: Readonly<Record<string, number>>;
  } & SetOddities
>;

/** Keys that upstream lacks, present only if there is something to report. */
type SetOddities = {
  readonly 'worst-lost'?: readonly ElementOutcome[];
  readonly 'phantom-count'?: number;
  readonly phantoms?: readonly Json[];
  readonly 'first-phantom'?: Phantom;
  readonly 'repeated-count'?: number;
  /** The maximum number of times that one read listed each. */
  readonly repeated?: Readonly<Record<string, number>>;
};

type Phantom = { readonly element: Json; readonly read: Op };

export const SET_FULL_MEANINGS = {
  'attempt-count': 'number of elements that clients tried to add',
  'stable-count': 'number of permanent elements: after the last read that contains one, no read lacks it',
  'lost-count': 'number of lost elements',
  lost: 'elements that were acknowledged or read, and that the latest reads lack',
  'never-read-count': 'number of elements that no read contains and that are not known to be in the set',
  'never-read': 'those elements: usually their add failed or is in doubt, or no read followed it',
  'stale-count': 'number of stable elements that were missing from a read after they were known',
  stale: 'those elements',
  'worst-stale': 'the elements that were missing longest, with the operations that show it',
  'stable-latencies': {
    unit: 'ms',
    meaning:
      'how long stable elements were still missing from reads after they were known, by quantile of the elements; 0.5 is the median',
  },
  'lost-latencies': {
    unit: 'ms',
    meaning: 'how long after they were known lost elements were last seen, by quantile of the elements',
  },
  'duplicated-count': 'number of elements listed more than once in a read; 0 without `--strict`',
  duplicated:
    'for each of these, the maximum number of times that one read lists it; empty without `--strict`',
  'worst-lost': 'lost elements, with the operations that show it',
  'phantom-count': 'number of elements that reads contain but no client added',
  phantoms: 'those elements',
  'first-phantom': 'the first phantom',
  'repeated-count':
    'number of elements listed more than once in a read: a warning, and invalid only with `--strict`',
  repeated: 'for each of these, the maximum number of times that one read lists it',
} as const satisfies Meanings<SetFullResult>;

export const PHANTOM_MEANINGS = {
  element: 'the element',
  read: 'the read that contains it',
} as const satisfies Meanings<Phantom>;

export class SetFullChecker implements Checker<SetFullResult> {
  private readonly add: string;
  private readonly open = new Map<number, Placed>();
  /** Number of operations so far. Their order counts, whatever their indexes. */
  private observed = 0;
  /** Without times in the history, latencies are meaningless. */
  private hasTimes = false;

  // Columns, indexed by element number.
  private readonly ids = new ValueIds();
  private readonly elements: Json[] = [];
  private readonly known: (Placed | undefined)[] = [];
  private readonly lastPresent: (Placed | undefined)[] = [];
  private readonly lastAbsent: (Placed | undefined)[] = [];
  private knownBits = new Int32Array(32);

  malformed: string | undefined;

  private batch: Read[] = [];
  private batchWords = 0;

  private readonly phantoms = new Map<ValueKey, Phantom>();
  /** By element number: the maximum number of times one read listed it, if at least 2. */
  private readonly repeated = new Map<number, number>();

  constructor(private readonly options: SetFullOptions = {}) {
    this.add = options.add ?? 'add';
  }

  observe(op: Op): void {
    const { process } = op;
    if (process === 'nemesis' || this.malformed !== undefined) return;
    const placed: Placed = { op, at: this.observed++ };
    this.hasTimes ||= op.time !== 0;
    if (op.type === 'invoke') {
      this.open.set(process, placed);
      if (op.f === this.add) this.beginElement(op.value);
      return;
    }
    const invocation = this.open.get(process) ?? placed;
    this.open.delete(process);
    if (op.type !== 'ok') return;
    if (op.f === this.add) this.acknowledge(invocation.op, placed);
    else if (op.f === 'read') {
      // A client may return nil for an empty set.
      const list = op.value === null ? [] : elementsOf(op.value);
      if (list !== undefined) this.takeRead(invocation, placed, list);
      else
        this.malformed = `operation ${op.index} reads ${shownText(valueText(op.value), 60)}; expected a list of elements`;
    }
  }

  /** Begins an element. One that is added again keeps what is known about it. */
  private beginElement(element: Json): void {
    if (this.ids.get(element) >= 0) return;
    const id = this.elements.length;
    this.ids.set(element, id);
    this.elements.push(element);
    this.known.push(undefined);
    this.lastPresent.push(undefined);
    this.lastAbsent.push(undefined);
    if (id >> 5 >= this.knownBits.length)
      this.knownBits = lengthened(this.knownBits, this.knownBits.length * 2);
  }

  private acknowledge(invocation: Op, completion: Placed): void {
    // Completions may lack a value of their own.
    const { value } = completion.op;
    const id = this.ids.get(value === null ? invocation.value : value);
    if (id < 0 || this.known[id] !== undefined) return;
    this.known[id] = completion;
    setBit(this.knownBits, id);
  }

  private takeRead(invocation: Placed, completion: Placed, list: readonly Json[]): void {
    const bits = this.bitsOf(completion.op, list);
    for (let word = 0; word < bits.length; word++) {
      const news = (bits[word] ?? 0) & ~(this.knownBits[word] ?? 0);
      if (news === 0) continue;
      this.knownBits[word] = (this.knownBits[word] ?? 0) | news;
      forEachBit(news, word, (id) => {
        this.known[id] = {
          op: { ...completion.op, value: [present(this.elements[id])] },
          at: completion.at,
        };
      });
    }
    this.batch.push({ invocation, bits, elements: this.elements.length });
    this.batchWords += bits.length;
    if (this.batch.length >= BATCH_READS || this.batchWords >= BATCH_WORDS) this.walkBatch();
  }

  // The hot loop: 5,000 growing reads of up to 5,000 elements are 12.5 million iterations (bench/checkers-simple.ts).
  // Words are signed, since unsigned ones beyond 2^31 temporarily become doubles.
  private bitsOf(completion: Op, list: readonly Json[]): Int32Array {
    const bits = new Int32Array((this.elements.length + 31) >> 5);
    const { small } = this.ids;
    const smallLength = small.length;
    let repeated: Map<number, number> | undefined;
    // Lists are mostly in order, so the current word stays in a register while elements fall into it.
    let word = 0;
    let current = 0;
    for (const element of list) {
      const id =
        typeof element === 'number' && element >>> 0 === element && element < smallLength
          ? present(small[element])
          : this.ids.get(element);
      if (id < 0) {
        this.notePhantom(element, completion);
        continue;
      }
      if (id >> 5 !== word) {
        bits[word] = current;
        word = id >> 5;
        current = bits[word] ?? 0;
      }
      const bit = 1 << (id & 31);
      if ((current & bit) !== 0)
        (repeated ??= new Map<number, number>()).set(id, (repeated.get(id) ?? 1) + 1);
      current |= bit;
    }
    bits[word] = current;
    if (repeated !== undefined) this.noteRepeated(repeated);
    return bits;
  }

  private notePhantom(element: Json, completion: Op): void {
    if (this.phantoms.size >= ODDITIES_KEPT) return;
    const key = valueKey(element);
    if (!this.phantoms.has(key)) {
      this.phantoms.set(key, { element, read: { ...completion, value: [element] } });
    }
  }

  /** Records the maximum number of times that one read listed each element. */
  private noteRepeated(timesListed: ReadonlyMap<number, number>): void {
    for (const [id, times] of timesListed) {
      const before = this.repeated.get(id);
      if (before === undefined ? this.repeated.size < ODDITIES_KEPT : times > before)
        this.repeated.set(id, times);
    }
  }

  private walkBatch(): void {
    const reads = this.batch.toSorted((a, b) => b.invocation.at - a.invocation.at);
    this.batch = [];
    this.batchWords = 0;
    const words = (this.elements.length + 31) >> 5;
    const presenceOpen = new Int32Array(words).fill(-1);
    const absenceOpen = new Int32Array(words).fill(-1);
    for (const { invocation, bits, elements } of reads) {
      const later = (id: number, column: (Placed | undefined)[]): void => {
        const old = column[id];
        if (old === undefined || old.at < invocation.at) column[id] = invocation;
      };
      const lastWord = bits.length - 1;
      const lastMask = (elements & 31) === 0 ? -1 : (1 << (elements & 31)) - 1;
      for (let word = 0; word <= lastWord; word++) {
        const shown = bits[word] ?? 0;
        const spokenOf = word === lastWord ? lastMask : -1;
        const showsFirst = shown & (presenceOpen[word] ?? 0);
        const lacksFirst = ~shown & spokenOf & (absenceOpen[word] ?? 0);
        if (showsFirst !== 0) {
          presenceOpen[word] = (presenceOpen[word] ?? 0) & ~showsFirst;
          forEachBit(showsFirst, word, (id) => later(id, this.lastPresent));
        }
        if (lacksFirst !== 0) {
          absenceOpen[word] = (absenceOpen[word] ?? 0) & ~lacksFirst;
          forEachBit(lacksFirst, word, (id) => later(id, this.lastAbsent));
        }
      }
    }
  }

  result(): SetFullResult {
    if (this.malformed !== undefined) return malformedResult(this.malformed);
    this.walkBatch();
    const judged = this.elements.map((element, id) => {
      const deciding = this.deciding(id);
      return { outcome: outcomeOf(element, deciding), missed: !this.hasTimes && wasMissed(deciding) };
    });
    const outcomes = judged.map(({ outcome }) => outcome);
    const lost = outcomes.filter((outcome) => outcome.outcome === 'lost');
    const stable = outcomes.filter((outcome) => outcome.outcome === 'stable');
    const stale = judged
      .filter(({ outcome, missed }) => Number(outcome['stable-latency']) > 0 || missed)
      .map(({ outcome }) => outcome)
      .filter(({ outcome }) => outcome === 'stable');
    const neverRead = outcomes.filter((outcome) => outcome.outcome === 'never-read');
    const duplicated = this.options.strict === true ? this.repeatedByTimes() : {};
    // In the order of upstream's results, which scripts read line by line.
    return {
      'worst-stale': stale.toSorted(byStaleness).slice(0, EVIDENCE_SHOWN).map(withoutLastPresent),
      'duplicated-count': Object.keys(duplicated).length,
      'valid?': this.verdict(lost.length, stable.length, stale.length),
      'lost-count': lost.length,
      lost: sortedElements(lost),
      'stable-count': stable.length,
      'stale-count': stale.length,
      stale: sortedElements(stale),
      'never-read-count': neverRead.length,
      ...(stable.length > 0 && {
        'stable-latencies': points(stable.map((outcome) => Number(outcome['stable-latency']))),
      }),
      'attempt-count': outcomes.length,
      ...(lost.length > 0 && {
        'lost-latencies': points(lost.map((outcome) => Number(outcome['lost-latency']))),
      }),
      'never-read': sortedElements(neverRead),
      duplicated,
      ...(lost.length > 0 && {
        'worst-lost': lost.toSorted((a, b) => compareJson(a.element, b.element)).slice(0, EVIDENCE_SHOWN),
      }),
      ...this.oddities(),
    };
  }

  private deciding(id: number): Deciding {
    return {
      known: this.known[id],
      lastPresent: this.lastPresent[id],
      lastAbsent: this.lastAbsent[id],
    };
  }

  private verdict(lost: number, stable: number, stale: number): Validity {
    if (lost > 0 || this.phantoms.size > 0) return false;
    if (this.options.strict === true && this.repeated.size > 0) return false;
    if (stable === 0) return 'unknown';
    return !(this.options['linearizable?'] === true && stale > 0);
  }

  private oddities(): SetOddities {
    const phantoms = [...this.phantoms.values()];
    const [firstPhantom] = phantoms;
    return {
      ...(firstPhantom !== undefined && {
        'phantom-count': phantoms.length,
        phantoms: sortedElements(phantoms),
        'first-phantom': firstPhantom,
      }),
      ...(this.repeated.size > 0 && {
        'repeated-count': this.repeated.size,
        repeated: this.repeatedByTimes(),
      }),
    };
  }

  private repeatedByTimes(): Record<string, number> {
    const entries = [...this.repeated].map(([id, times]) => [present(this.elements[id]), times] as const);
    return resultKeys(entries.toSorted(([a], [b]) => compareJson(a, b)));
  }
}

const sortedElements = (items: readonly { readonly element: Json }[]): readonly Json[] =>
  items.map(({ element }) => element).toSorted(compareJson);

function setBit(bits: Int32Array, id: number): void {
  bits[id >> 5] = (bits[id >> 5] ?? 0) | (1 << (id & 31));
}

function forEachBit(bits: number, word: number, visit: (id: number) => void): void {
  let rest = bits;
  while (rest !== 0) {
    const bit = 31 - Math.clz32(rest & -rest);
    visit((word << 5) | bit);
    rest &= rest - 1;
  }
}

/** Checks a whole history. */
export function checkSetFull(ops: Iterable<Op>, options: SetFullOptions = {}): SetFullResult {
  return resultOver(new SetFullChecker(options), ops);
}
