/**
 * A self-contained page: it opens by double click, loads nothing, and can run only its own script, whatever text it
 * contains.
 */
import { createHash } from 'node:crypto';
import { escapeMarkup } from '../svg/escape.ts';

export interface HtmlPage {
  readonly title: string;
  readonly style: string;
  /** Absent for a page without one. */
  readonly script?: string;
  /** Markup in which texts are escaped. */
  readonly body: string;
}

export function htmlPage({ title, style, script, body }: HtmlPage): string {
  const rules = [
    `default-src 'none'`,
    `style-src '${hashOf(style)}'`,
    ...(script === undefined ? [] : [`script-src '${hashOf(script)}'`]),
    `base-uri 'none'`,
    `form-action 'none'`,
  ];
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${rules.join('; ')}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>${escapeMarkup(title, 200)}</title>
<style>${style}</style>
</head>
<body>
${body}
${script === undefined ? '' : `<script>${script}</script>\n`}</body>
</html>
`;
}

const hashOf = (text: string): string => `sha256-${createHash('sha256').update(text).digest('base64')}`;
