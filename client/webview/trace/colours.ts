/** Colours of the editor's theme, for a canvas: it knows no CSS variables. */
export interface Colours {
  readonly foreground: string;
  readonly dim: string;
  readonly background: string;
  readonly grid: string;
  /** Between two lanes. */
  readonly line: string;
  readonly wave: string;
  readonly fill: string;
  readonly other: string;
  readonly difference: string;
  readonly selected: string;
  readonly cursor: string;
  readonly second: string;
  readonly step: string;
  readonly fault: string;
  readonly power: string;
  readonly failure: string;
  /** Lines are drawn stronger and nothing depends on a faint colour. */
  readonly isHighContrast: boolean;
  readonly font: string;
}

export function coloursOf(body: HTMLElement): Colours {
  const style = getComputedStyle(body);
  const isHighContrast =
    body.classList.contains('vscode-high-contrast') || body.classList.contains('vscode-high-contrast-light');
  const colour = (names: readonly string[], otherwise: string): string => {
    for (const name of names) {
      const value = style.getPropertyValue(`--vscode-${name}`).trim();
      if (value !== '') return value;
    }
    return otherwise;
  };
  const foreground = colour(['editor-foreground', 'foreground'], '#333333');
  return {
    foreground,
    dim: isHighContrast ? foreground : colour(['descriptionForeground'], '#666666'),
    background: colour(['editor-background'], '#ffffff'),
    grid: isHighContrast ? foreground : colour(['editorIndentGuide-background1', 'panel-border'], '#cccccc'),
    line: colour(['panel-border', 'contrastBorder'], 'transparent'),
    wave: colour(isHighContrast ? ['charts-foreground', 'foreground'] : ['charts-blue'], '#3794ff'),
    fill: colour(['charts-blue'], '#3794ff'),
    other: colour(['charts-purple'], '#b180d7'),
    difference: colour(['charts-red', 'errorForeground'], '#f14c4c'),
    selected: colour(isHighContrast ? ['focusBorder', 'contrastActiveBorder'] : ['list-hoverBackground'], '#00000010'),
    cursor: colour(['focusBorder'], '#007fd4'),
    second: foreground,
    step: colour(['charts-green'], '#388a34'),
    fault: colour(['charts-yellow'], '#bf8803'),
    power: foreground,
    failure: colour(['errorForeground', 'charts-red'], '#e51400'),
    isHighContrast,
    font: style.fontFamily,
  };
}
