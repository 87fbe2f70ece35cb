import type { Frame } from "../../pool/scratch.ts";
import { NO_INDEX } from "../mesh.ts";
import type { Topology } from "../topology/topology.ts";
import type { Work } from "../work.ts";

/**
 * A graph of small clusters of neighbouring places: what must spread far spreads
 * here with a fraction of the passes. A cluster is a place and its ring, where no
 * other cluster was there first (greedy aggregation, as in Vaněk, Mandel &
 * Brezina 1996, "Algebraic Multigrid by Smoothed Aggregation").
 */
export interface CoarseGraph {
  /** How many clusters there are. */
  count: number;
  /** Cluster of each place. */
  readonly clusterOf: Uint32Array;
  /** CSR offsets, `count + 1` of them in use. */
  readonly offsets: Uint32Array;
  /** Neighbouring clusters, each once. */
  readonly neighbours: Uint32Array;
  /** Places of each cluster. */
  readonly sizes: Uint32Array;
}

/** Leases and builds the clusters of a surface. Linear time. */
export function* buildCoarseGraph(topology: Topology, frame: Frame): Work<CoarseGraph> {
  const { weldedCount, ringVertices } = topology;
  const graph: CoarseGraph = {
    count: 0,
    clusterOf: frame.u32(weldedCount),
    offsets: frame.u32(weldedCount + 1),
    neighbours: frame.u32(ringVertices.length),
    sizes: frame.u32(weldedCount),
  };
  formClusters(topology, graph);
  yield;
  const stamps = frame.u32(weldedCount), places = frame.u32(weldedCount), starts = frame.u32(weldedCount + 1);
  for (let v = 0; v < weldedCount; v++) graph.sizes[graph.clusterOf[v]]++;
  for (let c = 0; c < graph.count; c++) starts[c + 1] = starts[c] + graph.sizes[c];
  for (let v = weldedCount - 1; v >= 0; v--) places[starts[graph.clusterOf[v]] + --graph.sizes[graph.clusterOf[v]]] = v;
  for (let c = 0; c < graph.count; c++) graph.sizes[c] = starts[c + 1] - starts[c];
  yield;
  linkClusters(topology, graph, stamps, places, starts);
  return graph;
}

/** Bytes {@linkcode buildCoarseGraph} leases. */
export function coarseGraphBytes({ weldedCount, edgeCount }: { weldedCount: number; edgeCount: number }): number {
  return 4 * (6 * weldedCount + 2 + 2 * edgeCount);
}

function formClusters({ weldedCount, ringOffsets, ringVertices }: Topology, graph: CoarseGraph): void {
  const { clusterOf } = graph;
  clusterOf.fill(NO_INDEX);
  for (let v = 0; v < weldedCount; v++) {
    let isFree = clusterOf[v] === NO_INDEX;
    for (let r = ringOffsets[v]; isFree && r < ringOffsets[v + 1]; r++) {
      isFree = clusterOf[ringVertices[r]] === NO_INDEX;
    }
    if (!isFree) continue;
    clusterOf[v] = graph.count;
    for (let r = ringOffsets[v]; r < ringOffsets[v + 1]; r++) clusterOf[ringVertices[r]] = graph.count;
    graph.count++;
  }
  for (let v = 0; v < weldedCount; v++) { // what is left lies between clusters and joins the first beside it
    for (let r = ringOffsets[v]; clusterOf[v] === NO_INDEX && r < ringOffsets[v + 1]; r++) {
      clusterOf[v] = clusterOf[ringVertices[r]];
    }
  }
}

function linkClusters(
  { ringOffsets, ringVertices }: Topology,
  { count, clusterOf, offsets, neighbours }: CoarseGraph,
  stamps: Uint32Array,
  places: Uint32Array,
  starts: Uint32Array,
): void {
  let end = 0;
  for (let c = 0; c < count; c++) {
    offsets[c] = end;
    for (let i = starts[c]; i < starts[c + 1]; i++) {
      for (let r = ringOffsets[places[i]]; r < ringOffsets[places[i] + 1]; r++) {
        const other = clusterOf[ringVertices[r]];
        if (other === c || stamps[other] === c + 1) continue;
        stamps[other] = c + 1;
        neighbours[end++] = other;
      }
    }
  }
  offsets[count] = end;
}
