/**
 * The objects that a realm is born with: the global object, and all constructors, prototypes and functions of the language
 * (some 700). After a process has ended they show whether it has changed them, so that the realm is not as new.
 *
 * What they hold themselves is compared, property by property, and never asked of a program's code: a getter is not called,
 * and what has taken the place of another thing is not looked into.
 */
type Key = string | symbol;

interface Slot {
  readonly object: object;
  readonly key: Key;
  /** What it is before the runtime of src/guest/ begins; undefined where there is nothing. */
  readonly before: PropertyDescriptor | undefined;
}

/**
 * Most are functions that have nothing but a name and a length. What a program adds to those is seen sooner or later: at each end of a
 * process a fixed share of them is compared. The rest is looked at each time. Halves what the look costs (bench/hunting.ts).
 */
const PLAIN_FUNCTION_SHARES = 8;

/** An object, and what is expected of it between two processes. */
interface Expected {
  readonly object: object;
  /** How a program comes to it. */
  readonly path: string;
  readonly prototype: object | null;
  readonly isExtensible: boolean;
  /** Own properties while a runtime is in place. */
  size: number;
  readonly keys: Key[];
  readonly descriptors: PropertyDescriptor[];
}

export class Intrinsics {
  private readonly expected: readonly Expected[];
  private readonly plainFunctions: readonly Expected[];
  private looks = 0;
  /** What the runtime changes: those it writes anew for each process, so that they may hold anything. */
  private slots: readonly Slot[] = [];

  /** Of a realm in which no runtime has begun yet. `hidden` are objects that no property of its global object leads to. */
  constructor(
    private readonly global: object,
    hidden: readonly object[],
  ) {
    const all = [...reachable([global, ...hidden])].map(expect);
    this.expected = all.filter((each) => !isPlainFunction(each));
    this.plainFunctions = all.filter(isPlainFunction);
  }

  /** A runtime has begun, for the first time: what it has changed is its own. */
  noteRuntime(): void {
    const slots: Slot[] = [];
    for (const expected of [...this.expected, ...this.plainFunctions]) {
      const { object } = expected;
      const now = Reflect.ownKeys(object);
      const own = new Set<Key>();
      for (const key of new Set([...expected.keys, ...now])) {
        const at = expected.keys.indexOf(key);
        const before = expected.descriptors[at];
        if (isSame(Reflect.getOwnPropertyDescriptor(object, key), before)) continue;
        slots.push({ object, key, before });
        own.add(key);
        if (at === -1) continue;
        expected.keys.splice(at, 1);
        expected.descriptors.splice(at, 1);
      }
      expected.size = expected.keys.length + now.filter((key) => own.has(key)).length;
    }
    this.slots = slots;
  }

  /**
   * Makes the realm ready for another runtime. A program may leave properties of the global object, which are removed; whatever
   * else it has changed is named, and the realm must not be used again.
   */
  restore(): string | undefined {
    const left = this.removeGlobals();
    if (left !== undefined) return left;
    const changed = this.expected.find((each) => !isUntouched(each)) ?? this.changedFunction();
    if (changed !== undefined) return changed.path;
    const slot = this.slots.find((each) => !restoreSlot(each));
    return slot === undefined ? undefined : String(slot.key);
  }

  private changedFunction(): Expected | undefined {
    const { plainFunctions } = this;
    for (
      let at = this.looks++ % PLAIN_FUNCTION_SHARES;
      at < plainFunctions.length;
      at += PLAIN_FUNCTION_SHARES
    ) {
      const each = plainFunctions[at];
      if (each !== undefined && !isUntouched(each)) return each;
    }
    return undefined;
  }

  private removeGlobals(): string | undefined {
    const [expected] = this.expected;
    if (expected === undefined) return undefined;
    const now = Reflect.ownKeys(this.global);
    if (now.length === expected.size) return undefined;
    const known = new Set(expected.keys);
    for (const { object, key } of this.slots) if (object === this.global) known.add(key);
    const left = now.find((key) => !known.has(key) && !Reflect.deleteProperty(this.global, key));
    return left === undefined ? undefined : String(left);
  }
}

/** All objects that can be reached from those, with the way to each. */
function reachable(roots: readonly object[]): ReadonlyMap<object, string> {
  const found = new Map<object, string>();
  const add = (value: unknown, path: string): void => {
    if ((typeof value !== 'object' || value === null) && typeof value !== 'function') return;
    if (!found.has(value)) found.set(value, path);
  };
  roots.forEach((root, at) => add(root, at === 0 ? '' : `hidden object ${at}`));
  // It grows while one goes through it.
  for (const [object, path] of found) {
    for (const key of Reflect.ownKeys(object)) {
      const descriptor = Reflect.getOwnPropertyDescriptor(object, key);
      const way = path === '' ? String(key) : `${path}.${String(key)}`;
      add(descriptor?.value, way);
      add(descriptor?.get, `get ${way}`);
      add(descriptor?.set, `set ${way}`);
    }
    add(Object.getPrototypeOf(object), `prototype of ${path}`);
  }
  return found;
}

function expect([object, path]: readonly [object, string]): Expected {
  const keys = Reflect.ownKeys(object);
  const descriptors = keys.map((key) => Reflect.getOwnPropertyDescriptor(object, key) ?? {});
  const [prototype, isExtensible] = [prototypeOf(object), Object.isExtensible(object)];
  return { object, path, prototype, isExtensible, size: keys.length, keys, descriptors };
}

const isPlainFunction = ({ object, keys }: Expected): boolean =>
  typeof object === 'function' && keys.length === 2;

const prototypeOf = (object: object): object | null => Object.getPrototypeOf(object) as object | null;

function isUntouched({ object, prototype, isExtensible, size, keys, descriptors }: Expected): boolean {
  if (prototypeOf(object) !== prototype || Object.isExtensible(object) !== isExtensible) return false;
  if (Reflect.ownKeys(object).length !== size) return false;
  for (let at = 0; at < keys.length; at++) {
    const key = keys[at];
    if (key === undefined) return false;
    if (!isSame(Reflect.getOwnPropertyDescriptor(object, key), descriptors[at])) return false;
  }
  return true;
}

const isSame = (one: PropertyDescriptor | undefined, other: PropertyDescriptor | undefined): boolean =>
  one === other ||
  (one !== undefined &&
    other !== undefined &&
    Object.is(one.value, other.value) &&
    one.get === other.get &&
    one.set === other.set &&
    one.writable === other.writable &&
    one.enumerable === other.enumerable &&
    one.configurable === other.configurable);

const restoreSlot = ({ object, key, before }: Slot): boolean =>
  before === undefined ? Reflect.deleteProperty(object, key) : Reflect.defineProperty(object, key, before);
