import type { Scratch } from "../../pool/scratch.ts";
import type { SymmetricPattern } from "./_symmetric_pattern.ts";
import type { Work } from "../work.ts";

/** A row with more neighbours than this many roots of the matrix size is a hub, and goes last. */
const HUB_FACTOR = 10;

/** No row with so few neighbours is a hub. */
const HUB_MIN = 16;

/** Flags start anew above this; they grow by less than 2^30 between two looks. */
const FLAG_LIMIT = 0x3fffffff;

/** Eliminations between two pauses. */
const PIVOTS_PER_PAUSE = 1024;

/**
 * What an ordering leaves behind: a forest of *elements*, sets of unknowns that
 * are eliminated together. All arrays have an entry per unknown; an element goes
 * by the name of one of its unknowns.
 */
export interface AssemblyForest {
  /** The element an element was absorbed by; for another unknown, one it was joined to; -1 at a root. */
  readonly absorbedBy: Int32Array;
  /** How many unknowns an element eliminates; 0 for an unknown that is none. */
  readonly pivotCount: Int32Array;
  /** How many later unknowns the rows of an element reach; the most there can be where there are hubs. */
  readonly rowCount: Int32Array;
  /** The elements in the order of elimination: children before parents; then -1. */
  readonly sequence: Int32Array;
}

/** Bytes {@linkcode amdOrder} leases from scratch. */
export function amdOrderBytes(unknownCount: number, entryCount: number): number {
  return 4 * (8 * unknownCount + capacityFor(unknownCount, entryCount));
}

/** Lists never need more than the matrix did, plus the one being made; the rest saves clearing up. */
function capacityFor(unknownCount: number, entryCount: number): number {
  return unknownCount + entryCount + Math.floor(entryCount / 5);
}

/**
 * Orders the unknowns of a symmetric matrix so that its factor stays sparse.
 *
 * Source: Amestoy, Davis & Duff 1996, "An Approximate Minimum Degree Ordering
 * Algorithm": quotient graph, element absorption (also aggressive), approximate
 * external degrees, mass elimination, indistinguishable unknowns found by hash.
 * Ours: room for a new element is made before it is begun, hubs go last.
 */
export function* amdOrder(pattern: SymmetricPattern, forest: AssemblyForest, scratch: Scratch): Work<void> {
  const { ringOffsets, ringVertices } = pattern;
  const n = ringOffsets.length - 1;
  using frame = scratch.frame("minimum degree");
  const graph: QuotientGraph = {
    forest,
    lists: frame.i32(capacityFor(n, ringVertices.length)),
    start: frame.i32(n),
    length: frame.i32(n),
    elementLength: frame.i32(n),
    flag: frame.i32(n),
    next: frame.i32(n),
    last: frame.i32(n),
    head: frame.i32(n),
    hashHead: frame.i32(n),
    end: 0,
    minDegree: 0,
    mark: 2,
    maxElement: 0,
    eliminated: 0,
    elementCount: 0,
    target: n,
    from: 0,
    to: 0,
    listed: 0,
    pivots: 0,
  };
  fillGraph(graph, pattern);
  const hubCount = n - graph.target;
  yield;
  while (graph.eliminated < graph.target) {
    eliminateNext(graph);
    if (graph.elementCount % PIVOTS_PER_PAUSE === 0) yield;
  }
  forest.sequence.fill(-1, graph.elementCount);
  if (hubCount > 0) addHubs(graph, hubCount);
}

/**
 * The matrix during elimination. The list of an unknown names elements first,
 * then unknowns; the list of an element names unknowns. A list of length 0 is
 * dead. `forest.pivotCount` holds how many unknowns one stands for: 0 when it
 * was joined to another, negative while it lies in the element being made.
 */
