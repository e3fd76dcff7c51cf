package whatif

import (
	"fmt"
	"regexp"
	"strings"

	"headroom/pkg/bill"
	"headroom/pkg/money"
)

// Figures are the plan at one set of inputs in short.
type Figures struct {
	Total      bill.Cost        `json:"total"`
	Users      float64          `json:"users"`
	PerUser    *float64         `json:"per_user,omitempty"`             // dollars a user and month
	PerMillion *float64         `json:"per_million_requests,omitempty"` // dollars a million requests
	NodesMin   int              `json:"nodes_min"`
	NodesMax   int              `json:"nodes_max"`
	Unpriced   int              `json:"unpriced"` // needs without a price: the total is a lower bound
	Components []ComponentState `json:"components"`
}

// ComponentState is a component in one plan.
type ComponentState struct {
	Name     string    `json:"name"`
	System   string    `json:"system"`
	Machine  string    `json:"machine"`
	Storage  string    `json:"storage"`
	Nodes    string    `json:"nodes"`     // "3+3" by pool, "2–5" for what scales
	Brief    string    `json:"structure"` // partitions, shards, copies
	Binds    string    `json:"binds"`     // the limit that decides the size
	Purchase string    `json:"purchase"`  // terms of its nodes
	Cost     bill.Cost `json:"cost"`
}

// figures sums an estimate up.
func figures(e *bill.Estimate) Figures {
	f := Figures{Total: e.Total, Unpriced: len(e.Unpriced), Components: make([]ComponentState, 0, len(e.Parts))}
	costs := map[string]bill.Cost{}
	var layers []ComponentState // of adjustments, in their order
	terms := map[string][]string{}
	for i := range e.Lines {
		l := &e.Lines[i]
		if l.Term == bill.AdjustmentTerm {
			layers = addLayer(layers, l)
			continue
		}
		costs[l.Component] = costs[l.Component].Plus(l.Cost)
		if l.Category == "compute" && !strings.Contains(strings.Join(terms[l.Component], " "), l.Term) {
			terms[l.Component] = append(terms[l.Component], l.Term)
		}
	}
	for _, p := range e.Parts {
		s := ComponentState{Name: p.Name, System: p.System, Machine: p.Machine, Storage: p.Storage,
			Brief: p.Brief.String(), Binds: p.Binds, Purchase: strings.Join(terms[p.Name], ", "), Cost: costs[p.Name]}
		if p.Machine != "" { // else the nodes are another's
			s.Nodes = nodes(p.Pools)
			for _, pool := range p.Pools {
				f.NodesMin += pool.Min
				f.NodesMax += pool.Max
			}
		}
		f.Components = append(f.Components, s)
	}
	f.Components = append(f.Components, layers...)
	if d := e.Demand; d != nil {
		f.Users = d.Users
		f.PerUser = ratio(e.Total.Expected, d.Users)
		f.PerMillion = ratio(e.Total.Expected, d.MonthlyReqs/1e6)
	}
	return f
}

// addLayer adds a line of an adjustment, of which there is one in each region,
// to the layer of its name. No component has a space in its name.
func addLayer(layers []ComponentState, l *bill.Line) []ComponentState {
	name := "adjustment " + l.System
	for i := range layers {
		if layers[i].Name == name {
			layers[i].Cost = layers[i].Cost.Plus(l.Cost)
			return layers
		}
	}
	return append(layers, ComponentState{Name: name, System: l.System, Cost: l.Cost})
}

// ratio is dollars by a quantity, nil by nothing.
func ratio(a money.Amount, by float64) *float64 {
	if !(by > 0) {
		return nil
	}
	x := a.Float64() / by
	return &x
}

// nodes writes the nodes of all pools in their order.
func nodes(pools []bill.Pool) string {
	parts := make([]string, len(pools))
	for i, p := range pools {
		parts[i] = fmt.Sprint(p.Max)
		if p.Min != p.Max {
			parts[i] = fmt.Sprintf("%d–%d", p.Min, p.Max)
		}
	}
	return strings.Join(parts, "+")
}

var figureInBinds = regexp.MustCompile(` –| \d+ %`)

// limit is what binds without how much of it is used.
func (s *ComponentState) limit() string { return figureInBinds.ReplaceAllString(s.Binds, "") }

// structure is what grows in steps that somebody has to plan: not the number of
// nodes.
func (s *ComponentState) structure() string { return s.Machine + "|" + s.Storage + "|" + s.Brief }

// changes says what is another in the second state: always type, storage,
// structure, binding limit and purchase, and where wanted the number of nodes.
func changes(a, b *ComponentState, counts bool) []string {
	var out []string
	add := func(what, was, is string) {
		if was != is {
			out = append(out, what+arrow(orNone(was), orNone(is)))
		}
	}
	add("", a.Machine, b.Machine)
	if a.Brief == b.Brief { // which else names it
		add("storage ", a.Storage, b.Storage)
	}
	if counts {
		add("nodes ", a.Nodes, b.Nodes)
	}
	add("", a.Brief, b.Brief)
	if was, is := a.limit(), b.limit(); was != is {
		out = append(out, "binds "+orNone(was)+" → "+orNone(is))
	}
	add("bought ", a.Purchase, b.Purchase)
	return out
}

// arrow writes "a → b" with what both begin or end with, word by word, written
// once where they have as many words: "5 → 7 shards × 2 copies".
func arrow(was, is string) string {
	a, b := strings.Fields(was), strings.Fields(is)
	same, tail := "", ""
	if len(a) != len(b) {
		return was + " → " + is
	}
	for len(a) > 1 && len(b) > 1 && a[0] == b[0] {
		same, a, b = same+a[0]+" ", a[1:], b[1:]
	}
	for len(a) > 1 && len(b) > 1 && a[len(a)-1] == b[len(b)-1] {
		tail, a, b = " "+a[len(a)-1]+tail, a[:len(a)-1], b[:len(b)-1]
	}
	return same + strings.Join(a, " ") + " → " + strings.Join(b, " ") + tail
}

func orNone(s string) string {
	if s == "" {
		return "none"
	}
	return s
}

// component finds a component by name.
func (f *Figures) component(name string) *ComponentState {
	for i := range f.Components {
		if f.Components[i].Name == name {
			return &f.Components[i]
		}
	}
	return nil
}
