/** Where a command writes: results to stdout, everything else to stderr. Passed in, so that commands can be tested. */

export interface Terminal {
  /** One line, or one JSON document, on stdout. */
  result(text: string): void;
  /** One line on stderr. */
  log(text: string): void;
  /** Progress on stderr: a bar that is rewritten on a terminal, a line at most every tenth elsewhere, none when quiet. */
  progress(fraction: number, message: string): void;
  /** Removes what `progress` left on a terminal. */
  endProgress(): void;
  readonly colors: Colors;
}

export type Color = 'red' | 'yellow' | 'green' | 'blue' | 'gray' | 'bold';
export type Colors = (color: Color, text: string) => string;

const CODES: Readonly<Record<Color, string>> = {
  red: '31',
  yellow: '33',
  green: '32',
  blue: '36',
  gray: '90',
  bold: '1',
};

const plain: Colors = (_color, text) => text;
const ansi: Colors = (color, text) => `\u001b[${CODES[color]}m${text}\u001b[0m`;

export interface TerminalOptions {
  readonly isQuiet: boolean;
  readonly wantsColor: boolean;
}

/** The terminal of this process. Colours only on a terminal and never with NO_COLOR or --no-color. */
export function processTerminal(options: TerminalOptions): Terminal {
  const interactive = process.stderr.isTTY === true;
  const colorful = options.wantsColor && process.stdout.isTTY === true && (process.env['NO_COLOR'] ?? '') === '';
  let barShown = false;
  let lastTenth = -1;
  const endProgress = (): void => {
    if (barShown) process.stderr.write('\r\u001b[K');
    barShown = false;
  };
  return {
    colors: colorful ? ansi : plain,
    result: (text) => {
      endProgress();
      process.stdout.write(`${text}\n`);
    },
    log: (text) => {
      if (options.isQuiet) return;
      endProgress();
      process.stderr.write(`${text}\n`);
    },
    progress: (fraction, message) => {
      if (options.isQuiet) return;
      const percent = Math.round(Math.max(0, Math.min(1, fraction)) * 100);
      if (interactive) {
        const filled = Math.round(percent / 5);
        process.stderr.write(
          `\r\u001b[K[${'#'.repeat(filled)}${'.'.repeat(20 - filled)}] ${percent}% ${message}`.slice(0, 160),
        );
        barShown = true;
        return;
      }
      const tenth = Math.floor(percent / 10);
      if (tenth === lastTenth) return;
      lastTenth = tenth;
      process.stderr.write(`${percent}% ${message}\n`);
    },
    endProgress,
  };
}

/** Rows as aligned columns; the first row is the header. */
export function table(rows: readonly (readonly string[])[], colors: Colors): string {
  const widths: number[] = [];
  for (const row of rows)
    for (const [column, cell] of row.entries()) widths[column] = Math.max(widths[column] ?? 0, cell.length);
  return rows
    .map((row, index) => {
      const line = row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd();
      return index === 0 ? colors('bold', line) : line;
    })
    .join('\n');
}
