/**
 * `WebAssembly`, which packages such as CRDTs and hashes use for code compiled from other languages. V8 compiles on other
 * threads; here compilation is synchronous, so that the order of events is deterministic. (Nodes that are WebAssembly
 * themselves do not use this: see docs/wasm.md.)
 */
import { bridge } from '../bridge.ts';

type Bytes = ArrayBuffer | ArrayBufferView;

/** The part of WebAssembly used here; only TypeScript's browser library declares it. */
interface Assembly {
  readonly Module: new (bytes: Bytes) => object;
  readonly Instance: new (module: object, imports?: object) => object;
  readonly Memory: new (descriptor: object) => object;
}

export function webAssembly(): object {
  bridge.realm.hasGivenWebAssembly = true;
  const assembly = bridge.realm.webAssembly as Assembly; // V8's
  const { Module, Instance, Memory } = assembly;

  const compile = async (bytes: Bytes): Promise<object> => new Module(bytes);
  const instantiate = async (source: Bytes | object, imports?: object): Promise<object> => {
    if (source instanceof Module) return new Instance(source, imports);
    const module = new Module(source as Bytes); // throws if it is not a module
    return { module, instance: new Instance(module, imports) };
  };
  // They read from a network response.
  for (const name of ['compileStreaming', 'instantiateStreaming']) Reflect.deleteProperty(assembly, name);

  /** Refuses `shared`, since there are no threads to share memory with. */
  class UnsharedMemory extends Memory {
    constructor(descriptor: object) {
      if (Reflect.get(Object(descriptor) as object, 'shared') === true)
        throw new TypeError(
          'WebAssembly.Memory: shared memory is not available in the simulation, which has no threads',
        );
      super(descriptor);
    }
    /** Memory exported by an instance counts as well. */
    static override [Symbol.hasInstance](value: unknown): boolean {
      return value instanceof Memory;
    }
  }
  for (const [name, value] of Object.entries({ compile, instantiate, Memory: UnsharedMemory })) {
    Object.defineProperty(value, 'name', { value: name }); // the bundler may have renamed it
    Object.defineProperty(assembly, name, { value, writable: true, configurable: true });
  }
  return assembly;
}