interface QuotientGraph {
  readonly forest: AssemblyForest;
  readonly lists: Int32Array;
  readonly start: Int32Array;
  readonly length: Int32Array;
  /** How many elements stand at the front of the list of an unknown. */
  readonly elementLength: Int32Array;
  /** 0 for a dead element; else compared with {@linkcode QuotientGraph.mark}. */
  readonly flag: Int32Array;
  /** Doubly linked lists of unknowns by degree; chains of equal hash while in an element. */
  readonly next: Int32Array;
  readonly last: Int32Array;
  readonly head: Int32Array;
  readonly hashHead: Int32Array;
  /** Where free room begins in `lists`. */
  end: number;
  minDegree: number;
  mark: number;
  /** The largest element so far, in unknowns. */
  maxElement: number;
  eliminated: number;
  elementCount: number;
  /** How many unknowns are to be eliminated; hubs are left. */
  target: number;
  /** The element being made: `lists[from ... to)`. */
  from: number;
  to: number;
  /** How many unknowns it lists. */
  listed: number;
  /** How many it eliminates. */
  pivots: number;
}

function fillGraph(graph: QuotientGraph, { ringOffsets, ringVertices }: SymmetricPattern): void {
  const { forest, lists, start, length, flag, next, last, head, hashHead } = graph;
  const { absorbedBy, pivotCount, rowCount } = forest;
  const n = start.length;
  const limit = Math.max(HUB_MIN, HUB_FACTOR * Math.sqrt(n));
  absorbedBy.fill(-1);
  head.fill(-1);
  last.fill(-1);
  next.fill(-1);
  hashHead.fill(-1);
  flag.fill(1);
  for (let i = 0; i < n; i++) {
    const isHub = ringOffsets[i + 1] - ringOffsets[i] > limit;
    pivotCount[i] = isHub ? 0 : 1;
    if (isHub) graph.target--;
  }
  let end = 0;
  for (let i = 0; i < n; i++) {
    if (pivotCount[i] === 0) continue;
    start[i] = end;
    for (let r = ringOffsets[i]; r < ringOffsets[i + 1]; r++) {
      if (pivotCount[ringVertices[r]] !== 0) lists[end++] = ringVertices[r];
    }
    const degree = end - start[i];
    length[i] = rowCount[i] = degree;
    const old = head[degree];
    next[i] = old;
    if (old !== -1) last[old] = i;
    head[degree] = i;
  }
  graph.end = end;
}

/**
 * Eliminates one element. The phases are those of the paper's algorithm 2; each
 * is a function of its own, so that all are compiled early: as one long loop
 * over pivots, the first call of a process took twice as long.
 */
function eliminateNext(graph: QuotientGraph): void {
  const me = takeLeast(graph);
  makeElement(graph, me);
  measureOverlaps(graph);
  updateDegrees(graph, me);
  joinIndistinguishable(graph);
  finishElement(graph, me);
}

/** Takes an unknown of least approximate degree off its list. */
function takeLeast(graph: QuotientGraph): number {
  const { next, last, head } = graph;
  let degree = graph.minDegree;
  while (head[degree] === -1) degree++;
  graph.minDegree = degree;
  const me = head[degree], behind = next[me];
  if (behind !== -1) last[behind] = -1;
  head[degree] = behind;
  return me;
}

/** Lists all unknowns `me` is linked to, directly or through older elements, which it absorbs. */
function makeElement(graph: QuotientGraph, me: number): void {
  const { forest: { absorbedBy, pivotCount }, lists, start, length, elementLength, flag } = graph;
  const elements = elementLength[me], pivots = pivotCount[me];
  graph.eliminated += pivots;
  graph.pivots = pivots;
  graph.listed = 0;
  pivotCount[me] = -pivots;
  if (elements === 0) { // in place
    graph.from = graph.to = start[me];
    listLinked(graph, start[me], start[me] + length[me]);
    return;
  }
  let room = length[me] - elements;
  for (let p = start[me], pEnd = p + elements; p < pEnd; p++) room += length[lists[p]];
  if (graph.end + Math.min(room, start.length - graph.eliminated) > lists.length) compact(graph);
  const first = start[me];
  graph.from = graph.to = graph.end;
  for (let p = first, pEnd = p + elements; p < pEnd; p++) {
    const e = lists[p];
    listLinked(graph, start[e], start[e] + length[e]);
    absorbedBy[e] = me;
    flag[e] = 0;
    length[e] = 0;
  }
  listLinked(graph, first + elements, first + length[me]);
  start[me] = graph.from;
}

