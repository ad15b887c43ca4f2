/**
 * Strongly connected components by Tarjan's algorithm, without recursion, over a graph in compressed rows.
 *
 * Vertices are started from the last to the first: the vertices of a history point forward in time for the most part, so
 * that successors are nearly always finished, the stacks stay short and memory is touched in order.
 */
import { Int32Column } from '../column.ts';
import type { Meter } from './meter.ts';

/** The edges of vertex v lead to `targets[starts[v]]` ... `targets[starts[v + 1] - 1]`. */
export interface Rows {
  readonly starts: Int32Array;
  readonly targets: Int32Array;
}

const FINISHED = 0x7fffffff;

/**
 * The components of at least two vertices, each as a list of them. `ranks`, if given, gets the number of each vertex's
 * component, such that where there is a way from a to b, `ranks[a] >= ranks[b]`.
 */
export function strongComponents({ starts, targets }: Rows, meter: Meter, ranks?: Int32Array): Int32Array[] {
  const size = starts.length - 1;
  const numbers = new Int32Array(size);
  const lows = new Int32Array(size);
  const cursors = starts.slice(0, size);
  const calls = new Int32Column(1024);
  const open = new Int32Column(1024);
  const components: Int32Array[] = [];
  let lastNumber = 0;
  let rank = 0;
  for (let root = size - 1; root >= 0; root--) {
    if (numbers[root] !== 0) continue;
    numbers[root] = lows[root] = ++lastNumber;
    calls.push(root);
    open.push(root);
    while (calls.length > 0) {
      const vertex = calls.values[calls.length - 1] ?? 0;
      const end = starts[vertex + 1] ?? 0;
      let cursor = cursors[vertex] ?? 0;
      let low = lows[vertex] ?? 0;
      let next = -1;
      while (cursor < end) {
        const target = targets[cursor++] ?? 0;
        const number = numbers[target] ?? 0;
        if (number === 0) {
          next = target;
          break;
        }
        if (number < low) low = number;
      }
      meter.step(cursor - (cursors[vertex] ?? 0) + 1);
      cursors[vertex] = cursor;
      lows[vertex] = low;
      if (next >= 0) {
        numbers[next] = lows[next] = ++lastNumber;
        calls.push(next);
        open.push(next);
        continue;
      }
      calls.length--;
      if (low === numbers[vertex]) {
        let first = open.length - 1;
        while (open.values[first] !== vertex) {
          numbers[open.values[first] ?? 0] = FINISHED;
          first--;
        }
        numbers[vertex] = FINISHED;
        if (ranks !== undefined) {
          for (let member = first; member < open.length; member++) ranks[open.values[member] ?? 0] = rank;
          rank++;
        }
        if (open.length - first > 1) components.push(open.values.slice(first, open.length));
        open.length = first;
      }
      if (calls.length > 0) {
        const caller = calls.values[calls.length - 1] ?? 0;
        if (low < (lows[caller] ?? 0)) lows[caller] = low;
      }
    }
  }
  return components;
}
