/**
 * The stories of some elements of a set, gathered while the history is observed: when each was added, and which reads
 * contained it. A read is stored once, with a bit for each element.
 */
import type { Op } from '../../history/op.ts';
import { OpenInvocations, type EndedOperation } from '../../history/pairing.ts';
import { isJsonArray, type Json } from '../../protocol/json.ts';
import { valueKey, type ValueKey } from '../../columns/value-key.ts';
import type { WholeOperation } from '../read/whole-operations.ts';

/** Maximum number of elements: the number of bits used. */
export const MOST_STORIES = 16;

export interface SetRead {
  readonly process: number;
  readonly invocationIndex: number;
  readonly index: number;
  readonly invokedNanos: number;
  readonly completedNanos: number;
  readonly isFinal: boolean;
  /** Bit sets: the elements that it contains, and those that it contains more than once. */
  readonly shows: number;
  readonly repeats: number;
}

export interface ElementStory {
  readonly element: Json;
  /** Undefined if it was never added. */
  readonly add: WholeOperation | undefined;
  /** When it was first known to be in the set, by an acknowledgement or a read; undefined if never. */
  readonly knownNanos: number | undefined;
  /** Reads that ended after its add had begun, in order of their ends. */
  readonly reads: readonly StoryRead[];
}

export interface StoryRead extends SetRead {
  readonly fate: 'shows' | 'repeats' | 'lacks' | 'lacks-early';
}

export class SetStories {
  private readonly bits = new Map<ValueKey, number>();
  private readonly adds: ({ readonly invocation: Op; completion: Op | undefined } | undefined)[] = [];
  private readonly reads: SetRead[] = [];
  private readonly open = new OpenInvocations();

  constructor(private readonly elements: readonly Json[]) {
    for (const [bit, element] of elements.slice(0, MOST_STORIES).entries())
      this.bits.set(valueKey(element), bit);
  }

  observe(op: Op): void {
    if (op.process === 'nemesis') return;
    const ended = this.open.end(op);
    if (op.type === 'invoke') {
      const bit = op.f === 'read' ? undefined : this.bits.get(valueKey(op.value));
      // An element that is added again starts over, as in the checker.
      if (bit !== undefined) this.adds[bit] = { invocation: op, completion: undefined };
      return;
    }
    if (ended === undefined) return;
    for (const add of this.adds) if (add?.invocation === ended.invocation) add.completion = op;
    if (op.f === 'read' && op.type === 'ok' && isJsonArray(op.value))
      this.takeRead(op.process, ended, op.value);
  }

  stories(): readonly ElementStory[] {
    return this.elements.slice(0, MOST_STORIES).map((element, bit) => this.story(element, bit));
  }

  private takeRead(process: number, { invocation, completion }: EndedOperation, list: readonly Json[]): void {
    let shows = 0;
    let repeats = 0;
    for (const item of list) {
      const bit = this.bits.get(valueKey(item));
      if (bit === undefined) continue;
      if ((shows & (1 << bit)) !== 0) repeats |= 1 << bit;
      shows |= 1 << bit;
    }
    this.reads.push({
      process,
      invocationIndex: invocation.index,
      index: completion.index,
      invokedNanos: invocation.time,
      completedNanos: completion.time,
      isFinal: completion.final === true,
      shows,
      repeats,
    });
  }

  private story(element: Json, bit: number): ElementStory {
    const add = this.adds[bit];
    const isIn = (bits: number): boolean => (bits & (1 << bit)) !== 0;
    const about = this.reads.filter(({ index }) => index > (add?.invocation.index ?? -Infinity));
    const shown = about.find(({ shows }) => isIn(shows));
    const acknowledged = add?.completion?.type === 'ok' ? add.completion : undefined;
    const known = [shown?.index, acknowledged?.index].filter((index) => index !== undefined);
    const knownIndex = known.length === 0 ? Infinity : Math.min(...known);
    return {
      element,
      add,
      knownNanos: knownIndex === shown?.index ? shown.completedNanos : acknowledged?.time,
      reads: about.map((read) => ({
        ...read,
        fate: isIn(read.repeats)
          ? 'repeats'
          : isIn(read.shows)
            ? 'shows'
            : read.invocationIndex > knownIndex
              ? 'lacks'
              : 'lacks-early',
      })),
    };
  }
}
