/** The script of a report's page: fills in the tables and the diagram. Everything else on the page is there without it. */
import { Diagram } from './diagram.ts';
import type { PageData, PageMessages, PageOperations } from './page-data.ts';
import { showTable } from './paged-table.ts';
import { OPEN, OUTCOMES, type Outcome } from '../../recording/outcome.ts';
import { unpack } from './unpack.ts';

async function start(): Promise<void> {
  // Written by report-data.ts, as the type says.
  const data = (await unpack('data')) as PageData;
  showOperations(data.operations, hostOf('operations'));
  if (data.messages.sent.length > 0) showMessages(data);
}

function showOperations(operations: PageOperations, host: HTMLElement): void {
  const { index, process, f, functions, invoked, completed, outcome, asked, answered, error } = operations;
  const outcomeOf = (row: number): Outcome => OUTCOMES[outcome[row] ?? OPEN] ?? 'open';
  showTable(host, {
    count: index.length,
    columns: [
      'index',
      'time (s)',
      'took (ms)',
      'process',
      'operation',
      'outcome',
      'asked',
      'answer',
      'error',
    ],
    rowClass: (row) => {
      const ended = outcomeOf(row);
      return ended === 'open' ? 'info' : ended;
    },
    cells: (row) => [
      String(index[row]),
      seconds(invoked[row] ?? 0),
      took(invoked[row] ?? 0, completed[row] ?? null),
      String(process[row]),
      functions[f[row] ?? 0] ?? '',
      completed[row] === null ? 'never ended' : outcomeOf(row),
      asked[row] ?? '',
      // An answer that is what was asked says nothing new.
      answered[row] === asked[row] ? '' : (answered[row] ?? ''),
      error[row] ?? '',
    ],
  });
}

function showMessages(data: PageData): void {
  const { messages } = data;
  const detail = hostOf('message');
  const choose = (message: number): void => {
    detail.replaceChildren(...describeMessage(messages, message));
    detail.hidden = false;
  };
  const diagram = new Diagram({
    host: hostOf('diagram'),
    data,
    onChoose: (message) => {
      choose(message);
      table.reveal(message);
    },
  });
  const table = showTable(hostOf('messages'), {
    count: messages.sent.length,
    columns: ['id', 'sent (s)', 'took (ms)', 'from', 'to', 'type', 'body'],
    rowClass: (row) => (messages.received[row] === null ? 'fail' : ''),
    cells: (row) => [
      String(row),
      seconds(messages.sent[row] ?? 0),
      messages.received[row] === null
        ? fate(messages, row)
        : took(messages.sent[row] ?? 0, messages.received[row] ?? null),
      nameOf(messages, messages.src[row]),
      nameOf(messages, messages.dest[row]),
      messages.types[messages.type[row] ?? 0] ?? '',
      messages.text[row] ?? '',
    ],
    onChoose: (message) => {
      choose(message);
      diagram.show(message);
    },
  });
}

function describeMessage(messages: PageMessages, message: number): HTMLElement[] {
  const heading = document.createElement('p');
  const copies = messages.copies[message];
  heading.textContent =
    `Message ${message}: ${nameOf(messages, messages.src[message])} to ${nameOf(messages, messages.dest[message])}, ` +
    `sent at ${seconds(messages.sent[message] ?? 0)} s, ${fate(messages, message)}` +
    `${copies === undefined ? '' : `; ${copies} copies arrived`}.`;
  const body = document.createElement('pre');
  body.textContent = messages.text[message] ?? '';
  return [heading, body];
}

function fate({ received, lost, reasons }: PageMessages, message: number): string {
  const arrived = received[message] ?? null;
  if (arrived !== null) return `arrived at ${seconds(arrived)} s`;
  const loss = lost[message];
  return loss === undefined ? 'still on its way at the end' : `lost (${reasons[loss[1]] ?? ''})`;
}

const nameOf = ({ names }: PageMessages, number: number | undefined): string => names[number ?? 0] ?? '?';

const seconds = (micros: number): string => (micros / 1e6).toFixed(6);

const took = (from: number, to: number | null): string =>
  to === null ? '' : ((to - from) / 1000).toFixed(3);

function hostOf(id: string): HTMLElement {
  const host = document.getElementById(id);
  if (host === null) throw new Error(`the page has no #${id}`);
  return host;
}

start().catch((error: unknown) => {
  for (const host of document.querySelectorAll('.needs-script')) {
    host.textContent = `This browser cannot show it (${String(error)}). A newer one can, and so can \`maelstrom serve\`.`;
  }
});
