/** PromQL as a syntax tree, by the parser that Prometheus' own web page uses. */
import { parser } from "@prometheus-io/lezer-promql";

type Cursor = ReturnType<ReturnType<typeof parser.parse>["cursor"]>;

/** A selection of series in an expression. */
export interface Selector {
  /** Name of the metric; "" when it is selected by labels alone. */
  readonly metric: string;
  /** Value of the matcher `job="…"`, where there is one. */
  readonly job?: string;
}

/** What an expression is made of. */
export interface ParsedPromQl {
  /** Places the parser could make nothing of, as `position: text`. */
  readonly errors: readonly string[];
  readonly selectors: readonly Selector[];
}

/** Parses an expression. */
export function parsePromQl(expression: string): ParsedPromQl {
  const errors: string[] = [];
  const selectors: Selector[] = [];
  parser.parse(expression).iterate({
    enter: ({ type, from, to, node }) => {
      const text = expression.slice(from, to);
      if (type.isError) {
        errors.push(`${from}: ${text || "something is missing"}`);
      }
      if (type.name === "VectorSelector") {
        selectors.push({ metric: metricOf(node.cursor(), expression), job: /\bjob="([^"]+)"/.exec(text)?.[1] });
      }
    },
  });
  return { errors, selectors };
}

function metricOf(cursor: Cursor, expression: string): string {
  const named = cursor.firstChild() && cursor.name === "Identifier";
  return named ? expression.slice(cursor.from, cursor.to) : "";
}
