import type { Recipe } from './recipe.js';
import { safetyInterlock } from './safety-interlock/safety-interlock.js';

/** The recipes that ship, by name. */
export const RECIPES: readonly Recipe[] = [safetyInterlock];

/** The recipe that a migration names; null when there is none of that name. */
export function recipeNamed(name: string): Recipe | null {
  return RECIPES.find((recipe) => recipe.name === name) ?? null;
}
