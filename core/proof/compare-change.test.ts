import { describe, expect, it } from 'vitest';
import { type MachineParts, machine } from '../safety/rules/example-machine.js';
import { changeOf } from '../safety/testing/site-of.js';
import { compareHazards } from './compare-change.js';

function relationOfMotor(before: MachineParts, after: MachineParts): string | undefined {
  const comparisons = compareHazards(changeOf(machine(before), machine(after)));
  return comparisons.find(({ id }) => id === 'hazard:Main.Motor')?.relation;
}

const TIMED: MachineParts = {
  variables: 'delay : TON; run : BOOL;',
  body: `delay(IN := Start_PB, PT := T#200ms);
IF delay.Q THEN run := TRUE; END_IF
IF NOT EStop_OK OR NOT Guard_Closed THEN run := FALSE; END_IF
Motor := run;`,
};

const SEQUENCE = {
  variables: 'st : (IDLE, STARTING, RUNNING);',
  body: `CASE st OF
  IDLE: IF Start_PB THEN st := STARTING; END_IF
  STARTING: st := RUNNING;
  RUNNING: IF NOT Start_PB THEN st := IDLE; END_IF
END_CASE
IF NOT EStop_OK OR NOT Guard_Closed THEN st := IDLE; END_IF
Motor := st = RUNNING;`,
};

const BY_INTERFACE: MachineParts = {
  variables: 'zone : Zone; any : IZone;',
  blocks:
    'INTERFACE IZone\nMETHOD Free : BOOL\nEND_METHOD\nEND_INTERFACE\nFUNCTION_BLOCK Zone IMPLEMENTS IZone\nVAR tripped : BOOL; END_VAR\nMETHOD Free : BOOL\nFree := NOT tripped;\nEND_METHOD\nEND_FUNCTION_BLOCK',
  body: 'zone(); any := zone; Motor := Start_PB AND any.Free() AND EStop_OK AND Guard_Closed;',
};

const withElse = (body: string): string => body.replace('END_CASE', 'ELSE st := IDLE;\nEND_CASE');

const HELD_BY_BLOCK: MachineParts = {
  variables: 'hold : Hold;',
  blocks:
    'FUNCTION_BLOCK Hold\nVAR_INPUT set : BOOL; clear : BOOL; END_VAR\nVAR_OUTPUT held : BOOL; END_VAR\nIF clear THEN held := FALSE; ELSIF set THEN held := TRUE; END_IF\nEND_FUNCTION_BLOCK',
  body: 'hold(set := Start_PB, clear := NOT EStop_OK);\nMotor := hold.held AND EStop_OK AND Guard_Closed;',
};

