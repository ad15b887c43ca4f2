/**
 * The initial objects of a realm: the global object, and all constructors, prototypes and functions of the language
 * (some 700). After a process has ended, they show whether the process has changed them and the realm is no longer like
 * new.
 *
 * Their own properties are compared without running a program's code: getters are not called, and replaced values are
 * not inspected.
 */
import type { Context } from 'node:vm';
import { compileValuesLook } from './values-look.ts';

type Key = string | symbol;

interface Slot {
  readonly object: object;
  readonly key: Key;
  /** Its value before the runtime of src/guest/ begins; undefined if absent. */
  readonly before: PropertyDescriptor | undefined;
}

/**
 * Some parts are expensive to check and hardly ever change: functions with only a name and a length, which are most,
 * and the attributes of values. These are checked completely after the first process of a realm, and one share of them
 * after each further process, so that a change is noticed sooner or later. Keys, prototypes, accessors and the values
 * themselves are checked each time.
 */
const SHARES = 8;

/** The first runtime, which has no process, and the first process. */
const WHOLE_LOOKS = 2;

type Shares<Item> = readonly (readonly Item[])[];

const sharesOf = <Item>(items: readonly Item[]): Shares<Item> =>
  Array.from({ length: SHARES }, (_, share) => items.filter((_item, at) => at % SHARES === share));

/** An object, and its expected state between two processes. */
interface Expected {
  readonly object: object;
  /** The path by which a program reaches it. */
  readonly path: string;
  readonly prototype: object | null;
  readonly isExtensible: boolean;
  /** Number of own properties while a runtime is in place. */
  size: number;
  places: readonly KnownProperty[];
}

/** A property, and its expected state. */
interface KnownProperty {
  readonly object: object;
  readonly path: string;
  readonly key: Key;
  /** The value, or the getter. */
  readonly value: unknown;
  readonly setter: unknown;
  readonly attributes: number;
}

export class Intrinsics {
  private readonly objects: readonly Expected[];
  private readonly plainFunctions: Shares<Expected>;
  private looks = 0;
  private properties: Properties | undefined;
  /** The properties that the runtime writes for each process, so that they may hold anything. */
  private slots: readonly Slot[] = [];

  /**
   * Takes a realm in which no runtime has begun yet. `hidden` are objects that no property of its global object leads
   * to.
   */
  constructor(
    private readonly global: Context,
    hidden: readonly object[],
  ) {
    const all = [...reachable([global, ...hidden])].map(expect);
    this.objects = all.filter((each) => !isPlainFunction(each));
    this.plainFunctions = sharesOf(all.filter(isPlainFunction));
  }

  /** Called when the first runtime has begun: the properties that it has changed belong to the runtime. */
  noteRuntime(): void {
    const slots: Slot[] = [];
    for (const expected of [...this.objects, ...this.plainFunctions.flat()]) {
      const { object } = expected;
      const places = new Map(expected.places.map((place) => [place.key, place]));
      const now = Reflect.ownKeys(object);
      for (const key of new Set([...places.keys(), ...now])) {
        const place = places.get(key);
        if (place !== undefined && isAsExpected(place)) continue;
        slots.push({ object, key, before: place && descriptorOf(place) });
        places.delete(key);
      }
      expected.places = [...places.values()];
      expected.size = now.length;
    }
    this.slots = slots;
    this.properties = propertiesOf(
      this.global,
      this.objects.flatMap(({ places }) => places),
    );
  }

  /**
   * Makes the realm ready for another runtime. Removes properties that a program has added to the global object.
   * Returns the name of anything else that the program has changed, after which the realm must not be used again.
   */
  restore(): string | undefined {
    const changed = this.removeGlobals() ?? this.changedObject() ?? this.changedProperty();
    if (changed !== undefined) return changed;
    this.looks++;
    for (const slot of this.slots) if (!restoreSlot(slot)) return String(slot.key);
    return undefined;
  }

  private changedObject(): string | undefined {
    for (const each of this.objects) if (!isSameObject(each)) return each.path;
    for (const share of this.sharesToLookAt(this.plainFunctions))
      for (const each of share) if (!isSameObject(each) || !each.places.every(isAsExpected)) return each.path;
    return undefined;
  }

  private changedProperty(): string | undefined {
    const { properties } = this;
    if (properties === undefined) return undefined;
    for (const places of [properties.accessors, ...this.sharesToLookAt(properties.values)])
      for (const place of places) if (!isAsExpected(place)) return place.path;
    return properties.valuesStand() ? undefined : 'a value';
  }

