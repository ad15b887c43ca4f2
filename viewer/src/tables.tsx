/** What the pictures show, in tables: for those who search, copy, or do not see pictures. */
import { useSignalEffect, type ReadonlySignal, type Signal } from '@preact/signals';
import { useState } from 'preact/hooks';
import { DUPLICATED, LOST } from '../../src/recording/message-flags.ts';
import type { MessageRow, OperationRow, Overview } from '../../src/recording/views.ts';
import { api } from './api.ts';
import { momentText, spanText } from './time-text.ts';
import type { ViewState } from './view-state.ts';

export interface TableProps {
  readonly id: string;
  readonly view: Signal<ViewState>;
  readonly overview: ReadonlySignal<Overview>;
}

const LIMIT = 100;

/** What `ask` answers for the stretch in view, a moment after it last changed. */
function useRows<T>(
  { id, view, overview }: TableProps,
  ask: (id: string, view: { from: number; to: number; query: string; mark: string }) => Promise<T[]>,
): { readonly rows: readonly T[] | undefined; readonly problem: string } {
  const [rows, setRows] = useState<readonly T[] | undefined>(undefined);
  const [problem, setProblem] = useState('');
  useSignalEffect(() => {
    const { range, query, mark } = view.value;
    const { startNanos, endNanos } = overview.value;
    let isCurrent = true;
    const timer = setTimeout(() => {
      const { from, to } = range ?? { from: startNanos, to: endNanos };
      ask(id, { from, to, query, mark }).then(
        (found) => {
          if (!isCurrent) return;
          setRows(found);
          setProblem('');
        },
        (error: Error) => isCurrent && setProblem(error.message),
      );
    }, 300);
    return () => {
      isCurrent = false;
      clearTimeout(timer);
    };
  });
  return { rows, problem };
}

export function MessageTable(props: TableProps) {
  const { view } = props;
  const { rows, problem } = useRows<MessageRow>(props, (id, asked) => api.messageRows(id, asked));
  const { selection } = view.value;
  return (
    <>
      <Head rows={rows} problem={problem} what={view.value.mark === '' ? 'message' : 'marked message'} />
      {rows === undefined || rows.length === 0 ? null : (
        <div class="scroll-x" tabIndex={0} role="region" aria-label="Messages in view, scrolls">
          <table aria-label="Messages in view">
            <thead>
              <tr>
                {['Id', 'Type', 'From', 'To', 'Sent', 'Arrived', 'Body'].map((name) => (
                  <th key={name} scope="col">
                    {name}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {rows.map((row) => (
                <tr
                  key={row.id}
                  class={selection?.kind === 'message' && selection.id === row.id ? 'selected' : ''}
                >
                  <td>
                    <button
                      type="button"
                      class="link"
                      onClick={() =>
                        (view.value = { ...view.peek(), selection: { kind: 'message', id: row.id } })
                      }
                    >
                      {row.id}
                    </button>
                  </td>
                  <td>{row.type}</td>
                  <td>{row.src}</td>
                  <td>{row.dest}</td>
                  <td class="number">{momentText(row.sent)}</td>
                  <td class="number">{arrivalText(row)}</td>
                  <td class="mono cut">{row.preview}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </>
  );
}

function arrivalText({ sent, end, flags }: MessageRow): string {
  const twice = (flags & DUPLICATED) === 0 ? '' : ', duplicated';
  if (end === null) return `under way${twice}`;
  return (flags & LOST) === 0 ? `after ${spanText(end - sent)}${twice}` : `lost${twice}`;
}

export function OperationTable(props: TableProps) {
  const { view } = props;
  const { rows, problem } = useRows<OperationRow>(props, (id, asked) => api.operationRows(id, asked));
  const { selection } = view.value;
  return (
    <>
      <Head rows={rows} problem={problem} what="operation" />
      {rows === undefined || rows.length === 0 ? null : (
        <div class="scroll-x" tabIndex={0} role="region" aria-label="Operations in view, scrolls">
          <table aria-label="Operations in view">
            <thead>
              <tr>
                {['Index', 'Process', 'Function', 'Outcome', 'Invoked', 'Took', 'Value'].map((name) => (
                  <th key={name} scope="col">
                    {name}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {rows.map((row) => (
                <tr
                  key={row.index}
                  class={selection?.kind === 'operation' && selection.index === row.index ? 'selected' : ''}
                >
                  <td>
                    <button
                      type="button"
                      class="link"
                      onClick={() =>
                        (view.value = { ...view.peek(), selection: { kind: 'operation', index: row.index } })
                      }
                    >
                      {row.index}
                    </button>
                  </td>
                  <td>{row.process}</td>
                  <td>{row.f}</td>
                  <td>
                    <span class={`outcome ${row.outcome}`}>{row.outcome}</span>
                  </td>
                  <td class="number">{momentText(row.invoked)}</td>
                  <td class="number">
                    {row.completed === null ? 'not ended' : spanText(row.completed - row.invoked)}
                  </td>
                  <td class="mono cut">{row.preview}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </>
  );
}

interface HeadProps {
  readonly rows: readonly unknown[] | undefined;
  readonly problem: string;
  readonly what: string;
}

function Head({ rows, problem, what }: HeadProps) {
  const text =
    problem !== ''
      ? problem
      : rows === undefined
        ? 'Loading…'
        : rows.length === 0
          ? `No ${what}s in view that match the filter.`
          : rows.length >= LIMIT
            ? `The first ${LIMIT} ${what}s in view; zoom in or filter to see others.`
            : rows.length === 1
              ? `The only ${what} in view.`
              : `All ${rows.length} ${what}s in view.`;
  return (
    <p class="faint" role="status">
      {text}
    </p>
  );
}