describe('harmless rewrites are equal', () => {
  const cases: Record<string, [MachineParts, MachineParts]> = {
    'a variable renamed': [
      TIMED,
      { ...TIMED, variables: 'delay : TON; running : BOOL;', body: TIMED.body?.replaceAll('run', 'running') ?? '' },
    ],
    'a timer renamed': [
      TIMED,
      {
        ...TIMED,
        variables: 'startDelay : TON; run : BOOL;',
        body: TIMED.body?.replaceAll('delay', 'startDelay') ?? '',
      },
    ],
    'an instance of a function block renamed': [
      HELD_BY_BLOCK,
      { ...HELD_BY_BLOCK, variables: 'keep : Hold;', body: HELD_BY_BLOCK.body?.replaceAll(/\bhold\b/g, 'keep') ?? '' },
    ],
    'the time of the process tuned': [TIMED, { ...TIMED, body: TIMED.body?.replace('T#200ms', 'T#300ms') ?? '' }],
    'a timer moved into a function block': [
      TIMED,
      {
        variables: 'starter : Starter; run : BOOL;',
        blocks:
          'FUNCTION_BLOCK Starter\nVAR_INPUT button : BOOL; END_VAR\nVAR_OUTPUT start : BOOL; END_VAR\nVAR delay : TON; END_VAR\ndelay(IN := button, PT := T#200ms);\nstart := delay.Q;\nEND_FUNCTION_BLOCK',
        body:
          TIMED.body
            ?.replace('delay(IN := Start_PB, PT := T#200ms);', 'starter(button := Start_PB);')
            .replace('delay.Q', 'starter.start') ?? '',
      },
    ],
    'a latch written as a bistable in which the reset wins': [
      {
        variables: 'run : BOOL; release : BOOL; edge : R_TRIG; resetEdge : R_TRIG; ready : BOOL;',
        body: `resetEdge(CLK := Reset_PB);
IF NOT EStop_OK OR NOT Guard_Closed THEN ready := FALSE; ELSIF resetEdge.Q THEN ready := TRUE; END_IF
release := ready AND EStop_OK AND Guard_Closed;
edge(CLK := Start_PB);
IF NOT release THEN run := FALSE; ELSIF edge.Q THEN run := TRUE; END_IF
Motor := run AND release;`,
      },
      {
        variables: 'run : BOOL; release : BOOL; edge : R_TRIG; resetEdge : R_TRIG; ready : BOOL; latch : RS;',
        body: `resetEdge(CLK := Reset_PB);
IF NOT EStop_OK OR NOT Guard_Closed THEN ready := FALSE; ELSIF resetEdge.Q THEN ready := TRUE; END_IF
release := ready AND EStop_OK AND Guard_Closed;
edge(CLK := Start_PB);
latch(SET := edge.Q, RESET1 := NOT release);
run := latch.Q1;
Motor := run AND release;`,
      },
    ],
    'IF turned round': [
      TIMED,
      {
        ...TIMED,
        body:
          TIMED.body?.replace(
            'IF NOT EStop_OK OR NOT Guard_Closed THEN run := FALSE; END_IF',
            'IF EStop_OK AND Guard_Closed THEN ; ELSE run := FALSE; END_IF',
          ) ?? '',
      },
    ],
    'an interface variable left out': [
      BY_INTERFACE,
      {
        ...BY_INTERFACE,
        variables: 'zone : Zone;',
        body: 'zone(); Motor := Start_PB AND zone.Free() AND EStop_OK AND Guard_Closed;',
      },
    ],
    'an ELSE that no state of the sequence reaches': [SEQUENCE, { ...SEQUENCE, body: withElse(SEQUENCE.body) }],
    'CASE instead of IF': [
      {
        variables: 'st : INT;',
        body: 'IF st = 1 THEN Motor := EStop_OK AND Guard_Closed; ELSE Motor := FALSE; END_IF IF Start_PB THEN st := 1; ELSE st := 0; END_IF',
      },
      {
        variables: 'st : INT;',
        body: 'CASE st OF 1: Motor := Guard_Closed AND EStop_OK; ELSE Motor := FALSE; END_CASE CASE Start_PB OF TRUE: st := 1; ELSE st := 0; END_CASE',
      },
    ],
  };
  for (const [name, [before, after]] of Object.entries(cases)) {
    it(name, () => {
      expect(relationOfMotor(before, after)).toBe('equal');
    });
  }
});

/** A stop button that is a member of a list of globals without an address. */
function panel(members: string, stop: string): MachineParts {
  return {
    variables: 'run : BOOL; edge : R_TRIG;',
    body: `edge(CLK := Start_PB);\nIF ${stop} OR NOT EStop_OK THEN run := FALSE; ELSIF edge.Q THEN run := TRUE; END_IF\nMotor := run AND EStop_OK AND Guard_Closed;`,
    files: { 'src/Panel.st': `{attribute 'qualified_only'}\nVAR_GLOBAL\n${members}\nEND_VAR\n` },
  };
}

describe('an input without an address that got another name', () => {
  const before = panel('Stop_PB : BOOL;\nLamp_Test : BOOL;', 'Panel.Stop_PB');
  it('is the same one where it stands in the same place among the same others', () => {
    expect(relationOfMotor(before, panel('Halt_PB : BOOL;\nLamp_Test : BOOL;', 'Panel.Halt_PB'))).toBe('equal');
  });

  it('is another one in another place, beside the old one, or of another sense', () => {
    expect(relationOfMotor(before, panel('Lamp_Test : BOOL;\nHalt_PB : BOOL;', 'Panel.Halt_PB'))).not.toBe('equal');
    expect(
      relationOfMotor(before, panel('Stop_PB : BOOL;\nLamp_Test : BOOL;\nHalt_PB : BOOL;', 'Panel.Halt_PB')),
    ).not.toBe('equal');
    expect(relationOfMotor(before, panel('Halt_PB : BOOL;\nLamp_Test : BOOL;', 'NOT Panel.Halt_PB'))).not.toBe('equal');
    expect(relationOfMotor(before, panel('Stop_PB : BOOL;\nLamp_Test : BOOL;', 'Panel.Lamp_Test'))).not.toBe('equal');
  });
});

