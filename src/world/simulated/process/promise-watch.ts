/**
 * Reports promises to the simulated nodes that own them. V8 reports promises of all realms alike; a promise's prototype
 * shows its owner. This slows down every promise of the process, so it is on only while a node that needs it lives.
 */
import { promiseHooks } from 'node:v8';
import type { PromiseWatch } from '../../../guest/bridge.ts';

const watches = new Map<object, PromiseWatch>();
let stop: (() => void) | undefined;

/** Calls the watch for promises with this prototype until the returned function is called. */
export function watchPromises(promisePrototype: object, watch: PromiseWatch): () => void {
  watches.set(promisePrototype, watch);
  stop ??= promiseHooks.createHook({
    init: (promise) => watchOf(promise)?.init(promise),
    before: (promise) => watchOf(promise)?.before(promise),
    after: (promise) => watchOf(promise)?.after(promise),
  }) as () => void; // the result is a function that stops the hook
  return () => {
    watches.delete(promisePrototype);
    if (watches.size > 0) return;
    stop?.();
    stop = undefined;
  };
}

function watchOf(promise: object): PromiseWatch | undefined {
  for (let up: unknown = Object.getPrototypeOf(promise); typeof up === 'object' && up !== null;) {
    const watch = watches.get(up);
    if (watch !== undefined) return watch;
    up = Object.getPrototypeOf(up);
  }
  return undefined;
}
