/** Translates positions in a bundled script, in the form of stack traces, to positions in the program's source. */
import { SourceMap, type SourceMapPayload } from 'node:module';
import type { ScriptProgram } from './program.ts';

/** The prefix of every position in a simulated script. */
const MARK = 'simulated:';

export class SourcePositions {
  private map: SourceMap | undefined;
  private readonly position: RegExp;

  constructor(private readonly program: Pick<ScriptProgram, 'name' | 'sourceMap'>) {
    const name = program.name.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
    this.position = new RegExp(`${MARK}${name}:(\\d+):(\\d+)`, 'g');
  }

  restore(text: string): string {
    if (!text.includes(MARK)) return text;
    return text.replace(this.position, (whole, line: string, column: string) => {
      // Made by esbuild; parsed when first needed.
      this.map ??= new SourceMap(JSON.parse(this.program.sourceMap) as SourceMapPayload);
      const entry = this.map.findEntry(Number(line) - 1, Number(column) - 1);
      if (!('originalSource' in entry)) return whole;
      return `${entry.originalSource}:${entry.originalLine + 1}:${entry.originalColumn + 1}`;
    });
  }
}
