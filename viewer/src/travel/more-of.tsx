/** Shows how many items of a long list are left out. */
import type { Listed } from '../../../src/recording/travel-view.ts';
import { countText } from '../time-text.ts';

export function MoreOf({ list }: { readonly list: Listed<unknown> }) {
  const more = list.total - list.first.length;
  return more > 0 ? <li class="faint">… and {countText(more)} more</li> : null;
}
