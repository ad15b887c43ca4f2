/** The status line of a run: `[main 42 s left]  210 ok, 0 fail, 3 info  1,240 messages (61/s)  partition n1 | n2 n3`. */
import { stripVTControlCharacters } from 'node:util';
import type { RunStatus } from '../../run/run-status.ts';
import type { Console } from '../show/console.ts';
import { shownText } from '../../protocol/shown-text.ts';
import { count } from '../show/count.ts';

/** Window over which messages per second are counted. */
const RATE_WINDOW_MS = 2000;

/** Keeps recent samples to compute the rate of messages. */
export class StatusLine {
  private samples: { readonly atMs: number; readonly messages: number }[] = [];

  constructor(private readonly console: Console) {}

  /** Returns as much as fits into a line of the terminal: messages are dropped first, current faults last. */
  render(status: RunStatus, nowMs: number): string {
    const { console } = this;
    const paint = console.paint.bind(console);
    const left = status.secondsLeft === undefined ? '' : ` ${Math.ceil(status.secondsLeft)} s left`;
    const phase = paint('cyan', `[${status.phase}${left}]`);
    const operations = [
      paint('green', `${status.ok} ok`),
      status.fail === 0 ? '0 fail' : paint('yellow', `${status.fail} fail`),
      status.info === 0 ? '0 info' : paint('magenta', `${status.info} info`),
    ].join(', ');
    const rate = this.rate(status.messages, nowMs);
    const messages = `${count(status.messages)} messages`;
    const faults = status.activeFaults.map((fault) => paint('red', shownText(fault)));
    const names = status.activeFaults.map((fault) => paint('red', shownText(fault.split(' ')[0] ?? '')));
    const shorter = `${status.ok}/${status.fail}/${status.info}`;
    const forms = [
      [phase, operations, `${messages} (${count(rate)}/s)`, ...faults],
      [phase, operations, messages, ...faults],
      [phase, operations, ...faults],
      [phase, operations, ...names],
      [phase, shorter, ...names],
      [`[${status.phase}]`, shorter, ...names],
      [`[${status.phase}]`, shorter],
    ].map((parts) => parts.join('  '));
    const [full = ''] = forms;
    if (!console.isTerminal) return full;
    const fits = (form: string): boolean => stripVTControlCharacters(form).length < console.width;
    return forms.find(fits) ?? forms.at(-1) ?? full;
  }

  private rate(messages: number, nowMs: number): number {
    this.samples.push({ atMs: nowMs, messages });
    this.samples = this.samples.filter((sample) => sample.atMs >= nowMs - RATE_WINDOW_MS);
    const oldest = this.samples[0];
    if (oldest === undefined || oldest.atMs >= nowMs) return 0;
    return Math.max(0, Math.round(((messages - oldest.messages) * 1000) / (nowMs - oldest.atMs)));
  }
}
