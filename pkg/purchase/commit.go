package purchase

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"headroom/pkg/diag"
	"headroom/pkg/unit"
	"headroom/pkg/words"
)

// Commit is a purchase that the user wants to try on a component: so many
// nodes, or a part of them, bought in one way.
type Commit struct {
	Pool   string
	Nodes  int           // 0 where Part is given
	Part   unit.Fraction // of the nodes; 0 where Nodes is given
	Option string        // "" for the best of the allowed commitments
	Column int           // place in the text, from 1
}

// commitExample is shown in messages.
const commitExample = "db=2×reserved-3y-all,web=40%"

// ParseCommit reads "db=2×reserved-3y-all,web=40%". Between number and option
// stands "x", "×" or "*". A part without an option means the cheapest of the
// allowed commitments. All errors name the place, as a column of the text.
func ParseCommit(text string) ([]Commit, error) {
	var out []Commit
	var problems diag.Problems
	column := 1
	for _, item := range strings.Split(text, ",") {
		c, off, err := parseCommit(item)
		lead := len([]rune(item)) - len([]rune(strings.TrimLeft(item, " ")))
		c.Column = column + lead
		if err == nil && slices.ContainsFunc(out, func(o Commit) bool {
			return o.Pool == c.Pool && o.Option == c.Option
		}) {
			err = fmt.Errorf("%s is named twice with the same option", c.Pool)
		}
		if err != nil {
			p, ok := err.(diag.Problem)
			if !ok {
				p = diag.Problem{Summary: err.Error(), Hint: "write for example " + commitExample}
			}
			p.Pos, p.Source = diag.Pos{File: "--commit", Line: 1, Col: column + off}, text
			problems.Add(p)
		}
		out = append(out, c)
		column += len([]rune(item)) + 1
	}
	if err := problems.Err(); err != nil {
		return nil, err
	}
	return out, nil
}

// parseCommit reads one item; off is where in it (in characters) the problem
// is.
func parseCommit(item string) (c Commit, off int, err error) {
	offset := func(rest string) int { return len([]rune(item)) - len([]rune(rest)) }
	trimmed := strings.TrimLeft(item, " ")
	pool, rest, ok := strings.Cut(trimmed, "=")
	c.Pool = strings.TrimSpace(pool)
	switch {
	case strings.TrimSpace(item) == "":
		return c, 0, fmt.Errorf("a commitment is missing")
	case !ok || c.Pool == "":
		return c, offset(trimmed), fmt.Errorf("%.60q does not say COMPONENT=NUMBER×OPTION", trimmed)
	}
	at := offset(rest)
	rest = strings.TrimSpace(rest)
	digits := strings.IndexFunc(rest, func(r rune) bool { return (r < '0' || r > '9') && r != '.' && r != '%' })
	number, option := rest, ""
	if digits >= 0 {
		number, option = rest[:digits], strings.TrimSpace(rest[digits:])
	}
	if part, percent := strings.CutSuffix(number, "%"); percent {
		f, err := strconv.ParseFloat(part, 64)
		if err != nil || !(f > 0 && f <= 100) {
			return c, at, fmt.Errorf("%.60q is not a percentage above 0 and up to 100", number)
		}
		c.Part = unit.Fraction(f / 100)
	} else {
		n, err := strconv.Atoi(number)
		if err != nil || n < 1 || n > maxSlots {
			return c, at, fmt.Errorf("%.60q does not begin with a number of nodes, or a percentage of them, from 1",
				rest)
		}
		c.Nodes = n
	}
	if option == "" {
		if c.Nodes > 0 {
			return c, at, fmt.Errorf("%s=%d does not say how they are bought", c.Pool, c.Nodes)
		}
		return c, 0, nil
	}
	name := option
	for _, times := range []string{"×", "x", "*"} {
		if r, ok := strings.CutPrefix(option, times); ok {
			name = strings.TrimSpace(r)
			break
		}
	}
	at = offset(item[strings.Index(item, option):]) + len([]rune(option)) - len([]rune(name))
	if name == option {
		return c, at, fmt.Errorf("between the number and the option of %s stands ×, x or *", c.Pool)
	}
	if name == OnDemand {
		return c, at, fmt.Errorf("on-demand is what is not named")
	}
	if !slices.Contains(Names(), name) {
		return c, at, unknownOption(name)
	}
	c.Option = name
	return c, 0, nil
}

