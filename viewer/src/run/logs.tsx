/** The logs: each node's stderr, and the run's own log. Shows the end first, as it matters most. */
import type { ReadonlySignal } from '@preact/signals';
import { useEffect, useRef, useState } from 'preact/hooks';
import { withoutStates } from '../../../src/recording/files/log-text.ts';
import type { LogChunk, LogFile } from '../../../src/recording/views.ts';
import type { OpenRun } from '../source/open-run.ts';
import { counted, countText } from '../time-text.ts';
import { visible } from '../visible-text.ts';

const PAGE = 128 * 1024;

export interface LogsProps {
  readonly run: OpenRun;
  readonly logs: readonly LogFile[];
  readonly tail: ReadonlySignal<string>;
}

export function Logs({ run, logs, tail }: LogsProps) {
  const [name, setName] = useState(logs[0]?.name ?? '');
  const [chunk, setChunk] = useState<LogChunk | undefined>(undefined);
  const [problem, setProblem] = useState('');
  const asked = useRef(0);
  // Answers may arrive out of order: only the one to the latest request counts.
  const load = (offset: number): void => {
    const question = ++asked.current;
    run.log(name, offset).then(
      (found) => {
        if (question !== asked.current) return;
        setChunk(found);
        setProblem('');
      },
      (error: Error) => question === asked.current && setProblem(error.message),
    );
  };
  const choose = (chosen: string): void => {
    setName(chosen);
    setChunk(undefined);
  };
  useEffect(() => {
    if (name !== '') load(-PAGE);
  }, [run, name, name === 'jepsen.log' ? tail.value : '']);
  const read = chunk === undefined ? undefined : withoutStates(chunk.text);
  if (logs.length === 0) return <p class="faint">There are no logs.</p>;
  return (
    <>
      <div class="tools">
        <label>
          Log{' '}
          <select value={name} onChange={(event) => choose(event.currentTarget.value)}>
            {logs.map((log) => (
              <option key={log.name} value={log.name}>
                {log.name.replace('node-logs/', '')} ({countText(log.bytes)} bytes)
              </option>
            ))}
          </select>
        </label>
        {chunk !== undefined && chunk.offset > (chunk.first ?? 0) ? (
          <button type="button" onClick={() => load(Math.max(chunk.first ?? 0, chunk.offset - PAGE))}>
            Earlier
          </button>
        ) : null}
        {chunk !== undefined && chunk.nextOffset < chunk.bytes ? (
          <button type="button" onClick={() => load(chunk.nextOffset)}>
            Later
          </button>
        ) : null}
        {chunk === undefined ? null : (
          <span class="faint">
            bytes {countText(chunk.offset)} to {countText(chunk.nextOffset)} of {countText(chunk.bytes)}
            {read === undefined || read.leftOut === 0
              ? ''
              : ` · without ${counted(read.leftOut, 'line')} of states`}
          </span>
        )}
      </div>
      {problem === '' ? null : <p>{problem}</p>}
      <pre class="log" tabIndex={0} aria-label={`Log ${name}`}>
        {read === undefined ? 'Loading…' : read.text === '' ? 'It is empty.' : visible(read.text)}
      </pre>
    </>
  );
}