describe('what a change weakens is seen', () => {
  it('in a time of the process that is another one altogether', () => {
    const other = { ...TIMED, body: TIMED.body?.replace('T#200ms', 'T#20s') ?? '' };
    expect(relationOfMotor(TIMED, other)).not.toBe('equal');
  });

  it('in a later scan: a latch that no longer holds', () => {
    const latched = {
      variables: 'trip : BOOL;',
      body: 'Motor := Start_PB AND NOT trip AND EStop_OK AND Guard_Closed; IF NOT EStop_OK THEN trip := TRUE; ELSIF Reset_PB THEN trip := FALSE; END_IF',
    };
    expect(relationOfMotor(latched, { ...latched, body: latched.body.replace('ELSIF Reset_PB', 'ELSIF TRUE') })).toBe(
      'weaker',
    );
  });

  it('in an initial value', () => {
    const armed = {
      variables: 'locked : BOOL := TRUE;',
      body: 'IF Reset_PB THEN locked := FALSE; END_IF Motor := Start_PB AND NOT locked AND EStop_OK AND Guard_Closed;',
    };
    expect(relationOfMotor(armed, { ...armed, variables: 'locked : BOOL := FALSE;' })).toBe('weaker');
  });

  it('in the initial value of an instance', () => {
    const stop: MachineParts = {
      variables: 'stop : Stop;',
      blocks:
        'FUNCTION_BLOCK Stop\nVAR_INPUT ok : BOOL; reset : BOOL; END_VAR\nVAR_OUTPUT free : BOOL; END_VAR\nVAR tripped : BOOL := TRUE; END_VAR\nIF NOT ok THEN tripped := TRUE; ELSIF reset THEN tripped := FALSE; END_IF\nfree := ok AND NOT tripped;\nEND_FUNCTION_BLOCK',
      body: 'stop(ok := EStop_OK AND Guard_Closed, reset := Reset_PB);\nMotor := Start_PB AND stop.free AND EStop_OK AND Guard_Closed;',
    };
    expect(relationOfMotor(stop, { ...stop, variables: 'stop : Stop := (tripped := FALSE);' })).toBe('weaker');
  });

  it('in a limit that no code writes', () => {
    const limited = {
      variables: 'speed AT %IW2 : INT; limit : INT := 100;',
      body: 'Motor := Start_PB AND EStop_OK AND Guard_Closed AND speed < limit;',
    };
    const comparisons = compareHazards(
      changeOf(machine(limited), machine({ ...limited, variables: 'speed AT %IW2 : INT; limit : INT := 500;' })),
    );
    expect(comparisons.filter(({ relation }) => relation !== 'equal').map(({ id }) => id)).toEqual([
      'parameter:Main.limit',
    ]);
  });

  it('when another channel is asked', () => {
    const channels = {
      variables: 'Guard_2 AT %IX0.5 : BOOL;',
      body: 'Motor := Start_PB AND EStop_OK AND Guard_Closed AND Guard_2;',
    };
    expect(
      relationOfMotor(channels, { ...channels, body: 'Motor := Start_PB AND EStop_OK AND Guard_2 AND Guard_2;' }),
    ).toBe('weaker');
  });

  it('when the byte around an output is written', () => {
    const interlock = 'Motor := Start_PB AND EStop_OK AND Guard_Closed;';
    expect(relationOfMotor({ body: interlock }, { body: `${interlock}\n%QB0 := 16#01;` })).toBe('weaker');
    expect(relationOfMotor({ body: interlock }, { body: `${interlock}\n%QB0 := 16#00;` })).toBe('stronger');
  });

  it('and a stronger change is told apart', () => {
    expect(
      relationOfMotor({}, { body: 'Motor := (Start_PB OR Motor) AND EStop_OK AND Guard_Closed AND NOT Reset_PB;' }),
    ).toBe('stronger');
  });
});
