/** The style of the report and of the timeline: light or dark as the reader prefers, and suitable for print. */
import { DARK_PICTURE_STYLE, PICTURE_STYLE } from '../svg/picture-style.ts';

export const REPORT_STYLE = `
:root{color-scheme:light dark;--paper:#fff;--ink:#1d2126;--faint:#5c636b;--line:#d9dde2;--soft:#f4f6f8;--link:#0b5cad;
--good:#00694e;--bad:#b34700;--unsure:#7a5600;--lane:#b9bfc6;--arrow:#0072b2;--lost:#d55e00;--chosen:#b0127b;--band:rgba(213,94,0,.13)}
@media (prefers-color-scheme:dark){:root{--paper:#16191d;--ink:#e8e8e8;--faint:#a8adb3;--line:#363c43;--soft:#1e2328;--link:#7cc0ff;
--good:#3ddbb0;--bad:#ff9a57;--unsure:#f0c040;--lane:#4a5159;--arrow:#56b4e9;--lost:#ff8a3d;--chosen:#ff7fd1;--band:rgba(255,138,61,.16)}}
*{box-sizing:border-box}
body{margin:0;background:var(--paper);color:var(--ink);font:15px/1.5 system-ui,"Segoe UI",Roboto,"DejaVu Sans",sans-serif}
header,main,nav{max-width:1120px;margin:0 auto;padding:0 24px}
header{padding-top:28px}
h1{font-size:26px;margin:0 0 4px}h2{font-size:19px;margin:36px 0 10px;padding-top:8px;border-top:1px solid var(--line)}h3{font-size:15px;margin:22px 0 6px}
a{color:var(--link)}
nav{position:sticky;top:0;background:var(--paper);padding-top:8px;padding-bottom:8px;z-index:1;border-bottom:1px solid var(--line)}
nav{display:flex;gap:16px;overflow-x:auto}nav a{white-space:nowrap}
.verdict{margin:14px 0;padding:12px 16px;border-left:6px solid var(--unsure);background:var(--soft);white-space:pre-wrap;overflow-wrap:anywhere}
.verdict.valid{border-color:var(--good)}.verdict.invalid{border-color:var(--bad)}
.badge{font-weight:700;color:var(--unsure)}.badge.valid{color:var(--good)}.badge.invalid{color:var(--bad)}
dl{display:grid;grid-template-columns:max-content 1fr;gap:2px 18px;margin:10px 0}dt{color:var(--faint)}dd{margin:0;overflow-wrap:anywhere}
code,pre,td{font-family:ui-monospace,Consolas,"DejaVu Sans Mono",monospace;font-size:12.5px}
pre{background:var(--soft);padding:10px 12px;overflow:auto;max-height:560px;margin:8px 0;white-space:pre-wrap;overflow-wrap:anywhere}
figure{margin:12px 0;overflow-x:auto}figure svg{max-width:100%;height:auto}
.faint{color:var(--faint)}
.controls{display:flex;flex-wrap:wrap;gap:8px 10px;align-items:center;margin:8px 0}
input[type=search]{font:inherit;padding:4px 8px;min-width:260px;color:inherit;background:var(--paper);border:1px solid var(--faint);border-radius:4px}
button{font:inherit;padding:4px 10px;color:inherit;background:var(--soft);border:1px solid var(--faint);border-radius:4px;cursor:pointer}
button:hover{border-color:var(--ink)}:focus-visible{outline:3px solid var(--link);outline-offset:1px}
.scroller{overflow:auto;max-height:520px;border:1px solid var(--line)}
table{border-collapse:collapse;width:100%}th{position:sticky;top:0;background:var(--soft);text-align:left;font-size:12.5px;padding:5px 8px}
td{padding:3px 8px;border-top:1px solid var(--line);white-space:nowrap;max-width:420px;overflow:hidden;text-overflow:ellipsis}
td:last-child{white-space:normal;overflow-wrap:anywhere;min-width:160px}
tr.fail td{color:var(--bad)}tr.info td{color:var(--unsure)}tr.chosen td{background:var(--band)}tr[tabindex]{cursor:pointer}
canvas{display:block;border:1px solid var(--line);touch-action:pan-y;cursor:grab}
details>summary{cursor:pointer;padding:3px 0}
footer{color:var(--faint);max-width:1120px;margin:40px auto;padding:0 24px}
@media (max-width:700px){header,main,nav{padding-left:12px;padding-right:12px}figure svg{min-width:640px}}
@media print{nav,.controls{display:none}}
${PICTURE_STYLE}${DARK_PICTURE_STYLE}`;
