/** Lays the table of decisions over the fields of a Kubernetes version: which are decided, and which are not. */
import type { Decision, Fields } from "../../components/security/admission/fields/decision";
import type { ApiTypes } from "./apiFields";

/** One field of a Job. */
export interface DecidedField {
  /** Path from the Job, e.g. `spec.template.spec.containers[*].image`. */
  readonly path: string;
  /** Undefined: nobody has decided. */
  readonly decision: Decision | undefined;
  /** The field is refused with the one above it. */
  readonly below?: true;
}

const baseType = (type: string) => type.replace(/^(\[\]|\{\})+/, "");

/** Whether a decision allows something in the field; what is below a field without further fields is its own content. */
function below(decision: Decision | undefined): Fields | undefined {
  return decision === undefined || decision.use === "refused" ? undefined : (decision.of ?? decision.each);
}

/**
 * Every field that a Job can have, with what is decided on it. A refused field takes everything below it along. A field of
 * an object whose parent is allowed without further decisions is not decided.
 * @param types fields by type, from a Kubernetes version
 * @param table decisions on a Job
 */
export function decidedFields(types: ApiTypes, table: Fields): DecidedField[] {
  const visit = (type: string, fields: Fields | undefined, path: string, refused: boolean): DecidedField[] =>
    Object.entries(types[type] ?? {}).flatMap(([name, fieldType]) => {
      const decision = fields?.[name];
      const isList = fieldType.startsWith("[]");
      const own = path === "" ? name : `${path}.${name}`;
      const field = refused ? { path: own, decision: undefined, below: true as const } : { path: own, decision };
      const deeper = types[baseType(fieldType)] !== undefined;
      const closed = refused || decision?.use === "refused";
      const whole = decision !== undefined && decision.use !== "refused" && WHOLE.has(own);
      return [
        field,
        ...(deeper && !whole ? visit(baseType(fieldType), below(decision), isList ? `${own}[*]` : own, closed) : []),
      ];
    });
  return visit("Job", table, "", false);
}

/** Objects that the API server alone writes: what is in them is not the submitter's, so their fields need no decision. */
const WHOLE = new Set(["metadata.managedFields", "status"]);

/** Fields nobody has decided. */
export function undecided(fields: readonly DecidedField[]): string[] {
  return fields
    .filter(({ decision, below: under }) => decision === undefined && under !== true)
    .map(({ path }) => path);
}

/** Decisions on fields that none of these versions has: leftovers of a removed field, or a misspelt name. */
export function unknownDecisions(versions: readonly ApiTypes[], table: Fields): string[] {
  const visit = (type: string, fields: Fields, path: string): string[] =>
    Object.entries(fields).flatMap(([name, decision]) => {
      const types = versions.map((of) => of[type]?.[name]).filter((one) => one !== undefined);
      const next = below(decision);
      const own = path === "" ? name : `${path}.${name}`;
      return types.length === 0 ? [own] : next === undefined ? [] : visit(baseType(types[0]), next, own);
    });
  return visit("Job", table, "");
}

/** How many fields are decided how. */
export interface FieldCount {
  readonly allowed: number;
  readonly added: number;
  readonly refused: number;
  /** Refused with a field above them. */
  readonly below: number;
  readonly undecided: number;
}

/** Counts the decisions. */
export function countFields(fields: readonly DecidedField[]): FieldCount {
  const used = (use: Decision["use"]) => fields.filter(({ decision }) => decision?.use === use).length;
  return {
    allowed: used("allowed"),
    added: used("added"),
    refused: used("refused"),
    below: fields.filter((field) => field.below === true).length,
    undecided: undecided(fields).length,
  };
}
