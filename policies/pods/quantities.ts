/** Quantities of resources, as Kubernetes writes them. */
import type { Field } from "../model/field";

/** Cores of a CPU quantity (`8`, `"1500m"`, `0.5`); undefined when it is none. @throws UnknownField */
export function coresOf(quantity: Field): number | undefined {
  const parts = /^(?<number>\d+(?:\.\d+)?)(?<unit>m?)$/.exec(String(quantity.value ?? ""))?.groups;
  return parts && Number(parts.number) / (parts.unit === "m" ? 1000 : 1);
}
