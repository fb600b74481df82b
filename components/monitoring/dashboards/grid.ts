/** Where panels stand on Grafana's grid of 24 columns. */

/** Columns of the grid. */
export const COLUMNS = 24;

/** Size of a panel: width in columns, height in grid units of some 30 pixels. */
export interface Size {
  readonly width: number;
  readonly height: number;
}

/** Where a panel stands, as Grafana writes it. */
export interface Position {
  readonly x: number;
  readonly y: number;
  readonly w: number;
  readonly h: number;
}

/**
 * Places panels from left to right, in as many lines as they need; none overlap and each line is as high as its highest.
 * @param top first free line
 * @returns the positions in order, and the first line below all of them
 * @throws Error when a panel is wider than the grid, or has no size
 */
export function placeOnGrid(sizes: readonly Size[], top: number): { positions: Position[]; bottom: number } {
  const positions: Position[] = [];
  let [x, y, lineHeight] = [0, top, 0];
  for (const { width, height } of sizes) {
    if (width < 1 || width > COLUMNS || height < 1) {
      throw new Error(
        `a panel of ${width} × ${height} has no place on the grid: 1 to ${COLUMNS} columns, 1 line or more`,
      );
    }
    if (x + width > COLUMNS) {
      [x, y, lineHeight] = [0, y + lineHeight, 0];
    }
    positions.push({ x, y, w: width, h: height });
    x += width;
    lineHeight = Math.max(lineHeight, height);
  }
  return { positions, bottom: y + lineHeight };
}
