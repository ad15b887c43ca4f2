/**
 * Scripts of simulated programs, compiled once in this process: worlds of one run each would otherwise read the same text again, and
 * compile each of its functions again when it is first called. A script is code alone; what it makes belongs to a realm.
 */
import { Script } from 'node:vm';

/** How many are kept: the runtime, and the programs that were used last. */
const KEPT = 8;

export class CompiledScripts {
  /** By file name and text; the one that was used last at the end. */
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
