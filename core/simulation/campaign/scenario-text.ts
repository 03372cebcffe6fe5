/** A scenario as the text of a file in `scenarios/`. */

import { Document, isMap, isSeq } from 'yaml';
import type { ScenarioContent } from '../scenario-file.js';

/** YAML with one line per step, as people write it. Reading it back gives the same content. */
export function scenarioText(content: ScenarioContent, comment = ''): string {
  const document = new Document(content);
  if (comment !== '')
    document.commentBefore = comment
      .split('\n')
      .map((line) => ` ${line}`)
      .join('\n');
  const steps = document.get('steps');
  if (isSeq(steps)) {
    for (const step of steps.items) if (isMap(step)) step.flow = true;
  }
  const record = document.get('record');
  if (isSeq(record)) record.flow = true;
  return document.toString({ lineWidth: 0, flowCollectionPadding: true });
}
