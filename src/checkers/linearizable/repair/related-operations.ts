/** Which operations of a history mention the same values: the push of an element and its pop. */
import { addTo } from '../../../columns/groups.ts';
import { lowerBound } from '../../../columns/lower-bound.ts';
import { present } from '../../../columns/present.ts';
import { canonicalJson, isJsonArray, isJsonObject, type Json } from '../../../protocol/json.ts';

/** Maximum number of values looked at in one operation, such as a read of a long list. */
const MOST_VALUES = 16;

export class RelatedOperations {
  /** By operation: what its value consists of, as texts. */
  private readonly textsOf: ReadonlyMap<number, readonly string[]>;
  /** By text: the operations that mention it, in order of invocation. */
  private readonly mentionedBy = new Map<string, number[]>();

  /** `operations` are in order of invocation. */
  constructor(operations: Iterable<number>, valueOf: (operation: number) => Json) {
    const textsOf = new Map<number, readonly string[]>();
    for (const operation of operations) {
      const texts = new Set<string>();
      addTexts(valueOf(operation), texts);
      textsOf.set(operation, [...texts]);
      for (const text of texts) addTo(this.mentionedBy, text, operation);
    }
    this.textsOf = textsOf;
  }

  /** Returns at most `most` other operations: those that share its rarest values first, and of these the nearest. */
  nearest(operation: number, most: number): readonly number[] {
    const found = new Set<number>();
    const lists = (this.textsOf.get(operation) ?? []).map((text) => this.mentionedBy.get(text) ?? []);
    for (const list of lists.sort((one, other) => one.length - other.length)) {
      const at = lowerBound(list, operation);
      for (let away = 1; away < list.length && found.size < most; away++)
        for (const place of [at - away, at + away])
          if (place >= 0 && place < list.length && found.size < most) found.add(present(list[place]));
    }
    return [...found];
  }
}

/** Null and booleans are left out: they relate everything. */
function addTexts(value: Json, texts: Set<string>): void {
  if (value === null || typeof value === 'boolean' || texts.size >= MOST_VALUES) return;
  if (isJsonArray(value)) for (const item of value.slice(0, MOST_VALUES)) addTexts(item, texts);
  else if (isJsonObject(value)) for (const item of Object.values(value)) addTexts(item, texts);
  else texts.add(canonicalJson(value));
}
