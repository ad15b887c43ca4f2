/** The status line of an exploration. */
import type { Cell } from '../../explore/cells.ts';
import { counted } from '../../protocol/count-text.ts';
import type { Console } from '../show/console.ts';
import { count } from '../show/count.ts';

export class ExploreLine {
  private readonly startMs = performance.now();
  private executions = 0;
  private cell: Cell | undefined;

  constructor(private readonly console: Console) {}

  begin(cell: Cell): void {
    this.cell = cell;
  }

  count(executions: number): void {
    this.executions += executions;
  }

  draw(): void {
    const { console, executions, cell } = this;
    const nowMs = performance.now();
    const seconds = (nowMs - this.startMs) / 1000;
    const where =
      cell === undefined
        ? ''
        : `  ${counted(cell.nodes, 'node')}, ${counted(cell.ops, 'operation')}, ${counted(cell.deviations, 'deviation')}`;
    console.showStatus(
      `${console.paint('cyan', `[exploring ${Math.floor(seconds)} s]`)}  ${count(executions)} executions (${count(Math.round(executions / seconds))}/s)${where}`,
      nowMs,
    );
  }
}
