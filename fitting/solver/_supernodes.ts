import type { Frame, Scratch } from "../../pool/scratch.ts";
import type { AssemblyForest } from "./_amd_order.ts";
import { sortRange } from "./_sort_range.ts";
import type { SymmetricPattern } from "./_symmetric_pattern.ts";
import type { Work } from "../work.ts";

/**
 * Wider supernodes are cut into pieces of at most so many columns: a piece is
 * a block for the cache, and less of its square lies unused above the diagonal.
 */
export const MAX_WIDTH = 48;

/** More have no place in 32 bits. */
const MAX_ENTRIES = 0xffffffff;

/** Rows listed between two pauses. */
const ROWS_PER_PAUSE = 1 << 16;

/**
 * The factor by *panels*: runs of columns that share their rows, stored dense.
 * Panel `p` has the columns `[columnOffsets[p], columnOffsets[p + 1])` and as
 * many rows of their own, then the rows from `rows[rowStart[p]]` to before
 * `rows[rowEnd[p]]`; every row is contiguous. Panels are in order of elimination.
 */
export interface LdltPanels {
  /** `order[k]`: the unknown eliminated k-th. */
  readonly order: Uint32Array;
  /** The panel of each unknown. */
  readonly panelOf: Uint32Array;
  /** `panelCount + 1`. */
  readonly columnOffsets: Uint32Array;
  /** `panelCount + 1`: where the entries of a panel begin. */
  readonly entryOffsets: Uint32Array;
  /** Where the rows below a panel begin in {@linkcode LdltPanels.rows}. */
  readonly rowStart: Uint32Array;
  /** After the last of them. */
  readonly rowEnd: Uint32Array;
  /** Unknowns, each list in order of elimination; pieces of one supernode share theirs. */
  readonly rows: Uint32Array;
}

/**
 * Joins elements where that costs few zeros, numbers the unknowns in postorder
 * and lists the rows of every panel.
 *
 * Source: Ashcraft & Grimes 1989, "The Influence of Relaxed Supernode Partitions
 * on the Multifrontal Method"; Ng & Peyton 1993, "Block Sparse Cholesky
 * Algorithms on Advanced Uniprocessor Computers".
 *
 * @param scratch 32 bytes an unknown, less than the ordering needs.
 */
export function* buildSupernodes(
  pattern: SymmetricPattern,
  forest: AssemblyForest,
  out: Frame,
  scratch: Scratch,
): Work<LdltPanels> {
  const n = forest.sequence.length;
  using frame = scratch.frame("supernodes");
  const tree: SupernodeTree = {
    forest,
    top: frame.i32(n),
    columns: frame.i32(n),
    end: frame.i32(n),
    elementAt: frame.i32(n),
    rank: frame.u32(n),
    lastPanel: frame.i32(n),
  };
  joinElements(tree, frame);
  yield;
  placeSupernodes(tree, frame);
  const { panelCount, rowTotal } = countPanels(tree);
  const panels: LdltPanels = {
    order: out.u32(n),
    panelOf: out.u32(n),
    columnOffsets: out.u32(panelCount + 1),
    entryOffsets: out.u32(panelCount + 1),
    rowStart: out.u32(panelCount),
    rowEnd: out.u32(panelCount),
    rows: out.u32(rowTotal),
  };
  yield;
  numberUnknowns(tree, panels);
  yield;
  yield* listRows(pattern, tree, panels, frame);
  return panels;
}

/** Elements joined to supernodes, each by the name of its topmost element; entries of other unknowns mean nothing. */
interface SupernodeTree {
  readonly forest: AssemblyForest;
  /** The supernode of an element. */
  readonly top: Int32Array;
  /** How many columns a supernode has. */
  readonly columns: Int32Array;
  /** After its last column. */
  readonly end: Int32Array;
  /** The supernode whose first column this is. */
  readonly elementAt: Int32Array;
  /** When an unknown is eliminated. */
  readonly rank: Uint32Array;
  readonly lastPanel: Int32Array;
}

/** Entries on and below the diagonal of `columns` columns with `rows` rows below. */
function trapezoid(columns: number, rows: number): number {
  return columns * ((columns + 1) / 2 + rows);
}

/** The share of zeros a supernode of so many columns may have for being joined. */
function zerosAllowed(columns: number): number {
  return columns <= 4 ? 0.8 : columns <= 16 ? 0.3 : columns <= 48 ? 0.1 : 0.05;
}

