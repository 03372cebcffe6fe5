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
  | { readonly action: 'screenshot'; readonly name: string };
