package plan

import (
	"fmt"
	"slices"
	"strings"

	"headroom/pkg/capacity"
	"headroom/pkg/sizing"
)

// Infeasible says that no allowed node type carries a component, and which
// came nearest.
type Infeasible struct {
	Component string
	Nearest   *sizing.Rejection // of the limit that most fail on; nil where no type was allowed at all
	// Hosts are the nearest of each other machine where that limit is the hosts that there are: each
	// has a number of its own, which its site may raise.
	Hosts   []*sizing.Rejection
	Failing int // layouts that fail on it
	Tried   int
}

func (e *Infeasible) Error() string {
	if e.Nearest == nil {
		return fmt.Sprintf("component %s: no node type is allowed and priced in every region; loosen its allow:",
			e.Component)
	}
	if e.Tried == 1 {
		return fmt.Sprintf("component %s: %s", e.Component, e.Nearest)
	}
	name := "one"
	if e.Nearest.Type != nil {
		name = strings.TrimSpace(e.Nearest.Type.Name + " " + e.Nearest.Storage.String())
	}
	cannot := "carries its load"
	if e.Purchase() {
		cannot = "can be bought as it is to be"
	}
	text := fmt.Sprintf("component %s: none of %d layouts %s; %d fail on %s, the nearest of them %s: %s",
		e.Component, e.Tried, cannot, e.Failing, e.Nearest.Resource, name, e.Nearest)
	for _, rej := range e.Hosts {
		text += fmt.Sprintf("; %s: %s", rej.Type.Name, rej)
	}
	return text
}

// Purchase tells whether the machines would do, but not the ways to buy them.
func (e *Infeasible) Purchase() bool {
	return e.Nearest != nil && (e.Nearest.Resource == purchaseTerm || e.Nearest.Resource == purchaseBounds)
}

// misses counts what layouts fail on.
type misses struct {
	names []string // in the order of finding
	by    map[string]*miss
}

type miss struct {
	n       int
	nearest *sizing.Rejection
	hosts   []*sizing.Rejection // the nearest of each machine, where it fails on hosts
}

// addHosts keeps the nearest of each machine.
func (x *miss) addHosts(rej *sizing.Rejection) {
	k := slices.IndexFunc(x.hosts, func(o *sizing.Rejection) bool { return o.Type.Name == rej.Type.Name })
	switch {
	case k < 0:
		x.hosts = append(x.hosts, rej)
	case rej.Miss() < x.hosts[k].Miss():
		x.hosts[k] = rej
	}
}

func (m *misses) add(rej *sizing.Rejection) {
	x := m.by[rej.Resource]
	if x == nil {
		if m.by == nil {
			m.by = map[string]*miss{}
		}
		x = &miss{nearest: rej}
		m.by[rej.Resource] = x
		m.names = append(m.names, rej.Resource)
	}
	x.n++
	if rej.Resource == capacity.Hosts.Name && rej.Type != nil {
		x.addHosts(rej)
	}
	if rej.Miss() < x.nearest.Miss() {
		x.nearest = rej
	}
}

// infeasible names the limit that most layouts fail on and who comes nearest to
// it: the nearest of all may be a machine that is too small in every way and
// fails on the first thing that was looked at.
func (m *misses) infeasible(component string, tried int) *Infeasible {
	e := &Infeasible{Component: component, Tried: tried}
	for _, name := range m.names {
		if x := m.by[name]; x.n > e.Failing {
			e.Failing, e.Nearest, e.Hosts = x.n, x.nearest, nil
			for _, rej := range x.hosts {
				if rej.Type != x.nearest.Type {
					e.Hosts = append(e.Hosts, rej)
				}
			}
		}
	}
	return e
}