function joinElements({ forest, top, columns }: SupernodeTree, scratch: Scratch): void {
  const { absorbedBy, pivotCount, rowCount, sequence } = forest;
  const n = sequence.length;
  using frame = scratch.frame("join");
  const filled = frame.f64(n); // entries that are not zeros
  let count = 0;
  for (; count < n && sequence[count] !== -1; count++) {
    const e = sequence[count];
    top[e] = e;
    columns[e] = pivotCount[e];
    filled[e] = trapezoid(pivotCount[e], rowCount[e]);
  }
  for (let k = 0; k < count; k++) {
    const e = sequence[k], parent = absorbedBy[e];
    if (parent === -1) continue;
    const together = columns[e] + columns[parent];
    const size = trapezoid(together, rowCount[parent]), full = filled[e] + filled[parent];
    if (size - full > zerosAllowed(together) * size) continue;
    top[e] = parent;
    columns[parent] = together;
    filled[parent] = full;
  }
  for (let k = count - 1; k >= 0; k--) top[sequence[k]] = top[top[sequence[k]]];
}

/** Gives every supernode its columns: a subtree has an interval, at its end the columns of its root. */
function placeSupernodes({ forest, top, columns, end, elementAt }: SupernodeTree, scratch: Scratch): void {
  const { absorbedBy, sequence } = forest;
  const n = sequence.length;
  using frame = scratch.frame("place");
  const subtree = frame.i32(n), free = frame.i32(n); // its columns; after those free for children
  let count = 0;
  for (; count < n && sequence[count] !== -1; count++) {
    const e = sequence[count];
    if (top[e] !== e) continue;
    subtree[e] += columns[e];
    if (absorbedBy[e] !== -1) subtree[top[absorbedBy[e]]] += subtree[e];
  }
  elementAt.fill(-1);
  let freeForRoots = n;
  for (let k = count - 1; k >= 0; k--) {
    const e = sequence[k];
    if (top[e] !== e) continue;
    if (absorbedBy[e] === -1) {
      end[e] = freeForRoots;
      freeForRoots -= subtree[e];
    } else {
      const parent = top[absorbedBy[e]];
      end[e] = free[parent];
      free[parent] -= subtree[e];
    }
    free[e] = end[e] - columns[e];
    elementAt[free[e]] = e;
  }
}

/** How many pieces a supernode is cut into. */
function piecesOf(columns: number): number {
  return Math.ceil(columns / MAX_WIDTH);
}

/** The first column of a piece, counted from the first of its supernode; pieces differ by one column at most. */
function pieceStart(columns: number, pieces: number, piece: number): number {
  return Math.floor(columns * piece / pieces);
}

function countPanels({ forest, columns, elementAt }: SupernodeTree): { panelCount: number; rowTotal: number } {
  let panelCount = 0, rowTotal = 0;
  for (let c = 0; c < elementAt.length;) {
    const e = elementAt[c], width = columns[e], pieces = piecesOf(width);
    panelCount += pieces;
    rowTotal += forest.rowCount[e] + width - pieceStart(width, pieces, 1);
    c += width;
  }
  return { panelCount, rowTotal };
}

/** Lists the unknowns of each supernode, ascending; counts `columns` down to 0. */
function numberUnknowns({ forest, top, columns, end, rank }: SupernodeTree, { order }: LdltPanels): void {
  const { absorbedBy, pivotCount } = forest;
  for (let v = 0; v < order.length; v++) {
    let e = v;
    while (pivotCount[e] === 0) {
      const joinedTo = absorbedBy[e];
      if (pivotCount[joinedTo] === 0) absorbedBy[e] = absorbedBy[joinedTo]; // halves the way for the next
      e = joinedTo;
    }
    const k = end[top[e]] - columns[top[e]]--;
    order[k] = v;
    rank[v] = k;
  }
}

/** What {@linkcode listRows} goes along with. */
interface RowListing {
  readonly pattern: SymmetricPattern;
  readonly tree: SupernodeTree;
  readonly panels: LdltPanels;
  /** 1 + the first column of the supernode that listed a row last. */
  readonly listedBy: Uint32Array;
  /** The children of a supernode that are done. */
  readonly firstChild: Int32Array;
  readonly nextChild: Int32Array;
  /** How many rows, panels and entries there are so far. */
  rowCount: number;
  panelCount: number;
  entryCount: number;
}

