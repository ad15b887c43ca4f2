/**
 * What of the language itself a simulated node finds changed. To be imported before anything else.
 *
 * When memory is given back depends on the garbage collector, so here a WeakRef holds its target as long as the node
 * lives, and a FinalizationRegistry never calls. Both are what the language allows. What would share memory, time or
 * compiled code with others is not there. What depends on the version of V8 or on the machine is the same everywhere.
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
  // It is given late: few programs ask, and all that it holds would be looked at after each process.
  bridge.realm.webAssembly = Reflect.get(globalThis, 'WebAssembly');
  for (const name of ['SharedArrayBuffer', 'Atomics', 'WebAssembly', 'gc'])
    Reflect.deleteProperty(globalThis, name);
  for (const [name, value] of Object.entries(withoutCollector())) {
    Object.defineProperty(value, 'name', { value: name }); // the bundler may have renamed the class
    Object.defineProperty(globalThis, name, { value, writable: true, configurable: true });
  }
  // Node has them before V8 does.
  for (const name of ['dispose', 'asyncDispose']) {
    if (!(name in Symbol)) Object.defineProperty(Symbol, name, { value: Symbol(`Symbol.${name}`) });
  }
  Object.defineProperty(power, 'name', { value: 'pow' });
  Object.defineProperty(Math, 'pow', { value: power, writable: true, configurable: true });
  useOneLocale();
  useOwnCustom();
}

// Once in a realm: changed again and again, the methods of strings and numbers would be compiled again for each process.
if (bridge.isNewRealm) changeLanguage();
bridge.realmIsReady();
