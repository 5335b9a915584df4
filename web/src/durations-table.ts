// CSV files that say how long tasks took. A library splits them, which is fetched when the first one
// is opened; the core says what the records mean.
import {learnFromTable} from './study.js';
import type {Workspace} from './workspace.js';

export const isTable = (file: File) => /\.csv$/i.test(file.name);

/** The records, one for each line also where it is empty: so the core tells lines as editors do. */
async function recordsOf(csv: string): Promise<string[][]> {
  const {default: Papa} = await import('papaparse');
  const text = csv.replace(/\r\n?/g, '\n');
  const {data, errors} = Papa.parse(text, {delimiter: ',', newline: '\n'});
  if (errors.length === 0) return data;
  const [{message, index}] = errors;
  throw new Error(`line ${text.slice(0, index).split('\n').length}: ${message}`);
}

export interface Learnt {
  scenario: string;
  runs: number;
}

/** Durations for the plan, as a scenario. The error says where in the file the mistake is. */
export async function learnFromFile(workspace: Workspace, file: File): Promise<Learnt> {
  try {
    const {scenario, runs, error} = await learnFromTable(
      workspace,
      await recordsOf(await file.text()),
    );
    if (error) throw new Error(error.message);
    if (runs === null) throw new Error('the plan has errors: nothing can be learnt for it yet');
    if (scenario === null) throw new Error('there are no runs in it');
    return {scenario, runs};
  } catch (error) {
    throw new Error(`${file.name}: ${(error as Error).message}`);
  }
}
