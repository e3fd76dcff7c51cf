// Package compare finds what distinguishes two estimates, and why the one costs
// more than the other.
//
// Estimates lists components and lines that were added, removed or changed; the
// order of lines does not matter. The difference is then split into effects that
// add up to it exactly. Attribute does so for two systems that were planned here:
// it puts workload, model, machines, purchase and prices of the head into the
// place of the base's, one after the other, and plans again each time.
// AttributeLines does it for saved estimates, from quantities and prices alone.
// Base is the estimate before, head the one after.
//
// A Change says which thing about a component is another, and gives the values
// before and after. Notes on what could not be told apart are remarks. Package
// report has the words for both, the first part of the remarks' keys is "diff".
package compare
