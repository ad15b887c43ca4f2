import { describe, expect, it } from 'vitest';
import type { RunStatus } from '../../run/run-status.ts';
import { Console } from './console.ts';
import { StatusLine } from '../test-command/status-line.ts';

class Screen {
  text = '';
  constructor(
    readonly isTTY: boolean,
    readonly columns = 80,
  ) {}
  write(text: string): void {
    this.text += text;
  }
}

const STATUS: RunStatus = {
  phase: 'main',
  secondsLeft: 12.4,
  invoked: 31,
  ok: 28,
  fail: 2,
  info: 1,
  messages: 12345,
  activeFaults: ['partition n1 | n2'],
};

describe('Console', () => {
  it('redraws the status below the lines on a terminal', () => {
    const screen = new Screen(true);
    const console = new Console(screen, {});
    console.showStatus('at work', 0);
    console.line('hello');
    console.clearStatus();
    expect(screen.text).toBe('\r\u001b[2Kat work\r\u001b[2Khello\nat work\r\u001b[2K');
  });

  it('never lets the status wrap', () => {
    const screen = new Screen(true, 20);
    new Console(screen, {}).showStatus('x'.repeat(50), 0);
    expect(screen.text).toBe(`\r\u001b[2K${'x'.repeat(18)}…`);
  });

  it('writes the status as a plain line every five seconds elsewhere', () => {
    const screen = new Screen(false);
    const console = new Console(screen, {});
    for (const ms of [0, 200, 4999, 5000, 5200, 10_100]) console.showStatus(`at ${ms}`, ms);
    expect(screen.text).toBe('at 5000\nat 10100\n');
  });

  it.each([
    [true, {}, true],
    [true, { NO_COLOR: '1' }, false],
    [true, { TERM: 'dumb' }, false],
    [false, {}, false],
    [false, { FORCE_COLOR: '1' }, true],
  ])('with a terminal: %s and %o, colours: %s', (isTerminal, env, colours) => {
    const console = new Console(new Screen(isTerminal), env);
    expect(console.paint('red', 'x')).toBe(colours ? '\u001b[31mx\u001b[39m' : 'x');
  });
});

describe('StatusLine', () => {
  it('shows the phase, what is left, operations, messages and faults', () => {
    const line = new StatusLine(new Console(new Screen(false), {}));
    line.render({ ...STATUS, messages: 11345 }, 0);
    expect(line.render(STATUS, 500)).toBe(
      '[main 13 s left]  28 ok, 2 fail, 1 info  12,345 messages (2,000/s)  partition n1 | n2',
    );
  });
});
