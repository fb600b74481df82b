/**
 * A value somewhere inside an object, with its path. Objects come from anybody: fields may be missing, of a wrong type, or,
 * in a preview, not known yet. A policy reads them through this class and never meets an exception of its own making.
 */

/** Stands in a test's object for a value that nobody knows before the update. */
export const UNKNOWN: unique symbol = Symbol("unknown value");

/** What the engine writes where a value is not known yet: one text for each kind of value, fixed by its protocol. */
const UNKNOWN_ON_THE_WIRE: ReadonlySet<unknown> = new Set([
  "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7",
  "3eeb2bf0-c639-47a8-9e75-3b44932eb421",
  "04da6b54-80e4-46f7-96ec-b56ff0331ba9",
  "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2",
  "030794c1-ac77-496b-92df-f27374a8bd58",
  "e48ece36-62e2-4504-bad9-02848725956a",
  "dd056dcd-154b-4c76-9bd3-c8f88648b5ff",
]);

/** Thrown when a policy reads a value that is not known in this preview. Adapters report it; it is no fault. */
export class UnknownField extends Error {
  constructor(
    /** Where the value would stand, e.g. `spec.containers[0].image`. */
    readonly path: string,
  ) {
    super(`${path} is not known in this preview`);
  }
}

function isUnknown(value: unknown): boolean {
  return value === UNKNOWN || UNKNOWN_ON_THE_WIRE.has(value);
}

/** Reads a member; Pulumi's guard around an unknown one throws, which here is a value like any other. */
function member(parent: object, key: string | number): unknown {
  try {
    return (parent as Record<string | number, unknown>)[key];
  } catch (error) {
    if (error instanceof Error && "unknownTypeSentinel" in error) {
      return UNKNOWN;
    }
    throw error;
  }
}

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}

/** A value and where it stands. */
export class Field {
  constructor(
    private readonly raw: unknown,
    /** From the object's root, e.g. `spec.template.spec.containers[0].image`. */
    readonly path = "",
    private readonly parts?: ReadonlyMap<string | number, Field>,
  ) {}

  /** A map put together from fields that stand elsewhere and keep their paths. */
  static mapOf(parts: Readonly<Record<string, Field>>, path: string): Field {
    const raw = Object.fromEntries(Object.entries(parts).map(([key, field]) => [key, field.raw]));
    return new Field(raw, path, new Map(Object.entries(parts)));
  }

  /** A list of the same kind. */
  static listOf(parts: readonly Field[], path: string): Field {
    return new Field(
      parts.map((field) => field.raw),
      path,
      new Map(parts.map((field, index) => [index, field])),
    );
  }

  /** A field further down; a missing one is a field without value. */
  at(...keys: readonly (string | number)[]): Field {
    return keys.reduce((field: Field, key) => field.child(key), this);
  }

  private child(key: string | number): Field {
    if (isUnknown(this.raw)) {
      return this;
    }
    const part = this.parts?.get(key);
    if (part !== undefined) {
      return part;
    }
    const plain = typeof key === "number" ? `[${key}]` : /^[A-Za-z_]\w*$/.test(key) ? `.${key}` : `["${key}"]`;
    const path = this.path === "" ? plain.replace(/^\./, "") : this.path + plain;
    // Members of a list are numbered; `at("length")` on one would read the language, not the object.
    const reachable =
      isObject(this.raw) && (Array.isArray(this.raw) ? typeof key === "number" : Object.hasOwn(this.raw, key));
    return new Field(reachable ? member(this.raw as object, key) : undefined, path);
  }

  /**
   * The value as it is; undefined for null too, which Kubernetes takes for missing. Below it anything may be unknown.
   * @throws UnknownField
   */
  get value(): unknown {
    if (isUnknown(this.raw)) {
      throw new UnknownField(this.path);
    }
    return this.raw ?? undefined;
  }

  /** Whether the value is known, itself; not so what is below it. */
  get known(): boolean {
    return !isUnknown(this.raw);
  }

  /** Whether there is a value. @throws UnknownField */
  get present(): boolean {
    return this.value !== undefined;
  }

  /** The value when it is a text. @throws UnknownField */
  get text(): string | undefined {
    const { value } = this;
    return typeof value === "string" ? value : undefined;
  }

  /** The value when it is a number. @throws UnknownField */
  get number(): number | undefined {
    const { value } = this;
    return typeof value === "number" ? value : undefined;
  }

  /** Whether it is this value (of a plain type). @throws UnknownField */
  is(value: string | number | boolean): boolean {
    return this.value === value;
  }

  /** Members when it is a list, else none. @throws UnknownField */
  get items(): Field[] {
    const { value } = this;
    return Array.isArray(value) ? Array.from({ length: value.length }, (_, index) => this.child(index)) : [];
  }

  /** Keys when it is an object, else none. @throws UnknownField */
  get keys(): string[] {
    const { value } = this;
    return isObject(value) && !Array.isArray(value) ? Object.keys(value) : [];
  }

  /** Key and field of each member when it is an object, else none. @throws UnknownField */
  get entries(): [string, Field][] {
    return this.keys.map((key) => [key, this.child(key)]);
  }

  /** Texts of a list; members that are no text are left out. @throws UnknownField */
  get texts(): string[] {
    return this.items.map((item) => item.text).filter((text) => text !== undefined);
  }
}
