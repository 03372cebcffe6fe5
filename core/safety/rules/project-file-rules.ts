import type { Finding } from '../../base/finding.js';
import { libraryReferencesIn } from '../library-references.js';
import type { ChangeRule, StateRule } from '../rule.js';
import { changedTexts, inFile, projectTexts } from '../site-texts.js';
import { machineWithFile } from './example-machine.js';
import { excerpt } from './rule-text.js';

/** DP14: forced values that travel with the project. */
export const forceTable: StateRule = {
  kind: 'state',
  code: 'DP14',
  name: 'force-table',
  severity: 'error',
  title: 'The project brings forced values along',
  rationale:
    'A force table holds inputs and outputs at a value, whatever the program computes. Downloaded with the project, it acts on a machine that nobody meant.',
  reference: 'IEC 61131-2:2017, 11; ISO 14119:2013, 8',
  decision: 'configuration',
  flags: [
    {
      title: 'an entry in a force table',
      files: machineWithFile(
        'devices/plc_1.xml',
        '<SW.WatchAndForceTables.PlcForceTable>\n  <SW.WatchAndForceTables.PlcForceTableEntry>\n    <Address>%I0.1</Address><ForceValue>TRUE</ForceValue>\n  </SW.WatchAndForceTables.PlcForceTableEntry>\n</SW.WatchAndForceTables.PlcForceTable>\n',
      ),
    },
    {
      title: 'forces in a controller export',
      files: machineWithFile('line.L5X', '<Tag Name="Guard"><ForceData>01 00</ForceData></Tag>\n'),
    },
  ],
  accepts: [
    {
      title: 'an empty force table',
      files: machineWithFile('devices/plc_1.xml', '<SW.WatchAndForceTables.PlcForceTable/>\n'),
    },
    {
      title: 'a load cell',
      files: machineWithFile('devices/scale.xml', '<Parameter Name="rForceLimit">12.5</Parameter>\n'),
    },
  ],
  check(site) {
    return [...projectTexts(site)].flatMap(([path, text]) => {
      const match = /<(?:\w+\.)*PlcForceTableEntry\b|<ForceData>|<ForceValue>|"forcedValue"\s*:/i.exec(text);
      if (match === null) return [];
      return [
        inFile(
          forceTable,
          path,
          text,
          { index: match.index, length: match[0].length },
          'This file holds forced values, which act past the program when the project is downloaded. Clear the force table before the project is saved.',
          path,
        ),
      ];
    });
  },
};

/** PL10: whatever the newest version does. */
export const libraryUnpinned: StateRule = {
  kind: 'state',
  code: 'PL10',
  name: 'lib-unpinned',
  severity: 'error',
  title: 'A safety library is taken in any version',
  rationale:
    'With "*" the next computer that opens the project takes the newest version that it has. What was validated is another block then.',
  reference: 'IEC 61508-3:2010, 6.2.3 (configuration management)',
  decision: 'configuration',
  flags: [
    {
      title: 'any version',
      files: machineWithFile(
        'line.plcproj',
        '<PlaceholderReference Include="PLCopen_Safety"><DefaultResolution>SafetyLib, * (Vendor)</DefaultResolution></PlaceholderReference>\n',
      ),
    },
  ],
  accepts: [
    {
      title: 'one version',
      files: machineWithFile(
        'line.plcproj',
        '<PlaceholderReference Include="PLCopen_Safety"><DefaultResolution>SafetyLib, 2.1.0 (Vendor)</DefaultResolution></PlaceholderReference>\n',
      ),
    },
    {
      title: 'a library for texts',
      files: machineWithFile(
        'line.plcproj',
        '<PlaceholderReference Include="Util"><DefaultResolution>Util, * (Vendor)</DefaultResolution></PlaceholderReference>\n',
      ),
    },
  ],
  check(site) {
    return [...projectTexts(site)].flatMap(([path, text]) =>
      libraryReferencesIn(text).flatMap(({ reference, isSafety, index, length }): Finding[] => {
        if (!/,\s*\*/.test(reference) || !isSafety) return [];
        return [
          inFile(
            libraryUnpinned,
            path,
            text,
            { index, length },
            `"${excerpt(reference)}" takes any version of a safety library. Write the version that was validated.`,
            `${path} ${reference}`,
          ),
        ];
      }),
    );
  },
};

/** DP15: nobody notices when the scan does not end. */
export const watchdogOff: ChangeRule = {
  kind: 'change',
  code: 'DP15',
  name: 'watchdog-off',
  severity: 'error',
  title: 'A watchdog was removed or given more time',
  rationale:
    'The watchdog stops the outputs when a task does not come to its end. Without it, or with a longer time, they keep their last value.',
  reference: 'Top 20 Secure PLC Coding Practices, 16; IEC 61508-2:2010, table A.10',
  decision: 'configuration',
  flags: [
    {
      title: 'a longer time',
      before: machineWithFile('line.L5X', '<Task Name="Main" Rate="10" Watchdog="50"/>\n'),
      files: machineWithFile('line.L5X', '<Task Name="Main" Rate="10" Watchdog="5000"/>\n'),
    },
    {
      title: 'switched off',
      before: machineWithFile(
        'main.TcTTO',
        '<Task><CycleTime>10000</CycleTime><WatchdogEnabled>true</WatchdogEnabled></Task>\n',
      ),
      files: machineWithFile(
        'main.TcTTO',
        '<Task><CycleTime>10000</CycleTime><WatchdogEnabled>false</WatchdogEnabled></Task>\n',
      ),
    },
    {
      title: 'taken out',
      before: machineWithFile('main.TcTTO', '<Task><Watchdog>20</Watchdog></Task>\n'),
      files: machineWithFile('main.TcTTO', '<Task></Task>\n'),
    },
  ],
  accepts: [
    {
      title: 'a shorter time',
      before: machineWithFile('line.L5X', '<Task Name="Main" Rate="10" Watchdog="50"/>\n'),
      files: machineWithFile('line.L5X', '<Task Name="Main" Rate="10" Watchdog="40"/>\n'),
    },
  ],
  check(change) {
    return changedTexts(change).flatMap(({ path, old, now }): Finding[] => {
      const [before, after] = [watchdogsOf(old), watchdogsOf(now)];
      const weaker = before.find((value, position) => isWeaker(value.text, after[position]?.text));
      if (weaker === undefined) return [];
      const place = after[before.indexOf(weaker)] ?? { index: 0, length: 0 };
      return [
        inFile(
          watchdogOff,
          path,
          now ?? '',
          place,
          `A watchdog was ${weaker.text} and is ${after[before.indexOf(weaker)]?.text ?? 'gone'}. Restore it; a task that needs more time needs a look at its reaction time.`,
          `${path} watchdog`,
        ),
      ];
    });
  },
};

function watchdogsOf(text: string | null): { text: string; index: number; length: number }[] {
  return [...(text ?? '').matchAll(/watch_?dog\w*\s*(?:=\s*"|:\s*"?|>)\s*([^"<,}\s]+)/gi)].map((match) => ({
    text: match[1] ?? '',
    index: match.index,
    length: match[0].length,
  }));
}

function isWeaker(before: string, after: string | undefined): boolean {
  if (after === undefined) return true;
  if (before === after) return false;
  if (/^(false|0|off|no)$/i.test(after)) return !/^(false|0|off|no)$/i.test(before);
  const [was, is] = [before, after].map((value) => Number.parseFloat(value.replace(/^T#/i, '')));
  return was !== undefined && is !== undefined && Number.isFinite(was) && Number.isFinite(is) ? is > was : false;
}
