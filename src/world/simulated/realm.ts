/**
 * A realm: the global object and the language's own objects that a simulated process finds, in a VM context of its own.
 *
 * To make one takes a millisecond, and whatever runs in a new one runs cold: machine code and what the compiler has learned
 * belong to it. So one realm may hold one process after another: each gets a runtime of its own (src/guest/) and makes its
 * program anew, so that nothing is left of the one before but what it has changed of the language (intrinsics.ts).
 */
import { constants, createContext, Script, type Context } from 'node:vm';
import type { Guest, GuestProgram, OuterBridge } from '../../guest/bridge.ts';
import { Intrinsics } from './intrinsics.ts';

const NOTHING = new Script('0');
/** Objects of the language that no property of the global object leads to, directly or by their prototypes. */
const HIDDEN = new Script(`[
  function* () {}, async function () {}, async function* () {}, [][Symbol.iterator](), new Map().entries(),
  new Set().entries(), ''[Symbol.iterator](), ''.matchAll(/./g),
  ...(typeof Iterator === 'function' ? [Iterator.from({ next() {} }), [].values().map?.((x) => x)] : []),
  ...(Intl.Segmenter ? [new Intl.Segmenter().segment(''), new Intl.Segmenter().segment('')[Symbol.iterator]()] : []),
]`);
/** What `RegExp.$1` and its kin show is the realm's last match. */
const FORGET_MATCH = new Script(`/(?:)/.exec('')`);

/** The part of the bridge that is about one process. */
export type ProcessBridge = Omit<OuterBridge, 'isNewRealm' | 'realm' | 'realmIsReady'>;

export class Realm {
  private readonly context: Context;
  private readonly shared: OuterBridge['realm'] = {};
  /** What the two scripts give: a function each. Called again it makes everything anew, but by code that is warm. */
  private start: ((bridge: OuterBridge) => Guest) | undefined;
  private program: GuestProgram | undefined;
  private intrinsics: Intrinsics | undefined;

  /**
   * A realm whose global object is its own. One that is contextified would read from an object of ours, whose prototype
   * leads to our classes (`this.constructor`), and is slower to read by two orders of magnitude.
   */
  constructor(name: string) {
    this.context = createContext(constants.DONT_CONTEXTIFY, { name, microtaskMode: 'afterEvaluate' });
  }

  /** For many processes: a first runtime begins, without a process, to show what it changes. */
  static toReuse(name: string, runtime: Script, bridge: ProcessBridge): Realm {
    const realm = new Realm(name);
    realm.begin(runtime, bridge, () => (realm.intrinsics = new Intrinsics(realm.context, realm.hidden())));
    realm.intrinsics?.noteRuntime();
    const changed = realm.restore();
    if (changed !== undefined)
      throw new Error(`${changed} does not let another runtime begin in the same realm`);
    return realm;
  }

  /** Begins a runtime, for one process. */
  begin(runtime: Script, bridge: ProcessBridge, realmIsReady = (): void => {}): Guest {
    // What src/guest/runtime.ts is.
    this.start ??= runtime.runInContext(this.context) as (bridge: OuterBridge) => Guest;
    const { start } = this;
    const isNewRealm = this.intrinsics === undefined;
    return start({ ...bridge, isNewRealm, realm: this.shared, realmIsReady });
  }

  /** All its processes are of one program. */
  evaluate(program: Script): GuestProgram {
    // What build-program.ts makes.
    this.program ??= program.runInContext(this.context) as GuestProgram;
    return this.program;
  }

  /** Lets all promise reactions run: the realm's own queue is drained whenever a script has been evaluated in it. */
  drain(): void {
    NOTHING.runInContext(this.context);
  }

  /** Its process has ended. Names what keeps another from finding it as that one did; undefined when nothing does. */
  restore(): string | undefined {
    if (this.intrinsics === undefined) return 'a realm for one process';
    if (this.shared.hasGivenWebAssembly === true) return 'WebAssembly';
    const changed = this.intrinsics.restore();
    if (changed === undefined) FORGET_MATCH.runInContext(this.context);
    return changed;
  }

  private hidden(): readonly object[] {
    const values = HIDDEN.runInContext(this.context) as unknown[]; // see there
    return values.filter((value) => typeof value === 'object' || typeof value === 'function') as object[];
  }
}
