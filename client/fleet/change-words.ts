import type { ChangeView } from '../../core/fleet/changes.js';
import { REVIEW_TITLES } from '../../core/fleet/checklist.js';
import type { SiteView } from './fleet-state.js';

/** Where a change request stands, in words. */
export function changeWords({ status, standing, record }: ChangeView): string {
  const people = standing.counted.map(({ person }) => person).join(', ');
  switch (status) {
    case 'awaiting-approval':
      return people === ''
        ? `needs ${REVIEW_TITLES[record.review]}`
        : `needs ${REVIEW_TITLES[record.review]}; signed by ${people}`;
    case 'approved':
      return `approved by ${people}`;
    case 'rejected':
      return `rejected by ${people}`;
    case 'stale':
      return 'stale: run the migration again';
    case 'published':
      return 'published';
    case 'rolled-back':
      return 'rolled back';
  }
}

export function isUndecided({ status }: ChangeView): boolean {
  return status === 'awaiting-approval';
}

/** Where a site stands, in words: the decision on its change request once there is one, else the state of the attempt. */
export function siteWords({ attempt, change }: SiteView): string {
  if (change !== null && !isUndecided(change) && attempt?.kind === 'good') return changeWords(change);
  return attempt?.status ?? '';
}
