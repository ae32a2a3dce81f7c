"use strict";(self.rspackChunkbackend_mentor=self.rspackChunkbackend_mentor||[]).push([[3],{29(o,r,e){var t=e(30),a=e.n(t),n=e(31),i=(e.n(n))()(a());i.push([o.id,`/* Only the theme's variables, so that light, dark and high contrast follow it; the fallbacks serve other hosts. */

.bm-panel {
  background: var(--jp-layout-color1, Canvas);
  color: var(--jp-ui-font-color1, CanvasText);
  display: flex;
  flex-direction: column;
  min-width: 240px;
  overflow: hidden;
}

.bm-panel,
.bm-output,
.bm-review {
  font-family: var(--jp-ui-font-family, system-ui, sans-serif);
  font-size: var(--jp-ui-font-size1, 13px);
  font-variant-numeric: tabular-nums;
  line-height: 1.45;
  overflow-wrap: anywhere;
}

.bm-top {
  border-bottom: 1px solid var(--jp-border-color2, GrayText);
  flex: none;
  max-height: 60%;
  overflow: auto;
  padding: 8px 12px;
}

.bm-body {
  flex: 1 1 auto;
  overflow: auto;
}

.bm-announce {
  block-size: 1px;
  clip-path: inset(50%);
  inline-size: 1px;
  overflow: hidden;
  position: absolute;
  white-space: nowrap;
}

.bm-bar-top {
  align-items: center;
  display: flex;
  flex-wrap: wrap;
  gap: 6px 10px;
  justify-content: space-between;
}

.bm-connection {
  align-items: baseline;
  display: flex;
  flex: 1 1 100%;
  flex-wrap: wrap;
  gap: 2px 8px;
  justify-content: space-between;
}

.bm-actions {
  align-items: center;
  display: flex;
  flex-wrap: wrap;
  gap: 6px;
  margin-top: 4px;
}

.bm-button {
  background: var(--jp-layout-color2, ButtonFace);
  border: 1px solid var(--jp-border-color1, ButtonBorder);
  border-radius: 3px;
  color: var(--jp-ui-font-color1, ButtonText);
  cursor: pointer;
  font: inherit;
  min-height: 26px;
  padding: 2px 10px;
}

.bm-button:hover:not(:disabled) {
  background: var(--jp-layout-color3, ButtonFace);
}

.bm-button:disabled {
  cursor: default;
  opacity: 0.6;
}

.bm-primary {
  background: var(--jp-brand-color0, #0d47a1);
  border-color: transparent;
  color: var(--jp-layout-color0, #fff);
  font-weight: 600;
}

[data-jp-theme-light='false'] .bm-primary {
  background: var(--jp-brand-color3, #bbdefb);
  color: #111;
}

.bm-primary:hover:not(:disabled) {
  background: var(--jp-brand-color0, #0d47a1);
  filter: brightness(1.1);
}

[data-jp-theme-light='false'] .bm-primary:hover:not(:disabled) {
  background: var(--jp-brand-color3, #bbdefb);
}

.bm-link {
  background: none;
  border: 0;
  color: var(--jp-content-link-color, LinkText);
  min-height: 24px;
  padding: 2px;
  text-decoration: underline;
}

.bm-panel :focus-visible,
.bm-review :focus-visible {
  outline: var(--jp-focus-outline-width, 2px) solid var(--jp-focus-outline-color, var(--jp-brand-color1, Highlight));
  outline-offset: 1px;
}

.bm-form {
  display: grid;
  gap: 6px;
  margin-top: 8px;
}

.bm-label {
  display: grid;
  gap: 2px;
}

.bm-input,
.bm-select {
  background: var(--jp-input-background, Field);
  border: 1px solid var(--jp-border-color1, GrayText);
  border-radius: 3px;
  color: var(--jp-ui-font-color0, FieldText);
  font: inherit;
  min-height: 26px;
  min-width: 0;
  padding: 2px 6px;
}

.bm-input::placeholder {
  color: var(--jp-ui-font-color2, GrayText);
  opacity: 1;
}

.bm-failure,
.bm-pending,
.bm-done,
.bm-notice {
  border: 1px solid var(--jp-border-color1, GrayText);
  border-radius: 3px;
  margin: 8px 0 0;
  padding: 6px 10px;
}

.bm-failure {
  border-left: 4px solid var(--jp-error-color1, #d13c31);
}

.bm-pending {
  border-left: 4px solid var(--jp-brand-color1, #1976d2);
}

.bm-done {
  align-items: center;
  display: flex;
  gap: 10px;
  justify-content: space-between;
}

.bm-asking {
  border-top: 1px solid var(--jp-border-color2, GrayText);
  display: flex;
  flex: none;
  flex-direction: column;
  gap: 4px;
  max-height: 60%;
  overflow: auto;
  padding: 6px 12px 8px;
}

.bm-asking[hidden],
.bm-tour[hidden] {
  display: none;
}

.bm-ask-form {
  display: flex;
  gap: 6px;
}

.bm-question {
  flex: 1 1 auto;
  min-width: 0;
}

.bm-ask-form .bm-button {
  flex: none;
  white-space: nowrap;
}

.bm-mentor {
  align-items: baseline;
  display: flex;
  flex-wrap: wrap;
  font-size: 11.5px;
  gap: 0 8px;
  justify-content: space-between;
}

.bm-consent,
.bm-tour {
  border: 1px solid var(--jp-border-color1, GrayText);
  border-left: 4px solid var(--jp-brand-color1, #1976d2);
  border-radius: 3px;
  padding: 6px 10px;
}

.bm-tour {
  flex: none;
  margin: 8px 12px;
}

/* Whoever has begun something is left alone with it. */
.bm-panel:has(.bm-consent, .bm-form, .bm-pending) .bm-tour {
  display: none;
}

.bm-pointed {
  outline: 2px dashed var(--jp-brand-color1, Highlight);
  outline-offset: 3px;
}

.bm-panel .bm-request {
  max-height: 180px;
  overflow: auto;
}

.bm-exchange {
  border-bottom: 1px solid var(--jp-border-color2, GrayText);
  border-left: 4px solid var(--jp-brand-color1, #1976d2);
  padding: 10px 12px;
}

.bm-panel .bm-exchange .bm-which {
  font-size: 13px;
  margin: 0 0 2px;
  padding: 0;
}

.bm-exchange .bm-small {
  margin: 0 0 6px;
}

.bm-answer .bm-part:last-child {
  border-bottom: 0;
}

.bm-answer .bm-part,
.bm-answer .bm-foot {
  padding-left: 0;
  padding-right: 0;
}

.bm-welcome {
  margin: 0;
  padding: 12px;
}

.bm-review {
  background: var(--jp-layout-color1, transparent);
  color: var(--jp-ui-font-color1, inherit);
}

.bm-output > .bm-review {
  border: 1px solid var(--jp-border-color2, GrayText);
  max-width: 900px;
}

.bm-head {
  border-bottom: 1px solid var(--jp-border-color2, GrayText);
  padding: 8px 12px;
}

.bm-part {
  border-bottom: 1px solid var(--jp-border-color2, GrayText);
  padding: 10px 12px;
}

.bm-review .bm-h {
  color: var(--jp-ui-font-color2, inherit);
  font-size: 11px;
  font-weight: 600;
  letter-spacing: 0.7px;
  margin: 0 0 6px;
  padding: 0;
  text-transform: uppercase;
}

.bm-review .bm-which {
  font-size: 13px;
  margin: 0 0 4px;
  padding: 0;
}

.bm-review .bm-p,
.bm-panel .bm-p {
  margin: 0 0 6px;
  padding: 0;
}

.bm-conclusion .bm-p {
  font-weight: 600;
  margin: 0;
}

.bm-title {
  font-weight: 600;
  margin: 0 0 4px;
}

.bm-item {
  margin: 0 0 10px;
}

.bm-quiet,
.bm-small,
.bm-caption,
.bm-foot {
  color: var(--jp-ui-font-color2, inherit);
}

.bm-small {
  display: block;
  font-size: 11.5px;
}

.bm-foot {
  font-size: 11.5px;
  padding: 6px 12px;
}

.bm-review .bm-dl {
  display: grid;
  gap: 2px 8px;
  grid-template-columns: minmax(52px, max-content) 1fr;
  margin: 4px 0;
}

/* JupyterLab floats these in outputs, at a fifth of the width. */
.bm-review .bm-dt,
.bm-review .bm-dd {
  float: none;
  margin: 0;
  min-width: 0;
  padding: 0;
  width: auto;
}

.bm-review .bm-dt {
  color: var(--jp-ui-font-color2, inherit);
  font-weight: 400;
  overflow-wrap: normal;
}

.bm-review .bm-code,
.bm-panel .bm-code {
  background: none;
  color: inherit;
  font-family: var(--jp-code-font-family, monospace);
  font-size: 0.93em;
  padding: 0;
}

.bm-review .bm-pre,
.bm-panel .bm-pre {
  background: var(--jp-layout-color0, transparent);
  border: 1px solid var(--jp-border-color2, GrayText);
  color: var(--jp-content-font-color1, inherit);
  font-family: var(--jp-code-font-family, monospace);
  font-size: var(--jp-code-font-size, 12px);
  line-height: 1.5;
  margin: 6px 0;
  overflow-wrap: anywhere;
  padding: 2px 8px;
  white-space: pre-wrap;
}

.bm-added,
.bm-removed,
.bm-kept {
  display: block;
  margin: 0 -8px;
  padding: 0 8px 0 24px;
  text-indent: -16px;
}

.bm-added {
  background: rgba(46, 160, 67, 0.18);
}

.bm-removed {
  background: rgba(220, 60, 50, 0.16);
}

.bm-ok,
.bm-bad,
.bm-open {
  font-weight: 600;
}

.bm-ok {
  color: color-mix(in srgb, var(--jp-success-color1, #2b8a3e) 60%, currentcolor);
}

.bm-bad,
.bm-critical {
  color: color-mix(in srgb, var(--jp-error-color1, #d13c31) 70%, currentcolor);
}

.bm-critical,
.bm-warning,
.bm-advice {
  font-weight: 700;
}

.bm-warning {
  color: color-mix(in srgb, var(--jp-warn-color1, #c76a00) 55%, currentcolor);
}

.bm-advice {
  color: color-mix(in srgb, var(--jp-brand-color1, #3b7fd4) 70%, currentcolor);
}

.bm-unverified {
  border-bottom: 1px dashed currentcolor;
  color: var(--jp-ui-font-color2, inherit);
  font-style: italic;
}

.bm-gain {
  align-items: center;
  display: grid;
  gap: 3px 8px;
  grid-template-columns: max-content 1fr max-content;
  margin: 6px 0;
}

.bm-gain-figure {
  text-align: right;
}

.bm-bar {
  background: var(--jp-brand-color2, #7fa8dc);
  display: block;
  height: 8px;
  min-width: 2px;
}

.bm-bar-now {
  background: var(--jp-success-color1, #2b8a3e);
}

.bm-bar-hot {
  background: var(--jp-error-color1, #d13c31);
}

.bm-scroll {
  display: inline-block;
  margin: 4px 16px 6px 0;
  max-width: 100%;
  overflow-x: auto;
  vertical-align: top;
}

.bm-review .bm-table {
  border-collapse: collapse;
  font-family: var(--jp-code-font-family, monospace);
  font-size: 12px;
  margin: 0;
}

.bm-review .bm-cell {
  border: 1px solid var(--jp-border-color2, GrayText);
  padding: 1px 8px;
  text-align: left;
  white-space: pre-wrap;
}

.bm-review th.bm-cell {
  color: var(--jp-ui-font-color2, inherit);
  font-weight: 400;
}

.bm-tree,
.bm-branch {
  list-style: none;
  margin: 0;
  padding: 0;
}

.bm-review .bm-branch {
  border-left: 1px solid var(--jp-border-color1, GrayText);
  margin-left: 7px;
  padding-left: 11px;
}

[aria-expanded='false'] > .bm-branch {
  display: none;
}

[aria-expanded='false'] > .bm-node .bm-step::after {
  content: ' …';
}

.bm-node {
  padding: 2px 0;
}

.bm-hot {
  font-weight: 700;
}

.bm-share {
  background: var(--jp-layout-color3, rgba(128, 128, 128, 0.25));
  float: right;
  height: 8px;
  margin: 6px 0 0 8px;
  width: 72px;
}

.bm-review .bm-list {
  margin: 0 0 4px;
  padding: 0 0 0 18px;
}

.bm-summary {
  cursor: pointer;
}

.bm-fold > .bm-summary {
  color: var(--jp-ui-font-color2, inherit);
}

/* Of the diagnostics of CodeMirror; its own underline would lie below ours. */
.cm-editor .bm-mark {
  background-image: none;
  padding-bottom: 0;
  text-decoration: underline wavy var(--jp-warn-color1, #c76a00);
  text-decoration-skip-ink: none;
  text-underline-offset: 3px;
}

.cm-editor .bm-mark-critical {
  text-decoration-color: var(--jp-error-color1, #d13c31);
}

.cm-editor .bm-mark-advice,
.cm-editor .bm-mark-info {
  text-decoration-color: var(--jp-brand-color1, #3b7fd4);
  text-decoration-style: dotted;
}

.cm-tooltip.cm-tooltip-hover:has(.bm-diagnostic) {
  background: var(--jp-layout-color1, Canvas);
  border: 1px solid var(--jp-border-color1, GrayText);
  color: var(--jp-ui-font-color1, CanvasText);
  font-family: var(--jp-ui-font-family, system-ui, sans-serif);
  font-size: var(--jp-ui-font-size1, 13px);
  max-width: 480px;
}

.cm-tooltip-hover .cm-diagnostic:has(.bm-diagnostic) .cm-diagnosticAction {
  background: var(--jp-brand-color0, #0d47a1);
  border-radius: 3px;
  color: var(--jp-layout-color0, #fff);
  cursor: pointer;
  display: block;
  margin: 4px 0 0;
  min-height: 24px;
  padding: 2px 10px;
}

[data-jp-theme-light='false'] .cm-tooltip-hover .cm-diagnostic:has(.bm-diagnostic) .cm-diagnosticAction {
  background: var(--jp-brand-color3, #bbdefb);
  color: #111;
}

.bm-review .bm-keyword,
.bm-panel .bm-keyword {
  color: var(--jp-mirror-editor-keyword-color, inherit);
  font-weight: 700;
}

.bm-review .bm-string,
.bm-panel .bm-string {
  color: var(--jp-mirror-editor-string-color, inherit);
}

.bm-review .bm-number,
.bm-panel .bm-number {
  color: var(--jp-mirror-editor-number-color, inherit);
}

.bm-review .bm-comment,
.bm-panel .bm-comment {
  color: var(--jp-mirror-editor-comment-color, inherit);
  font-style: italic;
}

.bm-history .bm-link {
  text-align: left;
}

/* On a low window, or a page that is zoomed in, the parts would leave each other no room: all scroll as one. */
@media (max-height: 520px) {
  .bm-panel.lm-Widget {
    display: block;
    overflow: auto;
  }

  .bm-panel.lm-Widget > .bm-top,
  .bm-panel.lm-Widget > .bm-asking {
    max-height: none;
  }

  .bm-panel.lm-Widget.lm-mod-hidden {
    display: none;
  }
}

@media (prefers-reduced-motion: no-preference) {
  .bm-bar {
    transition: width 0.2s;
  }
}

.bm-widget {
  border: 1px solid var(--jp-border-color2, GrayText);
  max-width: 900px;
}

.bm-text {
  box-sizing: border-box;
  font-family: var(--jp-code-font-family, monospace);
  font-size: var(--jp-code-font-size, 12px);
  margin-top: 6px;
  resize: vertical;
  width: 100%;
}

.bm-target {
  flex: 1 1 180px;
}
`,""]),e.d(r,{},{A:i})},31(o){o.exports=function(o){var r=[];return r.toString=function(){return this.map(function(r){var e="",t=void 0!==r[5];return r[4]&&(e+="@supports (".concat(r[4],") {")),r[2]&&(e+="@media ".concat(r[2]," {")),t&&(e+="@layer".concat(r[5].length>0?" ".concat(r[5]):""," {")),e+=o(r),t&&(e+="}"),r[2]&&(e+="}"),r[4]&&(e+="}"),e}).join("")},r.i=function(o,e,t,a,n){"string"==typeof o&&(o=[[null,o,void 0]]);var i={};if(t)for(var p=0;p<this.length;p++){var l=this[p][0];null!=l&&(i[l]=!0)}for(var d=0;d<o.length;d++){var c=[].concat(o[d]);t&&i[c[0]]||(void 0!==n&&(void 0===c[5]||(c[1]="@layer".concat(c[5].length>0?" ".concat(c[5]):""," {").concat(c[1],"}")),c[5]=n),e&&(c[2]&&(c[1]="@media ".concat(c[2]," {").concat(c[1],"}")),c[2]=e),a&&(c[4]?(c[1]="@supports (".concat(c[4],") {").concat(c[1],"}"),c[4]=a):c[4]="".concat(a)),r.push(c))}},r}},30(o){o.exports=function(o){return o[1]}},23(o){var r=[];function e(o){for(var e=-1,t=0;t<r.length;t++)if(r[t].identifier===o){e=t;break}return e}function t(o,t){for(var a={},n=[],i=0;i<o.length;i++){var p=o[i],l=t.base?p[0]+t.base:p[0],d=a[l]||0,c="".concat(l," ").concat(d);a[l]=d+1;var m=e(c),b={css:p[1],media:p[2],sourceMap:p[3],supports:p[4],layer:p[5]};if(-1!==m)r[m].references++,r[m].updater(b);else{var s=function(o,r){var e=r.domAPI(r);return e.update(o),function(r){r?(r.css!==o.css||r.media!==o.media||r.sourceMap!==o.sourceMap||r.supports!==o.supports||r.layer!==o.layer)&&e.update(o=r):e.remove()}}(b,t);t.byIndex=i,r.splice(i,0,{identifier:c,updater:s,references:1})}n.push(c)}return n}o.exports=function(o,a){var n=t(o=o||[],a=a||{});return function(o){o=o||[];for(var i=0;i<n.length;i++){var p=e(n[i]);r[p].references--}for(var l=t(o,a),d=0;d<n.length;d++){var c=e(n[d]);0===r[c].references&&(r[c].updater(),r.splice(c,1))}n=l}}},25(o){var r={};o.exports=function(o,e){var t=function(o){if(void 0===r[o]){var e=document.querySelector(o);if(window.HTMLIFrameElement&&e instanceof window.HTMLIFrameElement)try{e=e.contentDocument.head}catch(o){e=null}r[o]=e}return r[o]}(o);if(!t)throw Error("Couldn't find a style target. This probably means that the value for the 'insert' parameter is invalid.");t.appendChild(e)}},27(o){o.exports=function(o){var r=document.createElement("style");return o.setAttributes(r,o.attributes),o.insert(r,o.options),r}},26(o,r,e){o.exports=function(o){var r=e.nc;r&&o.setAttribute("nonce",r)}},24(o){o.exports=function(o){if("u"<typeof document)return{update:function(){},remove:function(){}};var r=o.insertStyleElement(o);return{update:function(e){var t,a,n;t="",e.supports&&(t+="@supports (".concat(e.supports,") {")),e.media&&(t+="@media ".concat(e.media," {")),(a=void 0!==e.layer)&&(t+="@layer".concat(e.layer.length>0?" ".concat(e.layer):""," {")),t+=e.css,a&&(t+="}"),e.media&&(t+="}"),e.supports&&(t+="}"),(n=e.sourceMap)&&"u">typeof btoa&&(t+="\n/*# sourceMappingURL=data:application/json;base64,".concat(btoa(unescape(encodeURIComponent(JSON.stringify(n))))," */")),o.styleTagTransform(t,r,o.options)},remove:function(){var o;null===(o=r).parentNode||o.parentNode.removeChild(o)}}}},28(o){o.exports=function(o,r){if(r.styleSheet)r.styleSheet.cssText=o;else{for(;r.firstChild;)r.removeChild(r.firstChild);r.appendChild(document.createTextNode(o))}}},22(o,r,e){var t=e(23),a=e.n(t),n=e(24),i=e.n(n),p=e(25),l=e.n(p),d=e(26),c=e.n(d),m=e(27),b=e.n(m),s=e(28),f=e.n(s),x=e(29),u={};u.styleTagTransform=f(),u.setAttributes=c(),u.insert=l().bind(null,"head"),u.domAPI=i(),u.insertStyleElement=b(),a()(x.A,u),x.A&&x.A.locals&&x.A.locals}}]);