package compare

import (
	"cmp"
	"slices"
	"strings"

	"headroom/pkg/bill"
	"headroom/pkg/money"
)

// partChanges names what differs in a component beside its lines.
func partChanges(p, q *bill.Part) []string {
	var out []string
	add := func(what, was, is string) {
		if was != is {
			out = append(out, what+orNone(was)+" → "+orNone(is))
		}
	}
	add("kind ", p.Kind, q.Kind)
	add("", p.Machine, q.Machine)
	add("storage ", p.Storage, q.Storage)
	was, is := slices.Clone(p.Pools), slices.Clone(q.Pools)
	slices.SortFunc(was, comparePools)
	slices.SortFunc(is, comparePools)
	for len(was) > 0 || len(is) > 0 {
		switch {
		case len(was) == 0 || len(is) > 0 && poolOrder(is[0], was[0]) < 0:
			add(poolName(is[0])+": ", "", poolCount(is[0]))
			is = is[1:]
		case len(is) == 0 || poolOrder(was[0], is[0]) < 0:
			add(poolName(was[0])+": ", poolCount(was[0]), "")
			was = was[1:]
		default:
			add(poolName(is[0])+": ", poolCount(was[0]), poolCount(is[0]))
			was, is = was[1:], is[1:]
		}
	}
	add("", p.Brief.String(), q.Brief.String())
	if p.Brief.String() == q.Brief.String() {
		add("", details(p), details(q))
	}
	return out
}

func details(p *bill.Part) string {
	texts := make([]string, len(p.Detail))
	for i, r := range p.Detail {
		texts[i] = r.String()
	}
	return strings.Join(texts, ", ")
}

func orNone(s string) string {
	if s == "" {
		return "none"
	}
	return s
}

// poolOrder orders pools by region and role; comparePools by all.
func poolOrder(a, b bill.Pool) int {
	return cmp.Or(strings.Compare(a.Region, b.Region), strings.Compare(a.Role, b.Role))
}

func comparePools(a, b bill.Pool) int {
	return cmp.Or(poolOrder(a, b), a.Max-b.Max, a.Min-b.Min, a.Mean.Cmp(b.Mean))
}

func poolName(p bill.Pool) string { return strings.TrimSpace(p.Region + " " + p.Role) }

// poolCount is "3", or "2–5, mean 3.2" for what scales.
func poolCount(p bill.Pool) string {
	lo, hi := money.Int(int64(p.Min)).String(), money.Int(int64(p.Max)).String()
	if p.Min == p.Max {
		return hi
	}
	return lo + "–" + hi + ", mean " + p.Mean.String()
}

func poolCounts(pools []bill.Pool) []string {
	var out []string
	for _, p := range pools {
		out = append(out, poolName(p)+": "+poolCount(p))
	}
	return nonEmpty(strings.Join(out, "; "))
}

func nonEmpty(texts ...string) []string {
	return slices.DeleteFunc(texts, func(s string) bool { return s == "" })
}
