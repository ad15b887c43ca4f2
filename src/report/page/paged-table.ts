/** A table of many rows: a search field, a page of rows at a time, and keys and buttons to turn pages. */

export interface TableRows {
  readonly count: number;
  readonly columns: readonly string[];
  /** The texts of a row's cells; shown as text, never as markup. */
  readonly cells: (row: number) => readonly string[];
  /** A class for the row. */
  readonly rowClass?: (row: number) => string;
  readonly onChoose?: (row: number) => void;
}

const PAGE = 100;

/** Fills the host with a table of those rows. */
export function showTable(host: HTMLElement, rows: TableRows): PagedTable {
  return new PagedTable(host, rows);
}

class PagedTable {
  private rows: readonly number[] = [];
  private page = 0;
  private readonly body = document.createElement('tbody');
  private readonly status = document.createElement('span');
  private readonly search = document.createElement('input');

  constructor(
    private readonly host: HTMLElement,
    private readonly data: TableRows,
  ) {
    this.host.replaceChildren(this.controls(), this.table());
    this.filter();
  }

  /** Goes to the page with that row, without a filter. */
  reveal(row: number): void {
    this.search.value = '';
    this.filter();
    this.page = Math.floor(row / PAGE);
    this.render();
    this.body.querySelector(`[data-row="${row}"]`)?.classList.add('chosen');
  }

  private controls(): HTMLElement {
    const bar = element('div', 'controls');
    this.search.type = 'search';
    this.search.placeholder = 'Search: words that all must occur';
    this.search.setAttribute('aria-label', `Search in ${this.host.dataset['name'] ?? 'the table'}`);
    this.search.addEventListener('input', () => this.filter());
    const back = button('‹ Earlier', () => this.turn(-1));
    const forth = button('Later ›', () => this.turn(1));
    this.status.setAttribute('role', 'status');
    bar.append(this.search, back, forth, this.status);
    return bar;
  }

  private table(): HTMLElement {
    const scroller = element('div', 'scroller');
    scroller.tabIndex = 0;
    const table = document.createElement('table');
    table.setAttribute('aria-label', this.host.dataset['name'] ?? '');
    const head = document.createElement('thead');
    const row = document.createElement('tr');
    for (const name of this.data.columns) {
      const cell = document.createElement('th');
      cell.scope = 'col';
      cell.textContent = name;
      row.append(cell);
    }
    head.append(row);
    table.append(head, this.body);
    scroller.append(table);
    return scroller;
  }

  private filter(): void {
    const words = this.search.value
      .toLowerCase()
      .split(/\s+/)
      .filter((word) => word !== '');
    const all = Array.from({ length: this.data.count }, (_, row) => row);
    this.rows =
      words.length === 0
        ? all
        : all.filter((row) => {
            const text = this.data.cells(row).join(' ').toLowerCase();
            return words.every((word) => text.includes(word));
          });
    this.page = 0;
    this.render();
  }

  private turn(by: number): void {
    this.page = Math.max(0, Math.min(this.page + by, Math.ceil(this.rows.length / PAGE) - 1));
    this.render();
  }

  private render(): void {
    const from = this.page * PAGE;
    const shown = this.rows.slice(from, from + PAGE);
    const many = this.rows.length.toLocaleString('en');
    this.status.textContent =
      shown.length === 0 ? 'nothing found' : `${from + 1} to ${from + shown.length} of ${many}`;
    this.body.replaceChildren(...shown.map((row) => this.row(row)));
  }

  private row(row: number): HTMLElement {
    const line = document.createElement('tr');
    line.className = this.data.rowClass?.(row) ?? '';
    line.dataset['row'] = String(row);
    for (const text of this.data.cells(row)) {
      const cell = document.createElement('td');
      cell.textContent = text;
      line.append(cell);
    }
    const { onChoose } = this.data;
    if (onChoose !== undefined) {
      line.tabIndex = 0;
      line.addEventListener('click', () => onChoose(row));
      line.addEventListener('keydown', (event) => {
        if (event.key === 'Enter') onChoose(row);
      });
    }
    return line;
  }
}

export function element(name: string, className: string): HTMLElement {
  const made = document.createElement(name);
  made.className = className;
  return made;
}

export function button(text: string, onClick: () => void): HTMLButtonElement {
  const made = document.createElement('button');
  made.type = 'button';
  made.textContent = text;
  made.addEventListener('click', onClick);
  return made;
}
