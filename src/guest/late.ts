/**
 * Parts of the runtime that many programs never use. Each is evaluated on first use, at most once per process: starting the
 * runtime is most of the cost of a process that handles only a few messages.
 */

// Calls of `require`, not imports, so that the bundler defers evaluation to them.
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
export const latePerformance = late(
  () => require('./time/performance.ts') as typeof import('./time/performance.ts'),
);
export const lateReadline = late(
  () => require('./streams/readline.ts') as typeof import('./streams/readline.ts'),
);
export const lateStructuredClone = late(
  () => require('./language/structured-clone.ts') as typeof import('./language/structured-clone.ts'),
);
export const lateText = late(() => require('./bytes/text.ts') as typeof import('./bytes/text.ts'));
export const lateWebAdapters = late(
  () => require('./streams/web-adapters.ts') as typeof import('./streams/web-adapters.ts'),
);
export const lateWebStreams = late(
  () => require('./streams/web-streams.ts') as typeof import('./streams/web-streams.ts'),
);
export const lateZlib = late(() => require('./bytes/zlib.ts') as typeof import('./bytes/zlib.ts'));
export const lateUrl = late(() => require('./modules/url.ts') as typeof import('./modules/url.ts'));

/** Returns a function that evaluates the part on its first call and returns the same part from then on. */
export function late<Part extends object>(evaluate: () => Part): () => Part {
  let part: Part | undefined;
  return () => (part ??= evaluate());
}

/** Defines properties that are created when first read and are ordinary data properties from then on. */
export function defineLate(target: object, makers: Readonly<Record<string, () => unknown>>): void {
  for (const [name, make] of Object.entries(makers)) defineOneLate(target, name, make);
}

/** Defines one such property. */
export function defineOneLate(target: object, name: string, make: (name: string) => unknown): void {
  const define = (value: unknown): void =>
    void Object.defineProperty(target, name, {
      value,
      writable: true,
      configurable: true,
      enumerable: false,
    });
  Object.defineProperty(target, name, {
    get() {
      const value = make(name);
      define(value);
      return value;
    },
    set: define,
    configurable: true,
    enumerable: false,
  });
}

/** The names of `webStreams`, which are also globals. */
export const WEB_STREAM_NAMES = [
  'ByteLengthQueuingStrategy',
  'CompressionStream',
  'CountQueuingStrategy',
  'DecompressionStream',
  'ReadableByteStreamController',
  'ReadableStream',
  'ReadableStreamBYOBReader',
  'ReadableStreamBYOBRequest',
  'ReadableStreamDefaultController',
  'ReadableStreamDefaultReader',
  'TextDecoderStream',
  'TextEncoderStream',
  'TransformStream',
  'TransformStreamDefaultController',
  'WritableStream',
  'WritableStreamDefaultController',
  'WritableStreamDefaultWriter',
] as const;
