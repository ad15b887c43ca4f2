/** A part that scrolls sideways on narrow screens, which keys can do as well once it has the focus. */
import type { ComponentChildren } from 'preact';

export function Scrolling({
  label,
  children,
}: {
  readonly label: string;
  readonly children: ComponentChildren;
}) {
  return (
    <div class="scroll-x" tabIndex={0} role="region" aria-label={`${label}, scrolls`}>
      {children}
    </div>
  );
}
