/** What can be done with a run on the list: downloaded, or deleted after a question. */
import { useRef, useState } from 'preact/hooks';
import { problemOf } from '../source/get-json.ts';
import { runUrl, zipUrl } from '../source/served-run.ts';

export interface RunActionsProps {
  readonly id: string;
  readonly onDeleted: () => void;
}

export function RunActions({ id, onDeleted }: RunActionsProps) {
  const [asks, setAsks] = useState(false);
  const wasAsked = useRef(false);
  const ask = (asking: boolean): void => {
    wasAsked.current = asks;
    setAsks(asking);
  };
  const [problem, setProblem] = useState('');
  const remove = (): void => {
    deleteRun(id).then(onDeleted, (error: Error) => setProblem(error.message));
  };
  return asks ? (
    <span
      role="alertdialog"
      aria-label={`Delete ${id}?`}
      onKeyDown={(event) => event.key === 'Escape' && ask(false)}
    >
      {problem === '' ? 'Delete all its files? ' : `${problem} `}
      <button type="button" class="danger" onClick={remove}>
        Delete
      </button>{' '}
      <button type="button" ref={(button) => button?.focus()} onClick={() => ask(false)}>
        Keep
      </button>
    </span>
  ) : (
    <>
      <a href={zipUrl(id)} download aria-label={`Download ${id} as zip`}>
        zip
      </a>{' '}
      <button
        type="button"
        class="quiet"
        onClick={() => ask(true)}
        aria-label={`Delete ${id}`}
        ref={(button) => {
          // Returns the focus to where it was before the confirmation.
          if (wasAsked.current) button?.focus();
          wasAsked.current = false;
        }}
      >
        delete
      </button>
    </>
  );
}

async function deleteRun(id: string): Promise<void> {
  const response = await fetch(runUrl(id), { method: 'DELETE', headers: { 'X-Maelstrom': '1' } });
  if (!response.ok) throw new Error(await problemOf(response));
}
