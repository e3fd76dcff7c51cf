package solutions

import (
	"slices"

	"headroom/pkg/resilience"
	"headroom/pkg/unit"
)

// order says how one value stands to another. It is a partial order: what is not known is
// unclear beside everything but what lacks the same.
type order uint8

const (
	equal order = iota
	better
	worse
	unclear
)

// ordered is of a number of which less is better; cmp is as of cmp.Compare.
func ordered(compared int) order {
	switch {
	case compared < 0:
		return better
	case compared > 0:
		return worse
	}
	return equal
}

// digits to which parts and users are compared: what is beyond is of the arithmetic.
const digits = 9

// fewer is of numbers of which less is better.
func fewer(a, b float64) order {
	a, b = unit.Rounded(a, digits), unit.Rounded(b, digits)
	switch {
	case a < b:
		return better
	case a > b:
		return worse
	}
	return equal
}

// more is of numbers of which more is better.
func more(a, b float64) order { return fewer(b, a) }

// moreKnown is of numbers that may not be known.
func moreKnown(a, b *float64) order {
	switch {
	case a == nil && b == nil:
		return equal
	case a == nil || b == nil:
		return unclear
	}
	return more(*a, *b)
}

// shorter is of times. One that is known is surely no longer than another one of which the
// known part is as long.
func shorter(a, b resilience.Time) order {
	switch {
	case a.Known() && b.Known():
		return fewer(a.Seconds, b.Seconds)
	case slices.Equal(a.Missing, b.Missing):
		return fewer(a.Seconds, b.Seconds)
	case a.Known() && fewer(a.Seconds, b.Seconds) != worse:
		return better
	case b.Known() && fewer(b.Seconds, a.Seconds) != worse:
		return worse
	}
	return unclear
}

// less is of losses; nil is none.
func less(a, b *resilience.Loss) order {
	switch {
	case a == nil && b == nil:
		return equal
	case a == nil:
		return better
	case b == nil:
		return worse
	case a.All || b.All:
		return ordered(compareBool(a.All, b.All))
	}
	return shorter(a.Time, b.Time)
}

// outcomes from good to bad, and who acts from nobody on.
func outcomes() []string {
	return []string{resilience.Unaffected, resilience.Slower, resilience.Degraded, resilience.ReadOnly, resilience.Down}
}

func actors() []string { return []string{"nobody", "itself", "person", "repair"} }

func rank(list []string, x string) int { return slices.Index(list, x) }

// harmless is the outcome of what cannot happen.
func harmless() *Outcome {
	all := resilience.Served{Reads: 1, Writes: 1}
	return &Outcome{Outcome: resilience.Unaffected, By: "nobody", Now: all, Auto: all, Hand: all}
}

// ordersOf compares two outcomes in all that users notice.
func ordersOf(a, b *Outcome) []order {
	if a == nil {
		a = harmless()
	}
	if b == nil {
		b = harmless()
	}
	return []order{
		ordered(rank(outcomes(), a.Outcome) - rank(outcomes(), b.Outcome)),
		more(a.Now.Reads, b.Now.Reads), more(a.Now.Writes, b.Now.Writes),
		more(a.Hand.Reads, b.Hand.Reads), more(a.Hand.Writes, b.Hand.Writes),
		more(a.Auto.Reads, b.Auto.Reads), more(a.Auto.Writes, b.Auto.Writes),
		ordered(compareBool(a.TwoLeaders, b.TwoLeaders)), ordered(rank(actors(), a.By) - rank(actors(), b.By)),
		shorter(a.Down, b.Down), less(a.Loss, b.Loss),
	}
}

// sameOutcome tells whether users notice no difference.
func sameOutcome(a, b *Outcome) bool {
	return !slices.ContainsFunc(ordersOf(a, b), func(o order) bool { return o != equal })
}

// dominate says of each solution which others are nowhere worse, and better somewhere: in
// cost with and without credits, the verdict on each aim, what comes of each failure, and
// the buffers.
func (c *Comparison) dominate() {
	for b := range c.Solutions {
		for a := range c.Solutions {
			if c.dominates(a, b) {
				c.Solutions[b].DominatedBy = append(c.Solutions[b].DominatedBy, c.Solutions[a].Name)
			}
		}
	}
}

func (c *Comparison) dominates(a, b int) bool {
	x, y := &c.Solutions[a], &c.Solutions[b]
	if (x.Points == nil) != (y.Points == nil) {
		return false // what failures do is known of one of them only
	}
	list := []order{moreKnown(x.Success, y.Success), moreKnown(x.Failure, y.Failure), costOrder(x, y)}
	if x.Unpriced+y.Unpriced == 0 {
		list = append(list, ordered(x.Month.Cmp(y.Month)))
	}
	for i := range c.Aims {
		list = append(list, c.Aims[i].order(a, b))
	}
	for i := range c.Failures {
		list = append(list, ordersOf(c.Failures[i].Outcomes[a], c.Failures[i].Outcomes[b])...)
	}
	return slices.Contains(list, better) &&
		!slices.ContainsFunc(list, func(o order) bool { return o == worse || o == unclear })
}

// costOrder is of bills without credits. One of which prices are missing is a lower bound.
func costOrder(x, y *Solution) order {
	o := ordered(x.Full.Cmp(y.Full))
	switch {
	case x.Unpriced+y.Unpriced == 0:
		return o
	case x.Unpriced == 0 && o != worse:
		return better
	case y.Unpriced == 0 && o != better:
		return worse
	}
	return unclear
}
