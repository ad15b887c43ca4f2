/**
 * The changes to the language itself in a simulated node. Must be imported before anything else.
 *
 * Garbage collection is not deterministic, so a WeakRef holds its target for the lifetime of the node, and a
 * FinalizationRegistry never calls back; the language allows both. Features that would share memory, time or compiled
 * code with other realms are removed. Results that depend on the version of V8 or on the machine are made the same
 * everywhere.
 */
import { bridge } from '../bridge.ts';
import { useOwnCustom } from '../modules/inspect.ts';
import { useOneLocale } from './locale.ts';
import { power } from './power.ts';

function requireObject(target: unknown, what: string): void {
  if ((typeof target !== 'object' || target === null) && typeof target !== 'function') {
    throw new TypeError(`${what} must be an object`);
  }
}

// oxlint-disable-next-line typescript/explicit-function-return-type -- two classes, which only their own text says
function withoutCollector() {
  class WeakRef<T extends object> {
    readonly #target: T;
    constructor(target: T) {
      requireObject(target, 'WeakRef: target');
      this.#target = target;
    }
    deref(): T {
      return this.#target;
    }
    get [Symbol.toStringTag](): string {
      return 'WeakRef';
    }
  }

  class FinalizationRegistry {
    constructor(cleanUp: unknown) {
      if (typeof cleanUp !== 'function')
        throw new TypeError('FinalizationRegistry: cleanup must be callable');
    }
    register(target: object, held?: unknown): void {
      requireObject(target, 'FinalizationRegistry.prototype.register: invalid target');
      if (target === held)
        throw new TypeError('FinalizationRegistry.prototype.register: target and holdings must differ');
    }
    unregister(): boolean {
      return false;
    }
    get [Symbol.toStringTag](): string {
      return 'FinalizationRegistry';
    }
  }
  return { WeakRef, FinalizationRegistry };
}

function changeLanguage(): void {
  // Defined lazily: few programs use it, and comparing all its objects after each process would be slow.
  bridge.realm.webAssembly = Reflect.get(globalThis, 'WebAssembly');
  for (const name of ['SharedArrayBuffer', 'Atomics', 'WebAssembly', 'gc'])
    Reflect.deleteProperty(globalThis, name);
  for (const [name, value] of Object.entries(withoutCollector())) {
    Object.defineProperty(value, 'name', { value: name }); // the bundler may have renamed the class
    Object.defineProperty(globalThis, name, { value, writable: true, configurable: true });
  }
  // Node defines them before V8 does.
  for (const name of ['dispose', 'asyncDispose']) {
    if (!(name in Symbol)) Object.defineProperty(Symbol, name, { value: Symbol(`Symbol.${name}`) });
  }
  Object.defineProperty(power, 'name', { value: 'pow' });
  Object.defineProperty(Math, 'pow', { value: power, writable: true, configurable: true });
  useOneLocale();
  useOwnCustom();
}

// Once per realm: changing the methods of strings and numbers again would force V8 to recompile them for each process.
if (bridge.isNewRealm) changeLanguage();
bridge.realmIsReady();
