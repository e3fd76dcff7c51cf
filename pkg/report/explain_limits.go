package report

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"headroom/pkg/bill"
	"headroom/pkg/insight"
	"headroom/pkg/unit"
	"headroom/pkg/words"
)

const (
	foldBelow  = 0.1 // of a ceiling: limits that are less full are named together
	mostLimits = 5   // that have a row
	limitBar   = 21  // places of a bar with its ceiling
)

// fullLimit is a resource in a state: the fullest of the regions and roles that have it.
type fullLimit struct {
	insight.LimitCheck
	states  []string // that are the same
	differs bool     // other regions or roles are less full
	first   bool     // the one of which the component has the least room
}

// used is the part of what there is that is used: without end where nothing is left.
func used(l *insight.LimitCheck) float64 {
	if l.Utilisation == nil {
		return math.Inf(1)
	}
	return *l.Utilisation
}

// fullness is the part of what may be used that is used.
func fullness(l *insight.LimitCheck) float64 { return used(l) / l.Target }

// fullest has a limit for each resource and state, fullest first.
func fullest(c *insight.ComponentReasoning) []fullLimit {
	var out []fullLimit
	for _, same := range alike(c.Limits, func(l *insight.LimitCheck) string { return l.Resource + "\x00" + l.State }) {
		most := slices.MaxFunc(same, func(a, b insight.LimitCheck) int {
			switch x, y := fullness(&a), fullness(&b); {
			case x < y:
				return -1
			case x > y:
				return 1
			}
			return 0
		})
		f := fullLimit{LimitCheck: most, states: []string{most.State}}
		for i := range same {
			f.differs = f.differs || figuresOf(&same[i]) != figuresOf(&most)
		}
		if full := c.Part.Fullest; full != nil {
			f.first = most.Resource == full.Resource && most.State == full.State
		}
		out = append(out, f)
	}
	slices.SortStableFunc(out, func(a, b fullLimit) int {
		switch x, y := fullness(&a.LimitCheck), fullness(&b.LimitCheck); {
		case x > y:
			return -1
		case x < y:
			return 1
		}
		return 0
	})
	return joinStates(out)
}

// alike groups limits by a key, in their order.
func alike(list []insight.LimitCheck, key func(*insight.LimitCheck) string) [][]insight.LimitCheck {
	var out [][]insight.LimitCheck
	at := map[string]int{}
	for i := range list {
		k := key(&list[i])
		n, ok := at[k]
		if !ok {
			n = len(out)
			at[k] = n
			out = append(out, nil)
		}
		out[n] = append(out[n], list[i])
	}
	return out
}

// joinStates makes one limit of those of a resource that are the same in two states: the
// loss of a node and of a zone.
func joinStates(list []fullLimit) []fullLimit {
	var out []fullLimit
	for _, l := range list {
		i := slices.IndexFunc(out, func(o fullLimit) bool {
			return o.Resource == l.Resource && figuresOf(&o.LimitCheck) == figuresOf(&l.LimitCheck)
		})
		if i < 0 {
			out = append(out, l)
			continue
		}
		out[i].states = append(out[i].states, l.State)
		out[i].first = out[i].first || l.first
	}
	return out
}

// figuresOf is a limit as it is shown.
func figuresOf(l *insight.LimitCheck) string {
	return quantityText(l.Need, l.Unit) + "\x00" + quantityText(l.Have, l.Unit) + "\x00" + shareText(l)
}

// quantityText is a quantity in its unit; of what is counted, the number alone: the
// resource says what.
func quantityText(x float64, in string) string {
	switch in {
	case "vCPU", "B", "B/s", "/s", "s":
		return unit.Quantity(x, in)
	}
	return unit.Quantity(x, "")
}

// shareText is what is used beside what is allowed: "53/60 %".
func shareText(l *insight.LimitCheck) string {
	if l.Utilisation == nil {
		return "none left"
	}
	return ofCeiling(*l.Utilisation, l.Target)
}

// limitsGrid has the fullest limits, of each resource in one state, with bars to their
// ceilings; the last row names the others.
func limitsGrid(c *insight.ComponentReasoning) Grid {
	g := Grid{Light: true, Columns: []Column{leftColumn("fullest first", "resource"), leftColumn("", "state"),
		rightColumn("need", "need"), rightColumn("have", "have"), {Key: "bar", Spare: true},
		rightColumn("used/max", "used"), leftColumn("", "first")}}
	var rest []fullLimit
	differ, shown := false, map[string]bool{} // resources
	for _, l := range fullest(c) {
		few := shown[l.Resource] || fullness(&l.LimitCheck) < foldBelow || len(g.Rows) >= mostLimits
		if few && !l.first {
			rest = append(rest, l)
			continue
		}
		shown[l.Resource] = true
		differ = differ || l.differs
		g.Rows = append(g.Rows, l.row())
	}
	var notes []string
	if len(rest) > 0 {
		notes = append(notes, restText(rest, shown))
	}
	if same := sameRegions(c.Limits); len(same) > 0 {
		notes = append(notes, strings.Join(same, " and ")+" the same")
	} else if differ {
		notes = append(notes, "of each the fullest place")
	}
	if len(notes) > 0 {
		last := Row{Cells: make([]Cell, len(g.Columns))}
		last.Cells[0] = Cell{Text: strings.Join(notes, "; "), Over: true}
		g.Rows = append(g.Rows, last)
	}
	return g
}

func (l *fullLimit) row() Row {
	bar, first := Cell{}, Cell{}
	if l.Utilisation != nil {
		bar = ceilingCell(*l.Utilisation, l.Target, limitBar)
	}
	tone := fullTone(used(&l.LimitCheck), l.Target)
	if tone == Measure {
		tone = Plain
	}
	if l.first {
		first = text("◀")
	}
	return Row{Cells: []Cell{text(words.ShortResource(l.Resource)), text(words.InStates(l.states)),
		{Text: quantityText(l.Need, l.Unit), Value: l.Need}, {Text: quantityText(l.Have, l.Unit), Value: l.Have},
		bar, {Text: shareText(&l.LimitCheck), Value: part(l.Utilisation), Tone: tone}, first}}
}

// restText names the limits that have no row: of resources that have one in another state,
// and of others.
func restText(rest []fullLimit, shown map[string]bool) string {
	var states, below int
	var less, least []string
	for _, l := range rest {
		name, again := words.ShortResource(l.Resource), shown[l.Resource]
		shown[l.Resource] = true
		switch {
		case again:
			states++
		case fullness(&l.LimitCheck) < foldBelow:
			below++
			least = append(least, name)
		default:
			less = append(less, name)
		}
	}
	var parts []string
	if less = distinct(less...); len(less) > 0 {
		parts = append(parts, "less full: "+few(less))
	}
	if below > 0 {
		parts = append(parts, fmt.Sprintf("%d below a tenth: %s", below, few(distinct(least...))))
	}
	if states > 0 {
		parts = append(parts, words.Counted(states, "other state")+" of these")
	}
	return strings.Join(parts, "; ")
}

// sameRegions are the regions beside the first one that have the same limits.
func sameRegions(list []insight.LimitCheck) []string {
	byRegion := alike(list, func(l *insight.LimitCheck) string { return l.Region })
	var out []string
	for _, region := range byRegion[min(1, len(byRegion)):] {
		if slices.EqualFunc(region, byRegion[0], func(a, b bill.Limit) bool {
			return a.Resource == b.Resource && a.State == b.State && a.Role == b.Role && figuresOf(&a) == figuresOf(&b)
		}) {
			out = append(out, region[0].Region)
		}
	}
	return out
}
