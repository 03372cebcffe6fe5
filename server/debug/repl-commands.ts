/** What a person may type into the debug console beside ST expressions. */

export type ReplCommand =
  | { readonly kind: 'set' | 'force'; readonly path: string; readonly value: string }
  | { readonly kind: 'release'; readonly path: string }
  | { readonly kind: 'scan'; readonly scan: number }
  | { readonly kind: 'power'; readonly start: 'cold' | 'warm' }
  | { readonly kind: 'help'; readonly text: string }
  | { readonly kind: 'problem'; readonly problem: string };

const HELP = [
  'x AND y.Q             the value of an ST expression',
  'x := 5                set a variable',
  '/force x := TRUE      hold a variable at a value',
  '/release x            let it go',
  '/scan 12              go to a scan, back or ahead',
  '/power cold           power cycle: cold or warm',
].join('\n');

/** Reads a command; null: the text is an expression. */
export function readCommand(text: string): ReplCommand | null {
  const line = text.trim().replace(/;$/, '').trim();
  if (line.startsWith('/')) return slashCommand(line.slice(1));
  const at = line.indexOf(':=');
  if (at < 0 || isInCall(line, at)) return null;
  return { kind: 'set', path: line.slice(0, at).trim(), value: line.slice(at + 2).trim() };
}

/** `f(x := 1)` sets a parameter, not a variable. */
function isInCall(line: string, at: number): boolean {
  return line.slice(0, at).includes('(');
}

function slashCommand(line: string): ReplCommand {
  const [word = '', ...rest] = line.split(/\s+/);
  const operand = rest.join(' ');
  switch (word.toLowerCase()) {
    case 'force': {
      const match = /^(\S+?)\s*(?::=|=|\s)\s*(.+)$/.exec(operand);
      if (match === null) return { kind: 'problem', problem: 'write /force variable := value' };
      return { kind: 'force', path: match[1] ?? '', value: match[2] ?? '' };
    }
    case 'release':
      return operand === ''
        ? { kind: 'problem', problem: 'write /release variable' }
        : { kind: 'release', path: operand };
    case 'scan':
      return /^\d+$/.test(operand)
        ? { kind: 'scan', scan: Number(operand) }
        : { kind: 'problem', problem: 'write /scan and a number from 0' };
    case 'power':
      return operand === 'cold' || operand === 'warm'
        ? { kind: 'power', start: operand }
        : { kind: 'problem', problem: 'write /power cold or /power warm' };
    case 'help':
      return { kind: 'help', text: HELP };
    default:
      return { kind: 'problem', problem: `there is no command /${word}; /help lists them` };
  }
}
