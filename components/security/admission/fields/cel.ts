/**
 * Renders the table of fields into CEL. At run time an object is a map, so its keys can be compared with those that are
 * allowed: a field that a later Kubernetes adds is refused until somebody decides on it. The API's type checker knows objects
 * as types, not as maps, so the table is laid over `dyn` values; that its names are the API's is a unit test.
 */
import { celList, celText } from "../rule";
import { boundText, type Bound, type Decision, type Fields, type Permitted } from "./decision";

/** An object that the table is laid over. */
export interface Place {
  /** CEL expression of the object, of type `dyn`. */
  readonly object: string;
  /** Its path, for the message; "" at the top. */
  readonly path: string;
  /** Pods also have what the API server and controllers add, and need not have what a Job must bring. */
  readonly pods: boolean;
}

const under = (path: string, name: string) => (path === "" ? name : `${path}.${name}`);

const permitted = (decision: Decision, pods: boolean): decision is Permitted =>
  decision.use === "allowed" || (pods && decision.use === "added");

function permittedFields(fields: Fields, pods: boolean): [string, Permitted][] {
  return Object.entries(fields).filter((entry): entry is [string, Permitted] => permitted(entry[1], pods));
}

/** Texts that are not empty, as one text. */
const joined = ([only, ...others]: readonly string[]): string =>
  only !== undefined && others.length === 0 ? only : `[${[only, ...others].join(", ")}].filter(s, s != '').join(', ')`;

/** A text about each object of a list, as one text. */
const ofEach = (list: string, item: string, text: string) =>
  `${list}.map(${item}, ${text}).filter(s, s != '').join(', ')`;

/** Renders what `own` says of each object of the table, and of those below it. */
function overObjects(
  fields: Fields,
  place: Place,
  own: (fields: Fields, place: Place) => string[],
  depth = 0,
): string[] {
  const { object, path, pods } = place;
  const deeper = permittedFields(fields, pods).flatMap(([name, { of, each }]) => {
    const child = `${object}.${name}`;
    if (of !== undefined) {
      const texts = overObjects(of, { object: child, path: under(path, name), pods }, own, depth);
      return texts.length === 0 ? [] : [`has(${child}) ? ${joined(texts)} : ''`];
    }
    if (each !== undefined) {
      const item = `f${depth}`;
      const texts = overObjects(each, { object: item, path: `${under(path, name)}[*]`, pods }, own, depth + 1);
      return texts.length === 0 ? [] : [`has(${child}) ? ${ofEach(child, item, joined(texts))} : ''`];
    }
    return [];
  });
  return [...own(fields, place), ...deeper.map((text) => `(${text})`)];
}

/** Expression of the paths of all fields that are not permitted, as one text; '' when there is none. */
export function unknownFields(table: Fields, place: Place): string {
  return joined(
    overObjects(table, place, (fields, { object, path, pods }) => {
      const names = permittedFields(fields, pods).map(([name]) => name);
      const prefix = path === "" ? "key" : `${celText(`${path}.`)} + key`;
      return [`${object}.filter(key, !(key in ${celList(names)})).map(key, ${prefix}).join(', ')`];
    }),
  );
}

/** Whether a field's content keeps its bound. */
function keeps(bound: Bound, field: string): string {
  switch (bound.kind) {
    case "oneOf":
      return `${field} in [${bound.values.map((one) => (typeof one === "string" ? celText(one) : one)).join(", ")}]`;
    case "range":
      return `${field} >= ${bound.min} && ${field} <= ${bound.max}`;
    case "text":
      return `size(${field}) <= ${bound.most}`;
    case "pattern":
      return `${field}.matches(${celText(bound.pattern)})`;
    case "items": {
      const few = `size(${field}) <= ${bound.most}`;
      return bound.text === undefined ? few : `${few} && ${field}.all(key, size(${field}[key]) <= ${bound.text})`;
    }
    case "keys":
      return `${field}.all(key, key in ${celList(bound.names)})`;
  }
}

/** Expression of what is wrong with the content of permitted fields, as one text; '' when nothing is. */
export function wrongValues(table: Fields, place: Place): string {
  return joined(
    overObjects(table, place, (fields, { object, path, pods }) =>
      permittedFields(fields, pods).flatMap(([name, { bound, required }]) => {
        const needed = required === true && !pods;
        if (bound === undefined && !needed) {
          return [];
        }
        const field = `${object}.${name}`;
        const content = bound === undefined ? "true" : keeps(bound, field);
        const holds = needed ? `has(${field}) && ${content}` : `!has(${field}) || ${content}`;
        const what = `${under(path, name)}: ${bound === undefined ? "must be set" : boundText(bound)}`;
        return [`((${holds}) ? '' : ${celText(needed && bound !== undefined ? `${what}, and must be set` : what)})`];
      }),
    ),
  );
}
