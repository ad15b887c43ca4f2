import { describe, expect, test } from 'vitest';
import { runSource, type SourceRun } from '../../../../test/support/run-source.ts';
import { TurnRecord, type FatalKind } from './turn-record.ts';

const TICKING: SourceRun = {
  source: `
    let ticks = 0;
    setInterval(() => console.log(process.pid, ++ticks), 10);`,
  nodes: ['n1', 'n2'],
  untilMs: 100,
};

describe('the record of turns', () => {
  test('names the turn in progress, and none between turns', () => {
    const running = new Float64Array(1);
    const turns = new TurnRecord({ running });
    turns.begin();
    turns.end(false);
    turns.begin();
    expect(running[0]).toBe(2);
    turns.end(false);
    expect(running[0]).toBe(0);
  });

  test('records the end of a long turn, and on demand each turn', () => {
    const notes = (everyTurn: boolean): readonly number[] => {
      const noted: number[] = [];
      const turns = new TurnRecord({ note: (turn) => noted.push(turn), everyTurn });
      for (const isLong of [false, true]) {
        turns.begin();
        turns.end(isLong);
      }
      return noted;
    };
    expect(notes(false)).toEqual([0]);
    expect(notes(true)).toEqual([1, 0, 2, 0]);
  });

  test.each<[FatalKind, RegExp]>([
    ['memory', /^n[12] filled the memory of the simulation in a single turn/],
    ['time', /^n[12] did not yield for 10 s of real time at virtual time 0\.\d{3} s, and was ended\.$/],
  ])(
    'a node is ended before a fatal turn (%s), and everything until then is unchanged',
    async (kind, says) => {
      const whole = await runSource(TICKING);
      let ended = 0;
      const turns = new TurnRecord({ fatal: [{ turn: 9, kind }], onLastFatal: () => ended++ });
      const cut = await runSource({ ...TICKING, turns });
      expect(ended).toBe(1);
      expect(cut.exits).toHaveLength(1);
      const [exit] = cut.exits;
      expect(exit).toMatchObject({ signal: 'SIGKILL', byWatchdog: true });
      expect(exit?.lastStderr.at(-1)).toMatch(says);
      const at = cut.transcript.findIndex((line) => line.endsWith('exit SIGKILL'));
      expect(at).toBeGreaterThan(3);
      expect(cut.transcript.slice(0, at)).toEqual(whole.transcript.slice(0, at));
      // The other node continues.
      const name = cut.transcript[at]?.split(' ')[1];
      const others = (lines: readonly string[]): string[] =>
        lines.filter((line) => !line.includes(` ${name} `));
      expect(others(cut.transcript)).toEqual(others(whole.transcript));
    },
  );
});
