/** What the suite asks of the window. Selectors are Playwright's. */
export type BridgeRequest =
  | { readonly action: 'press'; readonly key: string }
  | { readonly action: 'type'; readonly text: string }
  | { readonly action: 'click'; readonly selector: string }
  | {
      readonly action: 'wait';
      readonly selector: string;
      readonly state: 'visible' | 'hidden';
      readonly milliseconds: number;
    }
  | { readonly action: 'texts'; readonly selector: string }
  | { readonly action: 'frame-texts'; readonly selector: string }
  | { readonly action: 'frame-press'; readonly selector: string; readonly key: string }
  /** A click inside of a webview; without `x` and `y` into the middle. `count` 2: a double click. */
  | {
      readonly action: 'frame-click';
      readonly selector: string;
      readonly x: number | null;
      readonly y: number | null;
      readonly modifier: 'Shift' | null;
      readonly count: 1 | 2;
    }
  /** What CSS puts behind elements: decorations of an editor are such text. */
  | { readonly action: 'texts-behind'; readonly selector: string }
  | { readonly action: 'screenshot'; readonly name: string };
