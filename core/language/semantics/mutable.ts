/** A symbol while the binder still fills it in. Only passes before the checker may see this form. */
export type Mutable<T> = { -readonly [Key in keyof T]: T[Key] };