/** Lists the rows of all panels, as ranks, which sort; then as unknowns. */
function* listRows(
  pattern: SymmetricPattern,
  tree: SupernodeTree,
  panels: LdltPanels,
  scratch: Scratch,
): Work<void> {
  const { elementAt, end, lastPanel, forest, top } = tree, { order, columnOffsets, entryOffsets, rows } = panels;
  const n = order.length;
  using frame = scratch.frame("rows");
  const firstChild = frame.i32(n).fill(-1), nextChild = tree.columns; // which is free now
  const listing: RowListing = {
    pattern,
    tree,
    panels,
    listedBy: frame.u32(n),
    firstChild,
    nextChild,
    rowCount: 0,
    panelCount: 0,
    entryCount: 0,
  };
  let pausedAt = 0;
  for (let c = 0; c < n;) {
    const e = elementAt[c];
    listRowsOf(listing, e, c);
    lastPanel[e] = listing.panelCount - 1;
    if (forest.absorbedBy[e] !== -1) {
      const parent = top[forest.absorbedBy[e]];
      nextChild[e] = firstChild[parent];
      firstChild[parent] = e;
    }
    c = end[e];
    if (listing.rowCount - pausedAt < ROWS_PER_PAUSE) continue;
    pausedAt = listing.rowCount;
    yield;
  }
  const { rowCount, panelCount, entryCount } = listing;
  if (entryCount > MAX_ENTRIES) {
    throw new RangeError(
      `Cannot analyze the pattern as its factor must have <= ${MAX_ENTRIES} entries: it has ${entryCount}`,
    );
  }
  columnOffsets[panelCount] = n;
  entryOffsets[panelCount] = entryCount;
  for (let r = 0; r < rowCount; r++) rows[r] = order[rows[r]];
}

/** Lists the rows of supernode `e`: neighbours of its columns and rows of its children, as far as they come later. */
function listRowsOf(listing: RowListing, e: number, firstColumn: number): void {
  const { pattern: { ringOffsets, ringVertices }, listedBy, firstChild, nextChild } = listing;
  const { end, rank, lastPanel } = listing.tree, { order, rowStart, rowEnd, rows } = listing.panels;
  const endColumn = end[e], width = endColumn - firstColumn, mark = firstColumn + 1;
  const listStart = listing.rowCount;
  let to = listStart;
  for (let k = firstColumn + pieceStart(width, piecesOf(width), 1); k < endColumn; k++) rows[to++] = k;
  const below = to;
  for (let child = firstChild[e]; child !== -1; child = nextChild[child]) {
    const panel = lastPanel[child];
    for (let r = rowStart[panel], rEnd = rowEnd[panel]; r < rEnd; r++) {
      const row = rows[r];
      if (row < endColumn || listedBy[row] === mark) continue;
      listedBy[row] = mark;
      rows[to++] = row;
    }
  }
  for (let k = firstColumn; k < endColumn; k++) {
    const v = order[k];
    for (let r = ringOffsets[v], rEnd = ringOffsets[v + 1]; r < rEnd; r++) {
      const row = rank[ringVertices[r]];
      if (row < endColumn || listedBy[row] === mark) continue;
      listedBy[row] = mark;
      rows[to++] = row;
    }
  }
  sortRange(rows, below, to);
  listing.rowCount = to;
  cutIntoPanels(listing, firstColumn, width, listStart);
}

/** Makes the pieces of a supernode panels; the columns after a piece are the first of its rows. */
function cutIntoPanels(listing: RowListing, firstColumn: number, width: number, listStart: number): void {
  const { order, panelOf, columnOffsets, entryOffsets, rowStart, rowEnd } = listing.panels;
  const pieces = piecesOf(width), listed = firstColumn + pieceStart(width, pieces, 1);
  for (let piece = 0; piece < pieces; piece++) {
    const from = firstColumn + pieceStart(width, pieces, piece),
      to = firstColumn + pieceStart(width, pieces, piece + 1);
    const panel = listing.panelCount++;
    columnOffsets[panel] = from;
    entryOffsets[panel] = listing.entryCount;
    rowStart[panel] = listStart + to - listed;
    rowEnd[panel] = listing.rowCount;
    listing.entryCount += (to - from) * (to - from + rowEnd[panel] - rowStart[panel]);
    for (let k = from; k < to; k++) panelOf[order[k]] = panel;
  }
}
