import { expect, test } from 'vitest';
import { simulate } from '../test-support.js';

const DRIVE = `FUNCTION_BLOCK "Drive"
VAR_INPUT Speed : Int := 10; END_VAR
VAR Wait : TON; Locked : Bool; END_VAR
BEGIN
END_FUNCTION_BLOCK
`;

test('a variable of a data block starts with the value behind BEGIN', () => {
  const simulation = simulate(
    `DATA_BLOCK "Limits"
VAR Top : Int := 5; Bottom : Int := 7; END_VAR
BEGIN
  Top := 80;
END_DATA_BLOCK
ORGANIZATION_BLOCK "Main"
BEGIN
  ;
END_ORGANIZATION_BLOCK`,
    'siemens',
  );
  simulation.scan();
  expect([simulation.read('Limits.Top'), simulation.read('Limits.Bottom')]).toEqual([80, 7]);
});

test('so do the members of an instance, and the others keep those of their block', () => {
  const simulation = simulate(
    `${DRIVE}
DATA_BLOCK "Drive_DB" "Drive"
BEGIN
  Locked := TRUE;
END_DATA_BLOCK
ORGANIZATION_BLOCK "Main"
BEGIN
  "Drive_DB"();
END_ORGANIZATION_BLOCK`,
    'siemens',
  );
  simulation.scan();
  expect([simulation.read('Drive_DB.Locked'), simulation.read('Drive_DB.Speed')]).toEqual([true, 10]);
});