  private sharesToLookAt<Item>(shares: Shares<Item>): Shares<Item> {
    if (this.looks < WHOLE_LOOKS) return shares;
    const at = this.looks % SHARES;
    return shares.slice(at, at + 1);
  }

  private removeGlobals(): string | undefined {
    const [expected] = this.objects;
    if (expected === undefined) return undefined;
    const now = Reflect.ownKeys(this.global);
    if (now.length === expected.size) return undefined;
    const known = new Set(expected.places.map(({ key }) => key));
    for (const { object, key } of this.slots) if (object === this.global) known.add(key);
    const left = now.find((key) => !known.has(key) && !Reflect.deleteProperty(this.global, key));
    return left === undefined ? undefined : String(left);
  }
}

/** Returns all objects that can be reached from the roots, with the path to each. */
function reachable(roots: readonly object[]): ReadonlyMap<object, string> {
  const found = new Map<object, string>();
  const add = (value: unknown, path: string): void => {
    if ((typeof value !== 'object' || value === null) && typeof value !== 'function') return;
    if (!found.has(value)) found.set(value, path);
  };
  roots.forEach((root, at) => add(root, at === 0 ? '' : `hidden object ${at}`));
  // The map grows during the iteration.
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
  const places = keys.map((key): KnownProperty => {
    const descriptor = Reflect.getOwnPropertyDescriptor(object, key) ?? {};
    return {
      object,
      path: path === '' ? String(key) : `${path}.${String(key)}`,
      key,
      value: valueOf(descriptor),
      setter: setterOf(descriptor),
      attributes: attributesOf(descriptor),
    };
  });
  const [prototype, isExtensible] = [prototypeOf(object), Object.isExtensible(object)];
  return { object, path, prototype, isExtensible, size: keys.length, places };
}

const WRITABLE = 1;
const ENUMERABLE = 2;
const CONFIGURABLE = 4;
const ACCESSOR = 8;

/** The properties of all objects, grouped by how they are checked. */
interface Properties {
  /** Checked by their descriptors each time, because a getter must not be called. */
  readonly accessors: readonly KnownProperty[];
  readonly values: Shares<KnownProperty>;
  readonly valuesStand: () => boolean;
}

/** Groups the properties; those that nothing can change are left out. */
function propertiesOf(realm: Context, places: readonly KnownProperty[]): Properties {
  const changing = places.filter(({ attributes }) => (attributes & (CONFIGURABLE | WRITABLE)) !== 0);
  const values = changing.filter(({ attributes, value }) => (attributes & ACCESSOR) === 0 && value === value);
  const known = new Set(values);
  const accessors = changing.filter((place) => !known.has(place));
  return { accessors, values: sharesOf(values), valuesStand: compileValuesLook(realm, values) };
}

/** A property descriptor whose functions are those of a program: they are compared, and never called. */
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

function descriptorOf({ value, setter, attributes }: KnownProperty): PropertyDescriptor {
  const [enumerable, configurable] = [(attributes & ENUMERABLE) !== 0, (attributes & CONFIGURABLE) !== 0];
  if ((attributes & ACCESSOR) === 0)
    return { value, writable: (attributes & WRITABLE) !== 0, enumerable, configurable };
  // An accessor's getter and setter are functions or undefined.
  return { get: value, set: setter, enumerable, configurable } as PropertyDescriptor;
}

const isPlainFunction = ({ object, size }: Expected): boolean => typeof object === 'function' && size === 2;

const prototypeOf = (object: object): object | null => Object.getPrototypeOf(object) as object | null;

const isSameObject = ({ object, prototype, isExtensible, size }: Expected): boolean =>
  prototypeOf(object) === prototype &&
  Object.isExtensible(object) === isExtensible &&
  Reflect.ownKeys(object).length === size;

function isAsExpected(place: KnownProperty): boolean {
  const descriptor: Descriptor | undefined = Reflect.getOwnPropertyDescriptor(place.object, place.key);
  return (
    descriptor !== undefined &&
    attributesOf(descriptor) === place.attributes &&
    Object.is(valueOf(descriptor), place.value) &&
    setterOf(descriptor) === place.setter
  );
}

const restoreSlot = ({ object, key, before }: Slot): boolean =>
  before === undefined ? Reflect.deleteProperty(object, key) : Reflect.defineProperty(object, key, before);
