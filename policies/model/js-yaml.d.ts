/** The part of js-yaml 4 that the pack uses. */
declare module "js-yaml" {
  /** State of the reader at an event. */
  export interface State {
    readonly position: number;
    readonly kind: string | null;
    readonly result: unknown;
  }

  export interface TypeOptions {
    readonly kind: "scalar" | "sequence" | "mapping";
    readonly multi?: boolean;
    resolve?(data: never): boolean;
    construct?(data: never, tag?: string): unknown;
  }

  export class Type {
    constructor(tag: string, options: TypeOptions);
  }

  export class Schema {
    extend(more: { readonly implicit?: readonly Type[]; readonly explicit?: readonly Type[] }): Schema;
  }

  export class YAMLException extends Error {
    readonly reason: string;
    readonly mark?: { readonly line: number; readonly column: number };
  }

  export interface LoadOptions {
    readonly schema?: Schema;
    /** Of a key that stands twice the later one counts. */
    readonly json?: boolean;
    readonly listener?: (event: "open" | "close", state: State) => void;
  }

  export const FAILSAFE_SCHEMA: Schema;
  export const types: Readonly<Record<"null" | "merge", Type>>;
  export function loadAll(text: string, iterator: null, options?: LoadOptions): unknown[];
}
