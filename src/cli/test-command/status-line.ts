/** The status of a run in one line: `main 42s  ok 210 fail 0 info 3  1,240 msgs (61/s)  partition n1 | n2 n3`. */
import type { RunStatus } from '../../run/run-status.ts';
import type { Console } from '../show/console.ts';
import { shownText } from '../../protocol/shown-text.ts';
import { count } from '../show/count.ts';

/** Messages per second are counted over that long. */
const RATE_WINDOW_MS = 2000;

/** Remembers a little, to say how many messages there were in the last seconds. */
export class StatusLine {
  private samples: { readonly atMs: number; readonly messages: number }[] = [];

  constructor(private readonly console: Console) {}

  render(status: RunStatus, nowMs: number): string {
    const paint = this.console.paint.bind(this.console);
    const left = status.secondsLeft === undefined ? '' : ` ${Math.ceil(status.secondsLeft)} s left`;
    const operations = [
      paint('green', `${status.ok} ok`),
      status.fail === 0 ? '0 fail' : paint('yellow', `${status.fail} fail`),
      status.info === 0 ? '0 info' : paint('magenta', `${status.info} info`),
    ];
    const messages = `${count(status.messages)} messages (${count(this.rate(status.messages, nowMs))}/s)`;
    const faults = status.activeFaults.map((fault) => paint('red', shownText(fault)));
    return [paint('cyan', `[${status.phase}${left}]`), operations.join(', '), messages, ...faults].join('  ');
  }

  private rate(messages: number, nowMs: number): number {
    this.samples.push({ atMs: nowMs, messages });
    this.samples = this.samples.filter((sample) => sample.atMs >= nowMs - RATE_WINDOW_MS);
    const oldest = this.samples[0];
    if (oldest === undefined || oldest.atMs >= nowMs) return 0;
    return Math.max(0, Math.round(((messages - oldest.messages) * 1000) / (nowMs - oldest.atMs)));
  }
}
