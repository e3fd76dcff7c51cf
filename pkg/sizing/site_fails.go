package sizing

import "strconv"

// fails are the servers of which the machines are parts, and what lies on the disks.
func (s *Site) fails(*Task, *Layout) Failing {
	x := &FailingSite{Ephemeral: s.Ephemeral.V}
	for _, e := range s.Machines {
		if e.V.Server != nil {
			x.Servers = append(x.Servers, Server{Machine: e.Key, Name: e.V.Server.V})
		}
	}
	if s.Files != nil {
		level, _ := strconv.Atoi(s.Files.RAID.V) // one of the levels, as the profile was checked
		x.Files = &Files{Tolerates: raidTolerates(level), Ephemeral: s.Files.Ephemeral.V || s.Ephemeral.V,
			Bytes: stated(s.Files.Size, 0)}
	}
	return Failing{Billed: true, Site: x}
}
