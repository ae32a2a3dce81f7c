// Joins the view and the widget's own lines into one module that any host of anywidget can load without a network.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';

const read = path => readFileSync(new URL(path, import.meta.url), 'utf8');
const bare = text => text.replace(/^import .*?;\n/gms, '').replace(/^export \{\};\n/gm, '');
const inner = text => bare(text).replace(/^export (?=(async )?(function|const|class))/gm, '');

const folder = new URL('../backend_mentor/surfaces/panel/', import.meta.url);
mkdirSync(folder, { recursive: true });
writeFileSync(new URL('panel.js', folder), inner(read('lib/view.js')) + bare(read('lib/widget.js')));
writeFileSync(new URL('panel.css', folder), read('style/base.css'));
