"use strict";(self.rspackChunkbackend_mentor=self.rspackChunkbackend_mentor||[]).push([[3],{26(r,e,o){var t=o(27),a=o.n(t),n=o(28),i=(o.n(n))()(a());i.push([r.id,`/* Only the theme's variables, so that light, dark and high contrast follow it; the fallbacks serve other hosts. */

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

.bm-mark {
  text-decoration: underline wavy var(--jp-warn-color1, #c76a00);
  text-decoration-skip-ink: none;
  text-underline-offset: 3px;
}

.bm-mark-critical {
  text-decoration-color: var(--jp-error-color1, #d13c31);
}

.bm-mark-advice,
.bm-mark-info {
  text-decoration-color: var(--jp-brand-color1, #3b7fd4);
  text-decoration-style: dotted;
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
`,""]),o.d(e,{},{A:i})},28(r){r.exports=function(r){var e=[];return e.toString=function(){return this.map(function(e){var o="",t=void 0!==e[5];return e[4]&&(o+="@supports (".concat(e[4],") {")),e[2]&&(o+="@media ".concat(e[2]," {")),t&&(o+="@layer".concat(e[5].length>0?" ".concat(e[5]):""," {")),o+=r(e),t&&(o+="}"),e[2]&&(o+="}"),e[4]&&(o+="}"),o}).join("")},e.i=function(r,o,t,a,n){"string"==typeof r&&(r=[[null,r,void 0]]);var i={};if(t)for(var p=0;p<this.length;p++){var l=this[p][0];null!=l&&(i[l]=!0)}for(var c=0;c<r.length;c++){var d=[].concat(r[c]);t&&i[d[0]]||(void 0!==n&&(void 0===d[5]||(d[1]="@layer".concat(d[5].length>0?" ".concat(d[5]):""," {").concat(d[1],"}")),d[5]=n),o&&(d[2]&&(d[1]="@media ".concat(d[2]," {").concat(d[1],"}")),d[2]=o),a&&(d[4]?(d[1]="@supports (".concat(d[4],") {").concat(d[1],"}"),d[4]=a):d[4]="".concat(a)),e.push(d))}},e}},27(r){r.exports=function(r){return r[1]}},20(r){var e=[];function o(r){for(var o=-1,t=0;t<e.length;t++)if(e[t].identifier===r){o=t;break}return o}function t(r,t){for(var a={},n=[],i=0;i<r.length;i++){var p=r[i],l=t.base?p[0]+t.base:p[0],c=a[l]||0,d="".concat(l," ").concat(c);a[l]=c+1;var m=o(d),b={css:p[1],media:p[2],sourceMap:p[3],supports:p[4],layer:p[5]};if(-1!==m)e[m].references++,e[m].updater(b);else{var s=function(r,e){var o=e.domAPI(e);return o.update(r),function(e){e?(e.css!==r.css||e.media!==r.media||e.sourceMap!==r.sourceMap||e.supports!==r.supports||e.layer!==r.layer)&&o.update(r=e):o.remove()}}(b,t);t.byIndex=i,e.splice(i,0,{identifier:d,updater:s,references:1})}n.push(d)}return n}r.exports=function(r,a){var n=t(r=r||[],a=a||{});return function(r){r=r||[];for(var i=0;i<n.length;i++){var p=o(n[i]);e[p].references--}for(var l=t(r,a),c=0;c<n.length;c++){var d=o(n[c]);0===e[d].references&&(e[d].updater(),e.splice(d,1))}n=l}}},22(r){var e={};r.exports=function(r,o){var t=function(r){if(void 0===e[r]){var o=document.querySelector(r);if(window.HTMLIFrameElement&&o instanceof window.HTMLIFrameElement)try{o=o.contentDocument.head}catch(r){o=null}e[r]=o}return e[r]}(r);if(!t)throw Error("Couldn't find a style target. This probably means that the value for the 'insert' parameter is invalid.");t.appendChild(o)}},24(r){r.exports=function(r){var e=document.createElement("style");return r.setAttributes(e,r.attributes),r.insert(e,r.options),e}},23(r,e,o){r.exports=function(r){var e=o.nc;e&&r.setAttribute("nonce",e)}},21(r){r.exports=function(r){if("u"<typeof document)return{update:function(){},remove:function(){}};var e=r.insertStyleElement(r);return{update:function(o){var t,a,n;t="",o.supports&&(t+="@supports (".concat(o.supports,") {")),o.media&&(t+="@media ".concat(o.media," {")),(a=void 0!==o.layer)&&(t+="@layer".concat(o.layer.length>0?" ".concat(o.layer):""," {")),t+=o.css,a&&(t+="}"),o.media&&(t+="}"),o.supports&&(t+="}"),(n=o.sourceMap)&&"u">typeof btoa&&(t+="\n/*# sourceMappingURL=data:application/json;base64,".concat(btoa(unescape(encodeURIComponent(JSON.stringify(n))))," */")),r.styleTagTransform(t,e,r.options)},remove:function(){var r;null===(r=e).parentNode||r.parentNode.removeChild(r)}}}},25(r){r.exports=function(r,e){if(e.styleSheet)e.styleSheet.cssText=r;else{for(;e.firstChild;)e.removeChild(e.firstChild);e.appendChild(document.createTextNode(r))}}},19(r,e,o){var t=o(20),a=o.n(t),n=o(21),i=o.n(n),p=o(22),l=o.n(p),c=o(23),d=o.n(c),m=o(24),b=o.n(m),s=o(25),u=o.n(s),f=o(26),x={};x.styleTagTransform=u(),x.setAttributes=d(),x.insert=l().bind(null,"head"),x.domAPI=i(),x.insertStyleElement=b(),a()(f.A,x),f.A&&f.A.locals&&f.A.locals}}]);