/**
 * A realm: the global object and built-in objects of a simulated process, in its own VM context.
 *
 * Creating a realm takes a millisecond, and code runs cold in a new one, because machine code and the compiler's
 * feedback belong to it. So a realm can hold one process after another. Each gets its own runtime (src/guest/) and
 * evaluates its program anew, so that nothing remains of the previous process except its changes to built-in objects
 * (intrinsics.ts).
 */
import { constants, createContext, Script, type Context } from 'node:vm';
import type { Guest, GuestProgram, OuterBridge } from '../../../guest/bridge.ts';
import { Intrinsics } from './intrinsics.ts';

const NOTHING = new Script('0');
/** Evaluates to the built-in objects that no property of the global object leads to, directly or through prototypes. */
const HIDDEN = new Script(`[
  function* () {}, async function () {}, async function* () {}, [][Symbol.iterator](), new Map().entries(),
  new Set().entries(), ''[Symbol.iterator](), ''.matchAll(/./g),
  ...(typeof Iterator === 'function' ? [Iterator.from({ next() {} }), [].values().map?.((x) => x)] : []),
  ...(Intl.Segmenter ? [new Intl.Segmenter().segment(''), new Intl.Segmenter().segment('')[Symbol.iterator]()] : []),
]`);
/** Resets the realm's last match, which `RegExp.$1` and its kin show. */
const FORGET_MATCH = new Script(`/(?:)/.exec('')`);

/** The part of the bridge that concerns one process. */
export type ProcessBridge = Omit<OuterBridge, 'isNewRealm' | 'realm' | 'realmIsReady'>;

export class Realm {
  private readonly context: Context;
  private readonly shared: OuterBridge['realm'] = {};
  /**
   * The functions that the two scripts evaluate to. Calling one again creates everything anew, with code that is
   * already warm.
   */
  private start: ((bridge: OuterBridge) => Guest) | undefined;
  private program: GuestProgram | undefined;
  private intrinsics: Intrinsics | undefined;

  /**
   * Creates a realm whose global object is its own. A contextified one would read from an object of the harness, whose
   * prototype leads to its classes (`this.constructor`), and reads would be two orders of magnitude slower.
   */
  constructor(name: string) {
    this.context = createContext(constants.DONT_CONTEXTIFY, { name, microtaskMode: 'afterEvaluate' });
  }

  /** True when the realm can be reused for another process. */
  get isForMany(): boolean {
    return this.intrinsics !== undefined;
  }

  /**
   * Creates a realm for many processes. First begins a runtime without a process, to find out what the runtime changes.
   */
  static toReuse(name: string, runtime: Script, bridge: ProcessBridge): Realm {
    const realm = new Realm(name);
    realm.begin(runtime, bridge, () => (realm.intrinsics = new Intrinsics(realm.context, realm.hidden())));
    realm.intrinsics?.noteRuntime();
    const changed = realm.restore();
    if (changed !== undefined)
      throw new Error(`${changed} does not let another runtime begin in the same realm`);
    return realm;
  }

  /** Begins a runtime for one process. */
  begin(runtime: Script, bridge: ProcessBridge, realmIsReady = (): void => {}): Guest {
    // The type of what src/guest/runtime.ts evaluates to.
    this.start ??= runtime.runInContext(this.context) as (bridge: OuterBridge) => Guest;
    const { start } = this;
    const isNewRealm = this.intrinsics === undefined;
    return start({ ...bridge, isNewRealm, realm: this.shared, realmIsReady });
  }

  /** Evaluates the program. All processes of a realm run the same program. */
  evaluate(program: Script): GuestProgram {
    // The type of what build-program.ts makes.
    this.program ??= program.runInContext(this.context) as GuestProgram;
    return this.program;
  }

  /** Runs all pending promise reactions: the realm's own queue is drained after each script evaluated in it. */
  drain(): void {
    NOTHING.runInContext(this.context);
  }

  /**
   * Restores the realm after its process has ended. Returns the name of what prevents reuse, or undefined if nothing
   * does.
   */
  restore(): string | undefined {
    if (this.intrinsics === undefined) return 'a realm for one process';
    if (this.shared.hasGivenWebAssembly === true) return 'WebAssembly';
    const changed = this.intrinsics.restore();
    if (changed === undefined) FORGET_MATCH.runInContext(this.context);
    return changed;
  }

  private hidden(): readonly object[] {
    const values = HIDDEN.runInContext(this.context) as unknown[]; // see HIDDEN
    return values.filter((value) => typeof value === 'object' || typeof value === 'function') as object[];
  }
}
