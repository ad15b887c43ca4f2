/**
 * Opens a run from a file, which is dropped on the list of runs or chosen with a button. The run replaces the list until it is
 * closed, and is not stored.
 */
import { Component, type ComponentChildren } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { RunPageView } from '../run/run-page.tsx';
import { visible } from '../visible-text.ts';
import type { DroppedRun } from './read-file.ts';

type Shown =
  | { readonly kind: 'nothing' }
  | { readonly kind: 'reading'; readonly name: string }
  | { readonly kind: 'problem'; readonly text: string }
  | { readonly kind: 'run'; readonly dropped: DroppedRun };

/** `children` is the page shown while no file is open. */
export function WithDroppedRuns({ children }: { readonly children: ComponentChildren }) {
  const [shown, setShown] = useState<Shown>({ kind: 'nothing' });
  const [isOver, setIsOver] = useState(false);
  const input = useRef<HTMLInputElement>(null);
  const open = (file: File): void => {
    setShown({ kind: 'reading', name: file.name });
    import('./read-file.ts')
      .then(({ readRunFile }) => readRunFile(file))
      .then(
        (dropped) => {
          // The view in the URL belongs to another run.
          history.replaceState(null, '', location.pathname);
          setShown({ kind: 'run', dropped });
        },
        (error: Error) => setShown({ kind: 'problem', text: error.message }),
      );
  };
  useEffect(() => watchDrops(open, setIsOver), []);

  if (shown.kind === 'run') {
    const { run, name, part } = shown.dropped;
    const close = (): void => {
      history.replaceState(null, '', location.pathname);
      setShown({ kind: 'nothing' });
    };
    return (
      <Guarded key={name} name={name} onClose={close}>
        <RunPageView
          run={run}
          note={
            <p class="note" role="note">
              {visible(name)}, read by this page and sent nowhere{part === '' ? '' : `: ${part}`}.{' '}
              <button type="button" onClick={close}>
                Close
              </button>
            </p>
          }
        />
      </Guarded>
    );
  }
  return (
    <>
      <div class="page wide dropped">
        <div class="tools">
          <button type="button" onClick={() => input.current?.click()}>
            Open a file…
          </button>
          <span class="faint">a report.html or the zip of a run; or drop it here. It is not uploaded.</span>
          <input
            ref={input}
            type="file"
            hidden
            accept=".html,.zip"
            onChange={(event) => {
              const [file] = event.currentTarget.files ?? [];
              event.currentTarget.value = '';
              if (file !== undefined) open(file);
            }}
          />
        </div>
        <p class={shown.kind === 'problem' ? 'note' : 'hidden'} role="status">
          {shown.kind === 'problem' ? visible(shown.text) : ''}
          {shown.kind === 'reading' ? `Reading ${visible(shown.name)} …` : ''}
        </p>
      </div>
      {children}
      {isOver ? <div class="drop-here">Drop a report.html or a zip of a run</div> : null}
    </>
  );
}

function watchDrops(open: (file: File) => void, setIsOver: (isOver: boolean) => void): () => void {
  const hasFiles = (event: DragEvent): boolean => event.dataTransfer?.types.includes('Files') === true;
  const over = (event: DragEvent): void => {
    if (!hasFiles(event)) return;
    event.preventDefault();
    setIsOver(true);
  };
  const leave = (event: DragEvent): void => {
    if (event.relatedTarget === null) setIsOver(false);
  };
  const drop = (event: DragEvent): void => {
    if (!hasFiles(event)) return;
    event.preventDefault();
    setIsOver(false);
    const [file] = event.dataTransfer?.files ?? [];
    if (file !== undefined) open(file);
  };
  addEventListener('dragover', over);
  addEventListener('dragleave', leave);
  addEventListener('drop', drop);
  return () => {
    removeEventListener('dragover', over);
    removeEventListener('dragleave', leave);
    removeEventListener('drop', drop);
  };
}

interface GuardedProps {
  readonly name: string;
  readonly onClose: () => void;
  readonly children: ComponentChildren;
}

/** Catches errors of rendering: a file in the right format may still hold anything. Offers a way back to the list. */
class Guarded extends Component<GuardedProps, { readonly problem: string }> {
  override state = { problem: '' };

  override componentDidCatch(error: unknown): void {
    this.setState({ problem: String(error) });
  }

  override render() {
    const { name, onClose, children } = this.props;
    if (this.state.problem === '') return <>{children}</>;
    return (
      <p class="page note" role="alert">
        {visible(name)} is not a run as this version writes them ({visible(this.state.problem)}).{' '}
        <button type="button" onClick={onClose}>
          Close
        </button>
      </p>
    );
  }
}
