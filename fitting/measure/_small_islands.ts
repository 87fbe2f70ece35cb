/** Most faces of a small island: buttons, buckles, studs, not a sleeve. */
export const MOST_FACES = 500;
/** Least places of one: fewer keep their shape under too much. */
export const LEAST_PLACES = 4;
