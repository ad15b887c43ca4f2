/** The meaning of colours and shapes. */
const ENTRIES = [
  ['client', '→', 'message between a client and a node'],
  ['server', '→', 'message among nodes'],
  ['service', '→', 'message with a service'],
  ['lost', '×', 'lost: ends in a cross'],
  ['duplicated', '⇢', 'duplicated: dashed, a ring at each copy’s arrival'],
  ['text', '⚑', 'a node wrote to its log'],
  ['text', '▬', 'the state that a node reported: a colour, and a notch where it changed'],
  ['ok', '■', 'operation that succeeded'],
  ['fail', '✕', 'failed operation: striped'],
  ['info', '▬', 'ended in doubt: dotted stripe'],
  ['fault', '▒', 'a fault, over the nodes it touches'],
  ['text', '◆', 'the decisive moment, if it was searched for: a dashed line'],
] as const;

export function Legend() {
  return (
    <details class="legend">
      <summary>Legend and keys</summary>
      <div>
        <ul>
          {ENTRIES.map(([name, sign, text]) => (
            <li key={name}>
              <span class={`swatch ${name}`} aria-hidden="true">
                {sign}
              </span>{' '}
              {text}
            </li>
          ))}
        </ul>
        <p>
          Wheel: zoom. Shift and wheel, or drag: move. Drag on the overview strip: show that time range. Over
          the names at the left the wheel scrolls. Keys, with the picture in focus: <kbd>←</kbd> <kbd>→</kbd>{' '}
          or <kbd>a</kbd> <kbd>d</kbd> move, <kbd>+</kbd> <kbd>-</kbd> or <kbd>w</kbd> <kbd>s</kbd> zoom,{' '}
          <kbd>q</kbd> <kbd>e</kbd> earlier and later event, <kbd>Space</kbd> from event to event,{' '}
          <kbd>0</kbd> whole run, <kbd>Home</kbd> <kbd>End</kbd>, <kbd>n</kbd> <kbd>p</kbd> next and previous
          message, <kbd>,</kbd> <kbd>.</kbd> earlier and later change of a state, <kbd>Esc</kbd> clear.
        </p>
      </div>
    </details>
  );
}