// Share divides what is named of a component in a region over its pools there
// (primary, standby), which have so many nodes in the first month: each purchase
// takes nodes of the first pool that has any left. A part is of all of them,
// rounded to whole nodes.
func Share(commits []Commit, component string, counts []int) ([][]Commit, error) {
	out := make([][]Commit, len(counts))
	all, named := 0, 0
	for _, n := range counts {
		all += n
	}
	left := slices.Clone(counts)
	pool := 0
	for _, c := range commits {
		if c.Pool != component {
			continue
		}
		if c.Nodes == 0 {
			if c.Nodes = int(math.Round(float64(c.Part) * float64(all))); c.Nodes == 0 {
				return nil, c.problem("name a number of nodes, or a greater part",
					"%s of %s has less than one node: a region has %d", c.Part.Human(), component, all)
			}
			c.Part = 0
		}
		if named += c.Nodes; named > all {
			return nil, c.problem("name at most as many as it has at its peak in the first month",
				"of %s %d are named; a region has %d", component, named, all)
		}
		for c.Nodes > 0 {
			if left[pool] == 0 {
				pool++
				continue
			}
			part := c
			part.Nodes = min(c.Nodes, left[pool])
			out[pool] = append(out[pool], part)
			left[pool] -= part.Nodes
			c.Nodes -= part.Nodes
		}
	}
	return out, nil
}

// problem is an error at the purchase's place.
func (c *Commit) problem(hint, format string, args ...any) error {
	return diag.Problem{Pos: diag.Pos{File: "--commit", Line: 1, Col: c.Column}, Summary: fmt.Sprintf(format, args...),
		Hint: hint}
}

// Price is what a pool costs when it is bought as the user says: each purchase
// takes the most needed nodes that are left, in the order given, and the rest
// is on demand. No optimum is sought, and bounds on shares do not apply, but
// spot keeps its rules. Numbers and parts are of the nodes of the first month;
// those that come later are on demand. Those of commits that name another pool
// are left out.
func Price(p Lot, opts []Option, commits []Commit, c Constraints, b Basis) (*Mix, error) {
	free := Unbounded()
	free.SpotTypes = c.SpotTypes
	pr, err := newPricing(p, opts, free, b)
	if err != nil {
		return nil, err
	}
	wanted := make([]int, len(p.Slots)) // option of each slot; 0 is on demand
	next, nodes := 0, p.first()
	for _, want := range commits {
		if want.Pool != p.Name {
			continue
		}
		fail := want.problem
		n := want.Nodes
		if n == 0 {
			n = int(math.Round(float64(want.Part) * float64(nodes)))
		}
		if next+n > nodes {
			return nil, fail("name at most as many as it has at its peak in the first month",
				"of %s %d are named; the pool has %d", p.Name, next+n, nodes)
		}
		for range n {
			i, why := pr.find(want.Option, next, &c)
			if i < 0 && want.Option == Spot && !p.Interruptible {
				return nil, fail("mark it: components: {"+p.Name+": {purchase: {interruptible: true}}}", "%s: %s",
					p.Name, why)
			}
			if i < 0 {
				return nil, fail("give a rate under purchase: rates:, or name another option", "%s: %s", p.Name, why)
			}
			wanted[next] = i
			next++
		}
		for _, s := range pr.stages {
			if n := pr.spotAmong(wanted[:s.nodes]); n > s.maxSpot {
				return nil, fail("name fewer",
					"%s can have at most %d nodes on spot: when a zone's are reclaimed the rest must carry the peak",
					p.Name, s.maxSpot)
			}
		}
	}
	return pr.mix(pr.rowsOf(wanted))
}

// spotAmong counts the slots on spot.
func (pr *pricing) spotAmong(option []int) int {
	n := 0
	for _, i := range option {
		if pr.options[i].Kind == Spot {
			n++
		}
	}
	return n
}

// find is the option that a purchase takes for a slot, or why there is none.
func (pr *pricing) find(name string, slot int, c *Constraints) (int, string) {
	if name == "" {
		best, value := -1, math.Inf(1)
		g := slices.IndexFunc(pr.groups, func(g dutyGroup) bool { return slot < g.to })
		for i := range pr.options {
			o := &pr.options[i]
			if !o.Committed() || !c.allows(&pr.pool, o) {
				continue
			}
			if v := pr.discounts.presentValue(&pr.groups[g], o); best < 0 || v < value*(1-tie) {
				best, value = i, v
			}
		}
		return best, "no commitment that is allowed has a price"
	}
	if i := slices.IndexFunc(pr.options, func(o Option) bool { return o.Name == name }); i >= 0 {
		return i, ""
	}
	if i := slices.IndexFunc(pr.unpriced, func(o Option) bool { return o.Name == name }); i >= 0 {
		return -1, name + ": " + words.Say(pr.unpriced[i].Missing)
	}
	return -1, name + " is for interruptible components only"
}

// rowsOf groups slots that are alike and take the same option.
func (pr *pricing) rowsOf(option []int) []assignedSlots {
	var out []assignedSlots
	for g := range pr.groups {
		for k := pr.groups[g].from; k < pr.groups[g].to; k++ {
			if n := len(out); n > 0 && out[n-1].group == g && out[n-1].option == option[k] {
				out[n-1].to = k + 1
				continue
			}
			out = append(out, assignedSlots{g, option[k], k, k + 1})
		}
	}
	return out
}
