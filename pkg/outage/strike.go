package outage

// comeBack is that a lost region is there again with all that it had, and that who led there
// first leads again.
func (d *damage) comeBack(s *System, region int) {
	d.back[region] = true
	d.dark[region], d.burnt[region], d.moved[region] = false, false, false
	clear(d.zones[region])
	for i := range s.Parts {
		for k := range s.Parts[i].Pools {
			if s.Parts[i].Pools[k].Region == region {
				d.out[i][k] = out{}
			}
		}
	}
}

// disks fails so many disks of a node of each pool that a function names; all nodes on one
// server have the same disks.
func (d *damage) disks(s *System, number int, of func(part, pool int) bool) {
	for i := range s.Parts {
		for k := range s.Parts[i].Pools {
			x := &s.Parts[i].Pools[k]
			if !of(i, k) || !x.Data || x.Nodes == 0 || x.Disks.Memory || number <= x.Disks.Tolerates {
				continue
			}
			nodes := 1
			if x.Host != "" && x.Disks.Local {
				nodes = x.Nodes
			}
			d.lose(s, i, k, nodes, true)
		}
	}
}

// shrink leaves of the nodes that follow the load in a region only those that run in the hour
// with the fewest: as a peak comes, none can be added. They stay as even over the pools as
// whole nodes can be. Callers do not ask those that never came.
func (d *damage) shrink(s *System, region int) {
	for i := range s.Parts {
		p := &s.Parts[i]
		if len(p.Least) == 0 {
			continue
		}
		stay := make([]int, len(p.Pools))
		for range min(p.Least[region], p.all(region)) {
			to := -1
			for k := range p.Pools {
				x := &p.Pools[k]
				if x.Region == region && stay[k] < x.Nodes && (to < 0 || stay[k] < stay[to]) {
					to = k
				}
			}
			stay[to]++
		}
		for k := range p.Pools {
			if n := p.Pools[k].Nodes - stay[k]; p.Pools[k].Region == region && n > 0 {
				d.out[i][k].absent += n
				d.lose(s, i, k, n, false)
			}
		}
	}
}
