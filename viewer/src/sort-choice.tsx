/** The order of a table's rows as a choice, for narrow pages: rows are cards there, and headings are not seen. */
import type { Order, Sorting } from './sorting.ts';

type SortChoiceProps = Pick<Sorting<never>, 'order' | 'values' | 'choose'>;

export function SortChoice({ order, values, choose }: SortChoiceProps) {
  const orders = Object.keys(values).flatMap((column) =>
    [false, true].map((isDescending): Order => ({ column, isDescending })),
  );
  return (
    <label class="sort-choice">
      Sort by{' '}
      <select
        value={order === undefined ? '' : orderText(order)}
        onChange={({ currentTarget }) =>
          choose(orders.find((each) => orderText(each) === currentTarget.value))
        }
      >
        <option value="">newest first</option>
        {orders.map((each) => (
          <option key={orderText(each)} value={orderText(each)}>
            {orderText(each)}
          </option>
        ))}
      </select>
    </label>
  );
}

const orderText = ({ column, isDescending }: Order): string => `${column} ${isDescending ? '▼' : '▲'}`;
