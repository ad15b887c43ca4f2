/** A button that copies a text and confirms it. */
import { useState } from 'preact/hooks';

export function CopyButton({ text, label }: { readonly text: string; readonly label: string }) {
  const [said, setSaid] = useState('');
  const copy = (): void => {
    // Pages from other machines have no clipboard without TLS.
    const copied = navigator.clipboard as Clipboard | undefined;
    if (copied === undefined) setSaid('This browser does not let the page copy: select the text instead.');
    else
      copied.writeText(text).then(
        () => setSaid('Copied.'),
        () => setSaid('The browser did not allow copying: select the text instead.'),
      );
  };
  return (
    <>
      <button type="button" onClick={copy}>
        {label}
      </button>{' '}
      <span role="status" class="faint">
        {said}
      </span>
    </>
  );
}
