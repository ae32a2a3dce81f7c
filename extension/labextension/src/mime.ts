// A review in a saved notebook, drawn as the sidebar draws it.

import type { IRenderMime } from '@jupyterlab/rendermime-interfaces';
import { Widget } from '@lumino/widgets';

import type { Drawing } from './drawing';
import { element } from './elements';
import { drawReview } from './view';

export const MIME_TYPE = 'application/vnd.backend-mentor.review+json';

class ReviewOutput extends Widget implements IRenderMime.IRenderer {
  constructor(private readonly mimeType: string) {
    super();
    this.addClass('bm-output');
  }

  renderModel(model: IRenderMime.IMimeModel): Promise<void> {
    const data = model.data[this.mimeType] as unknown as { drawing?: Drawing } | null;
    const drawing = data?.drawing;
    this.node.replaceChildren(
      drawing ? drawReview(drawing) : element('p', 'bm-p', 'This review was saved by another version; run the cell again.')
    );
    return Promise.resolve();
  }
}

const extension: IRenderMime.IExtension = {
  id: 'backend-mentor:output',
  description: 'Draws the reviews of Backend Mentor in outputs.',
  rendererFactory: {
    safe: true,
    mimeTypes: [MIME_TYPE],
    createRenderer: options => new ReviewOutput(options.mimeType)
  },
  rank: 0,
  dataType: 'json'
};

export default extension;