/** Adds the unknowns of `lists[p ... pEnd)` to the element being made, each once, and takes them off the lists by degree. */
function listLinked(graph: QuotientGraph, p: number, pEnd: number): void {
  const { forest: { pivotCount, rowCount }, lists, next, last, head } = graph;
  let to = graph.to, listed = graph.listed;
  for (; p < pEnd; p++) {
    const i = lists[p], weight = pivotCount[i];
    if (weight <= 0) continue;
    listed += weight;
    pivotCount[i] = -weight;
    lists[to++] = i;
    const before = last[i], behind = next[i];
    if (behind !== -1) last[behind] = before;
    if (before !== -1) next[before] = behind;
    else head[rowCount[i]] = behind;
  }
  graph.to = to;
  graph.listed = listed;
}

/** Counts how much of every neighbouring element lies outside the new one: `flag[e] - mark`. */
function measureOverlaps(graph: QuotientGraph): void {
  const { forest: { pivotCount, rowCount }, lists, start, elementLength, flag } = graph;
  if (graph.mark > FLAG_LIMIT - 2 * start.length) resetFlags(graph);
  const mark = graph.mark;
  for (let q = graph.from, qEnd = graph.to; q < qEnd; q++) {
    const i = lists[q], weight = -pivotCount[i], base = mark - weight;
    for (let p = start[i], pEnd = p + elementLength[i]; p < pEnd; p++) {
      const e = lists[p], seen = flag[e];
      if (seen >= mark) flag[e] = seen - weight;
      else if (seen !== 0) flag[e] = rowCount[e] + base;
    }
  }
}

function resetFlags(graph: QuotientGraph): void {
  const { flag } = graph;
  for (let i = 0; i < flag.length; i++) if (flag[i] !== 0) flag[i] = 1;
  graph.mark = 2;
}

/** Prunes the lists of the new element's unknowns, finds their degrees and hashes; eliminates those linked to nothing else. */
function updateDegrees(graph: QuotientGraph, me: number): void {
  const { forest: { absorbedBy, pivotCount, rowCount } } = graph;
  const { lists, start, length, elementLength, flag, next, last, hashHead } = graph;
  const n = start.length, mark = graph.mark;
  for (let q = graph.from, qEnd = graph.to; q < qEnd; q++) {
    const i = lists[q], first = start[i];
    const elementsEnd = first + elementLength[i], listEnd = first + length[i];
    let to = first, hash = 0, degree = 0;
    for (let p = first; p < elementsEnd; p++) {
      const e = lists[p], seen = flag[e];
      if (seen === 0) continue;
      const outside = seen - mark;
      if (outside > 0) {
        degree += outside;
        lists[to++] = e;
        hash = hash + e | 0;
      } else { // nothing: absorbed, although not linked (aggressive absorption)
        absorbedBy[e] = me;
        flag[e] = 0;
        length[e] = 0;
      }
    }
    const kept = to - first, unknownsStart = to;
    for (let p = elementsEnd; p < listEnd; p++) {
      const j = lists[p], weight = pivotCount[j];
      if (weight <= 0) continue;
      degree += weight;
      lists[to++] = j;
      hash = hash + j | 0;
    }
    if (degree === 0) { // eliminated with this element (mass elimination)
      const weight = -pivotCount[i];
      absorbedBy[i] = me;
      pivotCount[i] = 0;
      length[i] = 0;
      graph.listed -= weight;
      graph.pivots += weight;
      graph.eliminated += weight;
      continue;
    }
    if (degree < rowCount[i]) rowCount[i] = degree;
    lists[to] = lists[unknownsStart]; // at least one entry was pruned, so there is room
    lists[unknownsStart] = me;
    elementLength[i] = kept + 1;
    length[i] = to - first + 1;
    const bucket = (hash & 0x7fffffff) % n;
    next[i] = hashHead[bucket];
    hashHead[bucket] = i;
    last[i] = bucket;
  }
  rowCount[me] = graph.listed;
  graph.maxElement = Math.max(graph.maxElement, graph.listed);
  graph.mark = mark + graph.maxElement; // above every flag
}

