import { describe, expect, test } from 'vitest';
import { runSource, type SourceRun } from '../../../test/support/run-source.ts';
import { LongTurnError, TurnRecord } from './turn-record.ts';

const TICKING: SourceRun = {
  source: `
    let ticks = 0;
    setInterval(() => console.log(process.pid, ++ticks), 10);`,
  nodes: ['n1', 'n2'],
  untilMs: 100,
};

describe('the record of turns', () => {
  test('names the turn that goes on, and none between turns', () => {
    const running = new Float64Array(1);
    const turns = new TurnRecord(running);
    turns.begin();
    turns.begin();
    expect(running[0]).toBe(2);
    turns.end();
    expect(running[0]).toBe(0);
  });

  test('a node whose turn is fatal is ended before it, and all until then is as it was', async () => {
    const whole = await runSource(TICKING);
    let ended = 0;
    const cut = await runSource({
      ...TICKING,
      turns: new TurnRecord(new Float64Array(1), [9], () => ended++),
    });
    expect(ended).toBe(1);
    expect(cut.exits).toHaveLength(1);
    const [exit] = cut.exits;
    expect(exit?.signal).toBe('SIGKILL');
    expect(exit?.lastStderr.at(-1)).toMatch(/^n[12] filled the memory of the simulation in a single turn/);
    const at = cut.transcript.findIndex((line) => line.endsWith('exit SIGKILL'));
    expect(at).toBeGreaterThan(3);
    expect(cut.transcript.slice(0, at)).toEqual(whole.transcript.slice(0, at));
    // The other goes on.
    const name = cut.transcript[at]?.split(' ')[1];
    const others = (lines: readonly string[]): string[] =>
      lines.filter((line) => !line.includes(` ${name} `));
    expect(others(cut.transcript)).toEqual(others(whole.transcript));
  });

  test('a turn that takes longer than its thread waits ends the run', async () => {
    const endless = runSource({ source: 'for (;;);', longTurnMs: 100 });
    await expect(endless).rejects.toBeInstanceOf(LongTurnError);
  });
});
