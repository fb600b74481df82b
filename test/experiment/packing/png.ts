/** Pictures as PNG, for pages and slides that take no SVG. */
import { Resvg } from "@resvg/resvg-js";

/** Pixels for each unit of the SVG. */
const ZOOM = 2;

/** Draws an SVG by day, with a sans-serif font of this machine. */
export function png(svg: string): Buffer {
  // resvg knows no colour scheme of a reader.
  const day = svg.replace(/@media \(prefers-color-scheme: dark\) \{[\s\S]*?\n {2}\}/, "");
  const font = { loadSystemFonts: true, sansSerifFamily: "DejaVu Sans", defaultFontFamily: "DejaVu Sans" };
  return new Resvg(day, { font, fitTo: { mode: "zoom", value: ZOOM } }).render().asPng();
}
