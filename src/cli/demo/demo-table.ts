/** The table of `maelstrom demo`, with a row for each example as it ends. */
import { relative } from 'node:path';
import type { Console } from '../show/console.ts';
import type { DemoOutcome } from './demo-case.ts';
import type { DemoCase } from './demo-plan.ts';
import { whyAgain } from './second-chance.ts';
import { count } from '../show/count.ts';

interface Column {
  readonly title: string;
  readonly width: number;
  readonly right?: boolean;
}

const COLUMNS: readonly Column[] = [
  { title: 'workload', width: 15 },
  { title: 'program', width: 30 },
  { title: 'world', width: 9 },
  { title: 'verdict', width: 8 },
  { title: 'ops', width: 6, right: true },
  { title: 'messages', width: 8, right: true },
  { title: 'seconds', width: 7, right: true },
  { title: 'where', width: 0 },
];

const VERDICT = COLUMNS.findIndex(({ title }) => title === 'verdict');

const REDRAW_EVERY_MS = 250;

export class DemoTable {
  private readonly running = new Set<DemoCase>();
  private readonly wrong: string[] = [];
  private readonly startedMs = performance.now();
  private total = 0;
  private done = 0;
  private skipped = 0;
  private redraw: NodeJS.Timeout | undefined;

  constructor(private readonly console: Console) {}

  begin(seed: string, cases: readonly DemoCase[]): void {
    this.total = cases.length;
    const { console } = this;
    console.line('Runs the examples as clusters of processes (real) and in virtual time (simulated).');
    console.line(`Right ones are to be valid, broken ones caught. Seed: ${seed}`);
    console.line('');
    this.writeRow(
      COLUMNS.map(({ title }) => title),
      (text) => console.paint('bold', text),
    );
    this.redraw = setInterval(() => this.showStatus(), REDRAW_EVERY_MS);
  }

  start(demoCase: DemoCase): void {
    this.running.add(demoCase);
    this.showStatus();
  }

  finish(demoCase: DemoCase, outcome: DemoOutcome | undefined): void {
    this.running.delete(demoCase);
    if (outcome === undefined) return;
    this.done++;
    const asExpected = outcome.validity === demoCase.expected;
    const verdict = asExpected ? (demoCase.expected ? 'valid' : 'caught') : WRONG[String(outcome.validity)];
    this.writeRow(cellsOf(demoCase, outcome, verdict), (text) =>
      this.console.paint(asExpected ? 'green' : ['red', 'bold'], text),
    );
    if (asExpected) return;
    this.wrong.push(`${demoCase.program} (${demoCase.world})`);
    this.console.line(`    ${outcome.sentence}`);
  }

  /** Writes an outcome that does not count because the example will be run once more. */
  repeat(demoCase: DemoCase, outcome: DemoOutcome): void {
    this.running.delete(demoCase);
    this.writeRow(cellsOf(demoCase, outcome, 'again'), (text) => this.console.paint('yellow', text));
    this.console.line(`    ${outcome.sentence}`);
    this.console.line(`    ${whyAgain(outcome)}`);
  }

  skip(demoCase: DemoCase, reason: string): void {
    this.skipped++;
    this.writeRow([demoCase.workload, demoCase.program, demoCase.world, 'skipped', '', '', '', reason]);
  }

  /** Writes the summary. Returns true if all examples came out as expected. */
  end(): boolean {
    const { console, wrong } = this;
    const seconds = Math.round((performance.now() - this.startedMs) / 1000);
    const skipped = this.skipped === 0 ? '' : `, ${this.skipped} skipped`;
    console.line('');
    if (wrong.length === 0) {
      console.line(
        console.paint(
          ['green', 'bold'],
          `All ${this.done} came out as they should${skipped}, in ${seconds} s.`,
        ),
      );
      return true;
    }
    console.line(
      console.paint(
        ['red', 'bold'],
        `${wrong.length} of ${this.done} came out otherwise than they should${skipped}: ${wrong.join(', ')}`,
      ),
    );
    return false;
  }

  close(): void {
    clearInterval(this.redraw);
    this.console.clearStatus();
  }

  /** Writes cells in columns; `paint` colours the verdict. The last column is left out if it would wrap. */
  private writeRow(cells: readonly string[], paint: (text: string) => string = (text) => text): void {
    const padded = COLUMNS.map(({ width, right }, index) => {
      const cell = cells[index] ?? '';
      return right === true ? cell.padStart(width) : cell.padEnd(width);
    });
    const fits = !this.console.isTerminal || padded.join('  ').length <= this.console.width;
    const shown = padded.map((text, index) => (index === VERDICT ? paint(text) : text));
    this.console.line((fits ? shown : shown.slice(0, -1)).join('  ').trimEnd());
  }

  private showStatus(): void {
    const names = [...this.running].map(({ program, world }) => `${program} (${world})`);
    if (!this.console.isTerminal || names.length === 0) return;
    const done = this.done + this.skipped;
    this.console.showStatus(
      this.console.paint('cyan', `[${done} of ${this.total}] `) + `running ${names.join(', ')}`,
      performance.now(),
    );
  }
}

const cellsOf = (demoCase: DemoCase, outcome: DemoOutcome, verdict = ''): readonly string[] => [
  demoCase.workload,
  demoCase.program,
  demoCase.world,
  verdict,
  count(outcome.operations),
  count(outcome.messages),
  outcome.seconds.toFixed(1),
  relative('', outcome.folder) || outcome.folder,
];

const WRONG: Readonly<Record<string, string>> = { true: 'MISSED', false: 'INVALID', unknown: 'UNKNOWN' };
