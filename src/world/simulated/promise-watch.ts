/**
 * Reports promises to the simulated nodes that own them: V8 reports those of all realms alike, and a promise's prototype says whose it
 * is. That costs each promise of the process something, so it is done only while a node that asked for it lives.
 */
import { promiseHooks } from 'node:v8';
import type { PromiseWatch } from '../../guest/bridge.ts';

const watches = new Map<object, PromiseWatch>();
let stop: (() => void) | undefined;

/** From now on calls the watch for promises with this prototype; returns the end of it. */
export function watchPromises(promisePrototype: object, watch: PromiseWatch): () => void {
  watches.set(promisePrototype, watch);
  stop ??= promiseHooks.createHook({
    init: (promise) => watchOf(promise)?.init(promise),
    before: (promise) => watchOf(promise)?.before(promise),
    after: (promise) => watchOf(promise)?.after(promise),
  }) as () => void; // what it returns ends it
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
