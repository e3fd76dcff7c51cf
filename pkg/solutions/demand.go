package solutions

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"

	"headroom/pkg/unit"
	"headroom/pkg/workload"
)

// Difference is a key of the demand of which profiles have different values.
type Difference struct {
	Key    string   // peak.users, as --set takes it
	Values []string // of each profile, in their order; "" for none
	Set    string   // key=value of the first profile; "" where --set does not take it in all of them
}

// entry is one value of what is asked of a system. Numbers are compared as such, however
// they are written.
type entry struct {
	key, text string
	number    *float64
	settable  bool
}

func (e *entry) same(o *entry) bool {
	if e.number != nil && o.number != nil {
		return *e.number == *o.number
	}
	return e.text == o.text
}

// Differences are the keys of the demand in which profiles differ, in the order of the
// first profile's keys; none where the same is asked of all of them. A profile is as it is
// in its environment and with the settings of the user. Beside the demand these are what
// every bill is reckoned with: hours, horizon, lead, the tables.
func Differences(profiles []*workload.Profile) []Difference {
	all := make([][]entry, len(profiles))
	var keys []string
	for i, p := range profiles {
		all[i] = asked(p)
		for k := range all[i] {
			if !slices.Contains(keys, all[i][k].key) {
				keys = append(keys, all[i][k].key)
			}
		}
	}
	var out []Difference
	for _, key := range keys {
		if d, differs := differenceOf(key, all); differs {
			out = append(out, d)
		}
	}
	return out
}

// differenceOf is what profiles have of one key.
func differenceOf(key string, all [][]entry) (d Difference, differs bool) {
	d = Difference{Key: key, Values: make([]string, len(all))}
	first, settable := find(all[0], key), true
	for i := range all {
		e := find(all[i], key)
		differs, settable = differs || !e.same(first), settable && e.settable
		d.Values[i] = e.text
	}
	if settable && first.text != "" {
		d.Set = key + "=" + first.text
	}
	return d, differs
}

func find(list []entry, key string) *entry {
	if i := slices.IndexFunc(list, func(e entry) bool { return e.key == key }); i >= 0 {
		return &list[i]
	}
	return &entry{}
}

// ofDemand tells whether a path is of what is asked of a system. How much is written is said
// by one of two keys, which asked makes one of.
func ofDemand(path string) bool {
	switch path {
	case "hours_per_month", "horizon", "lead":
		return true
	case "peak.write_ratio", "peak.writes_per_user":
		return false
	}
	top, _, _ := strings.Cut(path, ".")
	return slices.Contains([]string{"peak", "classes", "data", "growth"}, top)
}

// asked is what is asked of a system.
func asked(p *workload.Profile) []entry {
	var out []entry
	for _, in := range p.Inputs() {
		if ofDemand(in.Path) {
			out = append(out, entry{in.Path, in.Value, in.Number(), true})
		}
		if in.Path == "peak.requests_per_user" {
			out = append(out, writes(&p.Peak))
		}
	}
	return append(out,
		entry{key: "curve.preset", text: p.Curve.Preset, settable: true},
		entry{key: "curve.file", text: measured(p.Curve.Measured())},
		entry{key: "curve.clock", text: p.Curve.Clock, settable: true},
		entry{key: "prices.vintage", text: p.Prices.Vintage},
		entry{key: "prices.scope", text: p.Prices.Scope},
		entry{key: "environment", text: running(p)})
}

// writes is the part of the requests that write, however it is said.
func writes(x *workload.Peak) entry {
	part := float64(x.WriteRatio.V)
	if x.WritesPerUser != nil && x.RequestsPerUser.V > 0 {
		part = float64(x.WritesPerUser.V) / float64(x.RequestsPerUser.V)
	}
	return entry{"peak.write_ratio", fmt.Sprint(unit.Fraction(part)), &part, x.WritesPerUser == nil}
}

// measured is a word for a measured load curve: two with the same hours are the same, whatever
// their files are called. "" for none.
func measured(s *workload.Series) string {
	if s == nil {
		return ""
	}
	sum := sha256.Sum256(fmt.Append(nil, *s))
	return "measured " + hex.EncodeToString(sum[:4])
}

// running is the part of the week in which an environment runs; "" for all of it.
func running(p *workload.Profile) string {
	if p.Scheduled == 0 {
		return ""
	}
	return unit.Percent(p.Scheduled, 2) + " of the week"
}
