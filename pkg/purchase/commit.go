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
	"headroom/pkg/workload"
)

// Commit is a purchase that the user wants to try on a component: so many
// nodes, or a part of them, bought in one way.
type Commit struct {
	Pool   string
	Nodes  int           // 0 where Part is given
	Part   unit.Fraction // of the nodes; 0 where Nodes is given
	Option string        // "" for the best of the allowed commitments
	Left   int           // months after which it expires; 0 for one that is bought now and renewed
	Column int           // place in the text, from 1
}

// commitExample is shown in messages.
const commitExample = "db=2×reserved-3y-all,web=40%"

// ParseCommit reads "db=2×reserved-3y-all,web=40%". Between number and option
// stands "x", "×" or "*". A part without an option means the cheapest of the
// allowed commitments. What is owned already says behind @ how many months it has
// left: "db=2×reserved-3y-all@14mo". All errors name the place, as a column of the text.
func ParseCommit(text string) ([]Commit, error) {
	var out []Commit
	var problems diag.Problems
	column := 1
	for _, item := range strings.Split(text, ",") {
		c, off, err := parseCommit(item)
		lead := len([]rune(item)) - len([]rune(strings.TrimLeft(item, " ")))
		c.Column = column + lead
		if err == nil && slices.ContainsFunc(out, func(o Commit) bool {
			return o.Pool == c.Pool && o.Option == c.Option && o.Left == c.Left
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
	if off, err = c.buy(name); err != nil {
		return c, at + off, err
	}
	return c, 0, nil
}

// buy reads how nodes are bought, and how many months are left of it; off is where
// in the text the problem is.
func (c *Commit) buy(text string) (off int, err error) {
	before, expiry, owned := strings.Cut(text, "@")
	name := strings.TrimSpace(before)
	if name == OnDemand {
		return 0, fmt.Errorf("on-demand is what is not named")
	}
	if !slices.Contains(workload.PurchaseOptions(), name) {
		return 0, unknownOption(name)
	}
	c.Option = name
	if owned {
		c.Left, err = months(name, expiry)
	}
	return len([]rune(before)) + 1, err
}

// months reads how long a commitment that is owned still lasts: "14mo".
func months(name, text string) (int, error) {
	o := named(name)
	if !o.Committed() {
		return 0, fmt.Errorf("%s has no term that expires", name)
	}
	digits, ok := strings.CutSuffix(strings.TrimSpace(text), "mo")
	n, err := strconv.Atoi(digits)
	if !ok || err != nil || n < 1 || n > o.months() {
		return 0, diag.Problem{Hint: fmt.Sprintf("write 1mo to %dmo", o.months()),
			Summary: fmt.Sprintf("%.60q is not a number of months that %s may have left", text, name)}
	}
	return n, nil
}

// Share divides what is named of a component in a region over its pools there
// (primary, standby), which have so many nodes in the first month: each purchase
// takes nodes of the first pool that has any left. A part is of all of them,
// rounded to whole nodes. Of commitments there may be more than nodes: what none
// of the pools needs falls to the last.
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
		if named += c.Nodes; named > all && c.Option == Spot {
			return nil, c.problem("name at most as many as it has at its peak in the first month",
				"of %s %d are named; a region has %d", component, named, all)
		}
		for c.Nodes > 0 {
			last := pool == len(counts)-1
			if left[pool] == 0 && !last {
				pool++
				continue
			}
			part := c
			if !last {
				part.Nodes = min(c.Nodes, left[pool])
			}
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
// those that come later are on demand. Of commitments there may be more than
// nodes: the others are paid and unused until growth needs them. Those of commits
// that name another pool are left out.
func Price(p Lot, opts []Option, commits []Commit, c Constraints, b Basis) (*Mix, error) {
	nodes := p.first()
	mine, err := counted(commits, &p, nodes)
	if err != nil {
		return nil, err
	}
	p.Slots = slices.Clone(p.Slots)
	for all := total(mine); len(p.Slots) < all; {
		p.Slots = append(p.Slots, Slot{Duty: []float64{0}})
	}
	byUser := Unbounded()
	byUser.SpotTypes = c.SpotTypes
	pr, err := newPricing(p, opts, byUser, b)
	if err != nil {
		return nil, err
	}
	for m := range pr.limits {
		pr.limits[m].spot = 0 // as the user says, not what is best
	}
	var runs []run
	next := 0
	for i := range mine {
		o, err := pr.option(&mine[i], &c)
		if err != nil {
			return nil, err
		}
		for range mine[i].Nodes {
			runs = append(runs, pr.given(next, o, mine[i].Left))
			next++
		}
	}
	if n := pr.spotWithin(runs, 0); n > p.maxSpot(0) {
		return nil, mine[len(mine)-1].problem("name fewer",
			"%s can have at most %d nodes on spot: when a zone's are reclaimed the rest must carry the peak",
			p.Name, p.maxSpot(0))
	}
	for m := 1; m < pr.horizon; m++ {
		pr.spotWithin(runs, m)
	}
	for _, g := range pr.lot.groups() {
		if from := max(g.from, next); from < g.to {
			runs = append(runs, pr.given(from, onDemandFirst, 0))
			runs[len(runs)-1].to = g.to
		}
	}
	return pr.mix(runs, true)
}

// counted are the commits of a pool with parts as numbers of nodes.
func counted(commits []Commit, p *Lot, nodes int) ([]Commit, error) {
	var out []Commit
	for _, c := range commits {
		if c.Pool != p.Name {
			continue
		}
		if c.Nodes == 0 {
			c.Nodes = int(math.Round(float64(c.Part) * float64(nodes)))
		}
		out = append(out, c)
		switch n := total(out); {
		case n > maxSlots:
			return nil, c.problem("name fewer", "of %s %d are named; a pool has at most %d", p.Name, n, maxSlots)
		case n > nodes && c.Option == Spot:
			return nil, c.problem("name at most as many as it has at its peak in the first month",
				"of %s %d are named; the pool has %d", p.Name, n, nodes)
		}
	}
	return out, nil
}

// total is how many nodes are named.
func total(commits []Commit) int {
	n := 0
	for i := range commits {
		n += commits[i].Nodes
	}
	return n
}

// given is a node bought in one way: a commitment begins now, and is renewed while
// the node is needed, or ends when it expires.
func (pr *pricing) given(k, option, left int) run {
	r := run{from: k, to: k + 1, by: make([]int, pr.horizon)}
	o := &pr.options[option]
	by := option
	if o.Committed() || option == onDemandFirst {
		by = free
	}
	for m := range r.by {
		r.by[m] = by
	}
	needed := 0 // the month after the last in which the node is
	for m := range pr.horizon {
		if pr.lot.Slots[k].month(m) > 0 {
			needed = m + 1
		}
	}
	for m := 0; o.Committed() && (m == 0 || m < needed && left == 0); m += o.months() {
		b := buy{option: option, month: m, months: o.months()}
		if left > 0 {
			b.months, b.owned = left, true
		}
		r.buys = append(r.buys, b)
		for i := m; i < min(m+b.months, pr.horizon); i++ {
			r.by[i] = option
		}
	}
	return r
}

// spotWithin counts the nodes of a month that are to be on spot; those above what
// it may have are on demand then.
func (pr *pricing) spotWithin(runs []run, m int) int {
	n := 0
	for i := range runs {
		r := &runs[i]
		if r.by[m] != pr.spotOption || r.from >= pr.lot.needed(m) {
			continue
		}
		if n++; n > pr.lot.maxSpot(m) {
			r.by[m] = free
		}
	}
	return n
}

// option is what a purchase takes.
func (pr *pricing) option(want *Commit, c *Constraints) (int, error) {
	i, why := pr.find(want.Option, c)
	switch {
	case i >= 0:
		return i, nil
	case want.Option == Spot && !pr.lot.Interruptible:
		return 0, want.problem("mark it: components: {"+pr.lot.Name+": {purchase: {interruptible: true}}}", "%s: %s",
			pr.lot.Name, why)
	}
	return 0, want.problem("give a rate under purchase: rates:, or name another option", "%s: %s", pr.lot.Name, why)
}

// find is the option of a name, without one the cheapest commitment that is
// allowed, or why there is none.
func (pr *pricing) find(name string, c *Constraints) (int, string) {
	if name == "" {
		best := none
		for i := range pr.options {
			o := &pr.options[i]
			if !o.Committed() || !c.allows(&pr.lot, o) {
				continue
			}
			if best < 0 || pr.even[i] < pr.even[best]*(1-tie) {
				best = i
			}
		}
		return best, "no commitment that is allowed has a price"
	}
	if i := slices.IndexFunc(pr.options, func(o Option) bool { return o.Name == name }); i >= 0 {
		return i, ""
	}
	if i := slices.IndexFunc(pr.unpriced, func(o Option) bool { return o.Name == name }); i >= 0 {
		return none, name + ": " + words.Say(pr.unpriced[i].Missing)
	}
	return none, name + " is for interruptible components only"
}
