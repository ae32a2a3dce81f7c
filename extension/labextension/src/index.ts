// The plugin: the sidebar, its commands, its settings and its line in the status bar.

import { ILayoutRestorer, type JupyterFrontEnd, type JupyterFrontEndPlugin } from '@jupyterlab/application';
import { ICommandPalette } from '@jupyterlab/apputils';
import { IDocumentManager } from '@jupyterlab/docmanager';
import { INotebookTracker } from '@jupyterlab/notebook';
import { ISettingRegistry } from '@jupyterlab/settingregistry';
import { IStateDB } from '@jupyterlab/statedb';
import { IStatusBar } from '@jupyterlab/statusbar';
import { ITranslator, nullTranslator, type TranslationBundle } from '@jupyterlab/translation';
import { LabIcon } from '@jupyterlab/ui-components';
import { Widget } from '@lumino/widgets';

import { addCommands } from './commands';
import { currentOf } from './model';
import { MentorPanel } from './panel';
import type { Wishes } from './wishes';

const PLUGIN = 'backend-mentor:plugin';

const icon = new LabIcon({
  name: 'backend-mentor:icon',
  svgstr:
    '<svg xmlns="http://www.w3.org/2000/svg" width="16" viewBox="0 0 24 24"><g class="jp-icon3" fill="#616161">' +
    '<path d="M12 2C7 2 3 3.6 3 5.5v13C3 20.4 7 22 12 22c.7 0 1.400 0 2-.1v-2c-.6.100-1.300.1-2 .1-4.400 0-7-1.300-7-1.600v-2.500c1.700.8 4.200 1.200 7 1.200h.8l1-2H12c-4.400 0-7-1.300-7-1.600V9.900c1.700.8 4.200 1.300 7 1.300s5.300-.5 7-1.300V12h2V5.500C21 3.600 17 2 12 2zm0 7.200c-4.400 0-7-1.300-7-1.700S7.600 4 12 4s7 1.300 7 1.600-2.600 3.600-7 3.600z"/>' +
    '<path d="m16.700 21.500-3.400-3.400 1.400-1.400 2 2 4.500-4.500 1.400 1.400z"/></g></svg>'
});

function addStatus(bar: IStatusBar, panel: MentorPanel, trans: TranslationBundle): void {
  const item = new Widget();
  item.addClass('jp-StatusBar-TextItem');
  const draw = (): void => {
    const current = currentOf(panel.state);
    const who = current?.mentored ? trans.__('Claude') : trans.__('Mentor');
    item.node.textContent = current ? `${who}: ${current.name}, ${trans.__('read-only')}` : '';
    item.node.title = trans.__('The database that Backend Mentor reviews on');
  };
  panel.changed.connect(draw);
  draw();
  bar.registerStatusItem(PLUGIN, { item, align: 'right', rank: 900, isActive: () => panel.state.connections.some(each => each.current), activeStateChanged: panel.changed });
}

async function follow(registry: ISettingRegistry, panel: MentorPanel): Promise<void> {
  const settings = await registry.load(PLUGIN);
  const read = (): void => {
    panel.wishes = {
      level: settings.get('level').composite as Wishes['level'],
      analyze: settings.get('analyze').composite as Wishes['analyze'],
      alias: settings.get('alias').composite as string,
      language: settings.get('language').composite as string,
      mentor: settings.get('mentor').composite as Wishes['mentor'],
      seconds: settings.get('seconds').composite as number
    };
  };
  settings.changed.connect(read);
  read();
}

const plugin: JupyterFrontEndPlugin<void> = {
  id: PLUGIN,
  description: 'Backend Mentor: reviews the active cell in a sidebar.',
  autoStart: true,
  requires: [INotebookTracker],
  // Notebook 7 lacks some of these: all that is not the notebook itself is optional.
  optional: [ILayoutRestorer, ICommandPalette, ISettingRegistry, IStatusBar, ITranslator, IDocumentManager, IStateDB],
  activate: (
    app: JupyterFrontEnd,
    tracker: INotebookTracker,
    restorer: ILayoutRestorer | null,
    palette: ICommandPalette | null,
    registry: ISettingRegistry | null,
    bar: IStatusBar | null,
    translator: ITranslator | null,
    documents: IDocumentManager | null,
    memory: IStateDB | null
  ) => {
    performance.mark(PLUGIN);
    const trans = (translator ?? nullTranslator).load('backend_mentor');
    const panel = new MentorPanel(tracker, trans, { documents, memory, show: () => app.shell.activateById('backend-mentor-panel') });
    panel.title.icon = icon;
    panel.title.caption = trans.__('Backend Mentor');
    app.shell.add(panel, 'right', { rank: 900 });
    restorer?.add(panel, panel.id);
    addCommands(app, panel, icon, trans, palette);
    if (bar) {
      addStatus(bar, panel, trans);
    }
    if (registry) {
      follow(registry, panel).catch(error => console.warn('Backend Mentor keeps to its default settings.', error));
    }
    performance.measure(PLUGIN, PLUGIN);
  }
};

export default plugin;
