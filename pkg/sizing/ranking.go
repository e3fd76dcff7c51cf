package sizing

import "headroom/pkg/catalog"

// Ranking says what is cheaper, at the purchase that is wanted for a component. Kinds
// know no price: one that has a choice of its own within a layout, such as a type
// for its masters, asks here. Package plan answers.
type Ranking interface {
	// Cheapest is the cheapest of the types that the component may have and that
	// are ok; nil where there is none.
	Cheapest(c *Task, ok func(*catalog.NodeType) bool) *catalog.NodeType
	// Cheaper tells whether one layout of the component costs less than another.
	Cheaper(c *Task, a, b *Layout) bool
}
