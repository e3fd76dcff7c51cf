package sizing

// Volumes is a part of the spec of a component that keeps data on disks: those that it
// may have.
type Volumes struct {
	// Volumes that may be chosen; local is instance store and needs a second copy in the primary's
	// region.
	Storage []string `yaml:"storage" enum:"gp2|gp3|io1|io2|local"`
	// RAID levels that may be chosen.
	RAID []string `yaml:"raid" enum:"none|10|5|6"`
}

// storages are all layouts that may be chosen.
func (v *Volumes) storages() []Storage {
	levels := []int{0}
	if len(v.RAID) > 0 {
		levels = levels[:0]
		for _, r := range v.RAID {
			levels = append(levels, map[string]int{"none": 0, "10": 10, "5": 5, "6": 6}[r])
		}
	}
	var out []Storage
	for _, volume := range v.Storage {
		for _, l := range levels {
			out = append(out, Storage{Volume: volume, RAID: l})
		}
	}
	return out
}

// storagesOf are the volumes that a profile allows, else all that a kind may have.
func storagesOf(allowed []string, all ...string) []Storage {
	if len(allowed) > 0 {
		all = allowed
	}
	out := make([]Storage, len(all))
	for i, v := range all {
		out[i].Volume = v
	}
	return out
}
