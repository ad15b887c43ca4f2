/**
 * `WebAssembly`, by which packages such as CRDTs and hashes run what was compiled from other languages. V8 compiles on other threads
 * and answers when they are done; here it is done at once, so that the order of events is that of the simulation. (A node that
 * is itself WebAssembly has nothing to do with this: see docs/wasm.md.)
 */
import { bridge } from '../bridge.ts';

type Bytes = ArrayBuffer | ArrayBufferView;

/** As much of it as is needed here; in no library of types that goes without a browser. */
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
    const module = new Module(source as Bytes); // which says so, if it is none
    return { module, instance: new Instance(module, imports) };
  };
  // They wait for a response of the network.
  for (const name of ['compileStreaming', 'instantiateStreaming']) Reflect.deleteProperty(assembly, name);

  /** There are no threads with which memory could be shared. */
  class UnsharedMemory extends Memory {
    constructor(descriptor: object) {
      if (Reflect.get(Object(descriptor) as object, 'shared') === true)
        throw new TypeError(
          'WebAssembly.Memory: shared memory is not available in the simulation, which has no threads',
        );
      super(descriptor);
    }
    /** That of an instance is one, too. */
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
