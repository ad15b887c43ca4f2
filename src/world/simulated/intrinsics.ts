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
  /** By the places of the keys: the value, or the getter; the setter; and the attributes as a number. */
  readonly values: unknown[];
  readonly setters: unknown[];
  readonly attributes: number[];
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
        const descriptor = Reflect.getOwnPropertyDescriptor(object, key);
        if (at !== -1 && descriptor !== undefined && isAsExpected(expected, at, descriptor)) continue;
        slots.push({ object, key, before: at === -1 ? undefined : descriptorOf(expected, at) });
        own.add(key);
        if (at === -1) continue;
        for (const list of [expected.keys, expected.values, expected.setters, expected.attributes])
          list.splice(at, 1);
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
    for (const each of this.expected) if (!isUntouched(each)) return each.path;
    const changed = this.changedFunction();
    if (changed !== undefined) return changed.path;
    for (const slot of this.slots) if (!restoreSlot(slot)) return String(slot.key);
    return undefined;
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
  return {
    object,
    path,
    prototype: prototypeOf(object),
    isExtensible: Object.isExtensible(object),
    size: keys.length,
    keys,
    values: descriptors.map(valueOf),
    setters: descriptors.map(setterOf),
    attributes: descriptors.map(attributesOf),
  };
}

const WRITABLE = 1;
const ENUMERABLE = 2;
const CONFIGURABLE = 4;
const ACCESSOR = 8;

/** (A program's functions are looked at here, and never called.) */
interface Descriptor extends Omit<PropertyDescriptor, 'get' | 'set'> {
  readonly get?: unknown;
  readonly set?: unknown;
}

const isAccessor = ({ get, set }: Descriptor): boolean => get !== undefined || set !== undefined;

const valueOf = (descriptor: Descriptor): unknown =>
  isAccessor(descriptor) ? descriptor.get : descriptor.value;

const setterOf = ({ set }: Descriptor): unknown => set;

const attributesOf = (descriptor: Descriptor): number =>
  (descriptor.writable === true ? WRITABLE : 0) |
  (descriptor.enumerable === true ? ENUMERABLE : 0) |
  (descriptor.configurable === true ? CONFIGURABLE : 0) |
  (isAccessor(descriptor) ? ACCESSOR : 0);

function descriptorOf({ values, setters, attributes }: Expected, at: number): PropertyDescriptor {
  const flags = attributes[at] ?? 0;
  const [enumerable, configurable] = [(flags & ENUMERABLE) !== 0, (flags & CONFIGURABLE) !== 0];
  if ((flags & ACCESSOR) === 0)
    return { value: values[at], writable: (flags & WRITABLE) !== 0, enumerable, configurable };
  // What stands there for an accessor are functions, or nothing.
  return { get: values[at], set: setters[at], enumerable, configurable } as PropertyDescriptor;
}

const isPlainFunction = ({ object, keys }: Expected): boolean =>
  typeof object === 'function' && keys.length === 2;

const prototypeOf = (object: object): object | null => Object.getPrototypeOf(object) as object | null;

/** A fifth of what a short run costs, so it makes no closures and copies nothing (bench/hunting.ts, tiny). */
function isUntouched(expected: Expected): boolean {
  const { object, keys } = expected;
  if (prototypeOf(object) !== expected.prototype || Object.isExtensible(object) !== expected.isExtensible)
    return false;
  if (Reflect.ownKeys(object).length !== expected.size) return false;
  for (let at = 0; at < keys.length; at++) {
    const key = keys[at];
    if (key === undefined) return false;
    const descriptor = Reflect.getOwnPropertyDescriptor(object, key);
    if (descriptor === undefined || !isAsExpected(expected, at, descriptor)) return false;
  }
  return true;
}

function isAsExpected(
  { values, setters, attributes }: Expected,
  at: number,
  descriptor: Descriptor,
): boolean {
  const flags = attributes[at] ?? 0;
  if (descriptor.enumerable !== ((flags & ENUMERABLE) !== 0)) return false;
  if (descriptor.configurable !== ((flags & CONFIGURABLE) !== 0)) return false;
  if ((flags & ACCESSOR) !== 0) return descriptor.get === values[at] && descriptor.set === setters[at];
  if (descriptor.writable !== ((flags & WRITABLE) !== 0)) return false;
  const { value } = descriptor as { readonly value: unknown };
  return value === values[at] || Object.is(value, values[at]);
}

const restoreSlot = ({ object, key, before }: Slot): boolean =>
  before === undefined ? Reflect.deleteProperty(object, key) : Reflect.defineProperty(object, key, before);
