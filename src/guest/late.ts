/**
 * Parts of the runtime that many programs never ask for. Each is evaluated when it is first wanted, at most once in a process: what
 * a process costs that lives for a few messages is mostly the beginning of its runtime.
 */

// Calls, not imports, so that the bundler leaves the evaluation to them.
export const lateAbort = late(() => require('./time/abort.ts') as typeof import('./time/abort.ts'));
export const lateBlob = late(() => require('./bytes/blob.ts') as typeof import('./bytes/blob.ts'));
export const lateWebAssembly = late(
  () => require('./language/web-assembly.ts') as typeof import('./language/web-assembly.ts'),
);
export const lateBuffer = late(() => require('./bytes/buffer.ts') as typeof import('./bytes/buffer.ts'));
export const lateCrypto = late(() => require('./bytes/crypto.ts') as typeof import('./bytes/crypto.ts'));
export const lateModules = late(
  () => require('./modules/modules.ts') as typeof import('./modules/modules.ts'),
);
export const lateStructuredClone = late(
  () => require('./language/structured-clone.ts') as typeof import('./language/structured-clone.ts'),
);
export const lateText = late(() => require('./bytes/text.ts') as typeof import('./bytes/text.ts'));
export const lateUrl = late(() => require('./modules/url.ts') as typeof import('./modules/url.ts'));

/** Gives the same each time. */
export function late<Part extends object>(evaluate: () => Part): () => Part {
  let part: Part | undefined;
  return () => (part ??= evaluate());
}

/** Properties that are made when they are first read; from then on they are as if they had always been there. */
export function defineLate(target: object, makers: Readonly<Record<string, () => unknown>>): void {
  for (const name of Object.keys(makers)) {
    const define = (value: unknown): void =>
      void Object.defineProperty(target, name, {
        value,
        writable: true,
        configurable: true,
        enumerable: false,
      });
    Object.defineProperty(target, name, {
      get() {
        const value = makers[name]?.();
        define(value);
        return value;
      },
      set: define,
      configurable: true,
      enumerable: false,
    });
  }
}
