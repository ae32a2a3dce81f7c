// A database is a file on the server; the kernel, which opens it, stands in the notebook's folder.

import type { IDocumentManager } from '@jupyterlab/docmanager';
import type { TranslationBundle } from '@jupyterlab/translation';

import { pathFrom } from './paths';

const DATABASE = /\.(db3?|sqlite3?|s3db)$/i;

/** Let the user pick a SQLite database; the path as the notebook's kernel knows it, or null where none was picked. */
export async function pickDatabase(manager: IDocumentManager, notebookPath: string, trans: TranslationBundle): Promise<string | null> {
  // The dialog is JupyterLab's own, and loaded when it is first wanted.
  const { FileDialog } = await import('@jupyterlab/filebrowser');
  const contents = manager.services.contents;
  const here = contents.localPath(notebookPath);
  const picked = await FileDialog.getOpenFiles({
    manager,
    title: trans.__('Choose a SQLite database'),
    label: trans.__('Files that end in .db, .sqlite or .sqlite3'),
    defaultPath: here.includes('/') ? here.slice(0, here.lastIndexOf('/')) : '',
    filter: item => (item.type === 'directory' || DATABASE.test(item.name) ? {} : null)
  });
  const file = picked.button.accept ? picked.value?.find(item => item.type !== 'directory') : undefined;
  return file ? pathFrom(here, contents.localPath(file.path)) : null;
}
