"""Styles of the HTML: inline ones that survive JupyterLab's sanitizer, and a sheet that adds the theme's colours.

An untrusted notebook loses the sheet, every `var()` and every `aria-` attribute, but keeps plain inline styles
(JupyterLab, packages/apputils/src/sanitizer.ts). So the inline ones make the layout, with colours for marks and bars
that suit light and dark alike (3:1; no one colour gives words 4.5:1 on both), and the sheet overrides those colours.
Without either, the elements themselves still read well.
"""

from __future__ import annotations

_LINE = "rgba(128,128,128,0.35)"
_CODE_FONT = "Menlo, Consolas, monospace"

# In each, only properties and values that the sanitizer lets through.
INLINE: dict[str, str] = {
    "bm": f"border:1px solid {_LINE};font-size:13px;line-height:1.45;max-width:900px;overflow-wrap:break-word",
    "bm-head": f"padding:8px 12px;border-bottom:1px solid {_LINE}",
    "bm-part": f"padding:10px 12px;border-bottom:1px solid {_LINE};clear:both",
    "bm-foot": "padding:6px 12px;font-size:11.5px;opacity:0.72",
    "bm-quiet": "opacity:0.72",
    "bm-h": "font-size:11px;font-weight:600;letter-spacing:0.7px;text-transform:uppercase;margin:0 0 6px 0;"
    "padding:0;opacity:0.72",
    "bm-title": "font-size:13.5px;font-weight:600;margin:0 0 4px 0",
    "bm-p": "margin:0 0 6px 0;padding:0",
    "bm-item": "margin:0 0 10px 0",
    "bm-dl": "margin:4px 0 0 0;padding:0",
    "bm-dt": "float:left;clear:left;width:56px;margin:0;padding:0;font-weight:400;opacity:0.72",
    "bm-dd": "margin:0 0 2px 62px;padding:0",
    "bm-code": f"font-family:{_CODE_FONT};font-size:0.93em;padding:0;background-color:transparent",
    "bm-pre": f"font-family:{_CODE_FONT};font-size:12px;line-height:1.5;margin:6px 0;padding:0;"
    f"border:1px solid {_LINE};white-space:pre-wrap;overflow-wrap:break-word",
    "bm-row": "display:block;padding:0 8px",
    "bm-added": "display:block;padding:0 8px 0 24px;text-indent:-16px;background-color:rgba(46,160,67,0.16)",
    "bm-removed": "display:block;padding:0 8px 0 24px;text-indent:-16px;background-color:rgba(220,60,50,0.15)",
    "bm-kept": "display:block;padding:0 8px 0 24px;text-indent:-16px;opacity:0.72",
    "bm-ok": "font-weight:600;color:#2b8a3e",
    "bm-bad": "font-weight:600;color:#d13c31",
    "bm-open": "font-weight:600",
    "bm-ok-text": "font-weight:600",
    "bm-bad-text": "font-weight:600",
    "bm-open-text": "font-weight:600",
    "bm-critical": "font-weight:700;color:#d13c31",
    "bm-warning": "font-weight:700;color:#c76a00",
    "bm-advice": "font-weight:700;color:#3b7fd4",
    "bm-info": "font-weight:700;opacity:0.72",
    "bm-gain": "display:table;table-layout:fixed;width:100%;margin:6px 0",
    "bm-gain-row": "display:table-row",
    "bm-gain-label": "display:table-cell;width:62px",
    "bm-gain-bar": "display:table-cell;vertical-align:middle",
    "bm-gain-figure": "display:table-cell;width:96px;text-align:right",
    "bm-bar": "display:block;height:8px;background-color:#7fa8dc",
    "bm-bar-now": "display:block;height:8px;background-color:#2b8a3e",
    "bm-bar-hot": "display:block;height:8px;background-color:#d13c31",
    "bm-scroll": "display:inline-block;vertical-align:top;max-width:100%;overflow-x:auto;margin:4px 16px 6px 0",
    "bm-table": f"border-collapse:collapse;margin:0;font-family:{_CODE_FONT};font-size:12px",
    "bm-caption": "font-size:12px;opacity:0.72",
    "bm-cell": f"border:1px solid {_LINE};padding:1px 8px;text-align:left;font-weight:400;white-space:pre-wrap",
    "bm-tree": "list-style-type:none;margin:0;padding:0;font-size:12.5px",
    "bm-branch": "list-style-type:none;margin:0 0 0 7px;padding:0 0 0 11px;border-left:1px solid rgba(128,128,128,0.6)",
    "bm-item-node": "margin:0;padding:0",
    "bm-node": "margin:0;padding:2px 0",
    "bm-share": "float:right;width:72px;height:8px;margin:5px 0 0 8px;background-color:rgba(128,128,128,0.25)",
    "bm-small": "display:block;font-size:11px;opacity:0.72",
    "bm-summary": "cursor:pointer",
    "bm-list": "margin:0 0 4px 0;padding:0 0 0 18px",
}

# color-mix with the text's own colour keeps 4.5:1 on the theme's light and dark ground alike.
_THEME = """\
.bm{color:var(--jp-ui-font-color1,inherit);font-family:var(--jp-ui-font-family,system-ui,sans-serif);\
font-variant-numeric:tabular-nums;background:var(--jp-layout-color1,transparent)}
.bm,.bm-head,.bm-part,.bm-pre,.bm-cell{border-color:var(--jp-border-color2,rgba(128,128,128,.35))!important}
.bm-branch{border-left-color:var(--jp-border-color1,rgba(128,128,128,.6))!important}
.bm-quiet,.bm-foot,.bm-h,.bm-dt,.bm-small,.bm-caption,.bm-kept\
{opacity:1!important;color:var(--jp-ui-font-color2,color-mix(in srgb,currentColor 72%,transparent))}
.bm-code,.bm-pre,.bm-table{font-family:var(--jp-code-font-family,Menlo,Consolas,monospace)!important}
.bm-pre,.bm-pre *{color:inherit;background-clip:padding-box}
.bm-pre .bm-kept{color:var(--jp-ui-font-color2,inherit)}
.bm table{color:inherit}
.bm tr,.bm td,.bm th{background:transparent!important}
.bm-ok,.bm-ok-text{color:color-mix(in srgb,var(--jp-success-color1,#2b8a3e) 68%,currentColor)!important}
.bm-bad,.bm-bad-text,.bm-critical{color:color-mix(in srgb,var(--jp-error-color1,#d13c31) 70%,currentColor)!important}
.bm-warning{color:color-mix(in srgb,var(--jp-warn-color1,#c76a00) 64%,currentColor)!important}
.bm-advice{color:color-mix(in srgb,var(--jp-brand-color1,#3b7fd4) 76%,currentColor)!important}
.bm-bar-now{background-color:color-mix(in srgb,var(--jp-success-color1,#2b8a3e) 80%,currentColor)!important}
.bm-bar-hot{background-color:color-mix(in srgb,var(--jp-error-color1,#d13c31) 84%,currentColor)!important}
.bm summary:focus-visible{outline:2px solid var(--jp-brand-color1,#3b7fd4);outline-offset:1px}
.bm-fold>summary{color:var(--jp-ui-font-color2,inherit)}
"""

SHEET = f"<style>\n{_THEME}</style>"
