/** Label selectors, as the API server reads them. */
import type { Field } from "../model/field";

/** Labels by key. */
export type Labels = Readonly<Record<string, string>>;

/** Labels of an object's metadata. @throws UnknownField */
export function labelsOf(metadata: Field): Labels {
  return Object.fromEntries(metadata.at("labels").entries.map(([key, value]) => [key, value.text ?? ""]));
}

/** Whether a selector picks something with these labels; one without demands picks all. @throws UnknownField */
export function selects(selector: Field, labels: Labels): boolean {
  const exact = selector.at("matchLabels").entries.every(([key, value]) => labels[key] === value.text);
  return exact && selector.at("matchExpressions").items.every((expression) => holds(expression, labels));
}

/** Whether a selector picks everything. @throws UnknownField */
export function selectsAll(selector: Field): boolean {
  return selector.at("matchLabels").keys.length === 0 && selector.at("matchExpressions").items.length === 0;
}

function holds(expression: Field, labels: Labels): boolean {
  const value = labels[expression.at("key").text ?? ""];
  const values = expression.at("values").texts;
  switch (expression.at("operator").text) {
    case "In":
      return value !== undefined && values.includes(value);
    case "NotIn":
      return value === undefined || !values.includes(value);
    case "Exists":
      return value !== undefined;
    case "DoesNotExist":
      return value === undefined;
    default:
      return false;
  }
}
