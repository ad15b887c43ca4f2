/**
 * Scripts of simulated programs, compiled once in this process. Otherwise worlds of one run each would parse the same
 * text again, and recompile each function on its first call. A script is only code; the objects it creates belong to a
 * realm.
 */
import { Script } from 'node:vm';

/** Maximum number of cached scripts: the runtime, and the programs that were used last. */
const KEPT = 8;

export class CompiledScripts {
  /** The cached scripts; the most recently used is last. */
  private readonly kept: { readonly filename: string; readonly text: string; readonly script: Script }[] = [];

  get(text: string, filename: string): Script {
    const { kept } = this;
    const at = kept.findLastIndex((each) => each.filename === filename && each.text === text);
    const [found] = at === -1 ? [] : kept.splice(at, 1);
    const used = found ?? { filename, text, script: new Script(text, { filename }) };
    kept.push(used);
    if (kept.length > KEPT) kept.shift();
    return used.script;
  }
}