/** Joins the new element's unknowns that have the same lists, among those of the same hash. */
function joinIndistinguishable(graph: QuotientGraph): void {
  const { forest: { pivotCount }, lists, start, length, flag, next, last, hashHead } = graph;
  for (let q = graph.from, qEnd = graph.to; q < qEnd; q++) {
    if (pivotCount[lists[q]] === 0) continue;
    const bucket = last[lists[q]];
    let i = hashHead[bucket];
    if (i === -1) continue;
    hashHead[bucket] = -1;
    for (; i !== -1 && next[i] !== -1; i = next[i]) {
      const mark = ++graph.mark;
      for (let p = start[i], pEnd = p + length[i]; p < pEnd; p++) flag[lists[p]] = mark;
      joinEqual(graph, i, mark);
    }
  }
  graph.mark++;
}

/** Joins to `i`, whose list is flagged, those behind it in its chain that have the same. */
function joinEqual(graph: QuotientGraph, i: number, mark: number): void {
  const { forest: { absorbedBy, pivotCount }, lists, start, length, elementLength, flag, next } = graph;
  const size = length[i], elements = elementLength[i];
  for (let previous = i, j = next[i]; j !== -1; j = next[j]) {
    let isSame = length[j] === size && elementLength[j] === elements;
    for (let p = start[j], pEnd = p + size; isSame && p < pEnd; p++) isSame = flag[lists[p]] === mark;
    if (!isSame) {
      previous = j;
      continue;
    }
    absorbedBy[j] = i;
    pivotCount[i] += pivotCount[j];
    pivotCount[j] = 0;
    length[j] = 0;
    next[previous] = next[j];
  }
}

/** Closes the new element; its unknowns go back to the lists of their degrees, the first on top. */
function finishElement(graph: QuotientGraph, me: number): void {
  const { forest: { pivotCount, rowCount, sequence }, lists, length, elementLength, flag, next, last, head } = graph;
  const { from, listed } = graph, left = graph.target - graph.eliminated;
  let to = from;
  for (let q = from, qEnd = graph.to; q < qEnd; q++) if (pivotCount[lists[q]] !== 0) lists[to++] = lists[q];
  for (let q = to - 1; q >= from; q--) {
    const i = lists[q], weight = -pivotCount[i];
    const degree = Math.min(rowCount[i] + listed - weight, left - weight), behind = head[degree];
    pivotCount[i] = weight;
    rowCount[i] = degree;
    next[i] = behind;
    last[i] = -1;
    if (behind !== -1) last[behind] = i;
    head[degree] = i;
    if (degree < graph.minDegree) graph.minDegree = degree;
  }
  pivotCount[me] = graph.pivots;
  length[me] = to - from;
  if (to === from) flag[me] = 0;
  if (elementLength[me] > 0) graph.end = to;
  sequence[graph.elementCount++] = me;
}

/** Moves living lists together; the first entry of each gives its place to the owner's name meanwhile. */
function compact(graph: QuotientGraph): void {
  const { lists, start, length, end } = graph;
  for (let i = 0; i < start.length; i++) {
    if (length[i] === 0) continue;
    const first = start[i];
    start[i] = lists[first];
    lists[first] = -1 - i;
  }
  let to = 0;
  for (let p = 0; p < end;) {
    const i = -1 - lists[p++];
    if (i < 0) continue;
    lists[to] = start[i];
    start[i] = to++;
    for (let k = length[i] - 1; k > 0; k--) lists[to++] = lists[p++];
  }
  graph.end = to;
}

/** Hubs make one last element, over all roots. */
function addHubs({ forest, elementCount }: QuotientGraph, hubCount: number): void {
  const { absorbedBy, pivotCount, rowCount, sequence } = forest;
  let hub = -1;
  for (let i = 0; i < absorbedBy.length; i++) {
    if (absorbedBy[i] !== -1 || pivotCount[i] !== 0) continue;
    if (hub === -1) hub = i;
    else absorbedBy[i] = hub;
  }
  for (let k = 0; k < elementCount; k++) {
    const e = sequence[k];
    rowCount[e] += hubCount;
    if (absorbedBy[e] === -1) absorbedBy[e] = hub;
  }
  pivotCount[hub] = hubCount;
  rowCount[hub] = 0;
  sequence[elementCount] = hub;
}
