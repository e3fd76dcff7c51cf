package plan

import "headroom/pkg/sizing"

// Binding is the limit that decided a layout's size: of several pools, that of
// the pool with the most nodes, then the tightest.
func Binding(l *sizing.Layout) (sizing.RegionLimit, bool) {
	var best sizing.RegionLimit
	found := false
	for _, x := range l.Limits {
		if !x.Binding {
			continue
		}
		tighter := x.Utilisation()/x.Target > best.Utilisation()/best.Target
		if !found || x.Nodes > best.Nodes || x.Nodes == best.Nodes && tighter {
			best, found = x, true
		}
	}
	return best, found
}
