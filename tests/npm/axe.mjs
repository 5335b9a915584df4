// What axe-core finds in a page, as lines: rule, place, what is wrong.

import {AxeBuilder} from '@axe-core/playwright';

export async function axeFindings(page) {
  const {violations} = await new AxeBuilder({page}).analyze();
  return violations.flatMap(({id, nodes}) =>
    nodes.map(({target, failureSummary}) => `${id}: ${target.flat(2).join(' ')}: ${failureSummary.split('\n').slice(0, 2).join(' ')}`));
}
