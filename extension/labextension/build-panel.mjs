// Joins the view and the widget's own lines into one module that any host of anywidget can load without a network.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';

// Each after what it leans on.
const MODULES = ['highlight', 'elements', 'plan', 'offers', 'view', 'widget'];

const read = path => readFileSync(new URL(path, import.meta.url), 'utf8');
const inner = text =>
  text
    .replace(/^import .*?;\n/gms, '')
    .replace(/^export \{\};\n/gm, '')
    .replace(/^export (?=(async )?(function|const|class))/gm, '');

const folder = new URL('../backend_mentor/surfaces/panel/', import.meta.url);
mkdirSync(folder, { recursive: true });
writeFileSync(new URL('panel.js', folder), MODULES.map(name => inner(read(`lib/${name}.js`))).join('\n'));
writeFileSync(new URL('panel.css', folder), read('style/base.css'));
