package sizing

// NodeDisks are the disks of each node of one role in one region.
type NodeDisks struct {
	Region    int     // index into Demand.Regions
	Role      string  // as Pool.Role
	Partition string  // of a database that is divided by function; "" else
	Nodes     int     // that have such disks
	Volume    string  // gp3, io2, st1, …; "local" for instance store
	RAID      int     // 0 (none), 10, 5 or 6
	Count     int     // of each node
	Bytes     float64 // of each of them where it is bought; 0 of instance store, whose size is the node's
	Usable    float64 // bytes of a node, RAID taken off
	// IOPS and Throughput, in bytes a second, are those of each that is bought; 0
	// where the volume type leaves nothing to choose.
	IOPS, Throughput float64
}

// Division is how the data of a component is divided in one region.
type Division struct {
	Region     int // index into Demand.Regions
	Partitions int // of all topics of a log, or of a database that is divided by function; 0 for none
	Shards     int // of all partitions of a database, or of an index; 0 for none
	Copies     int // of each of them, the first one included; 0 where nodes hold whole copies
	Clusters   int // over which they are spread; 0 for what is one cluster always
	// Of are the parts of each functional partition of a database, or of each topic of a
	// log; nil where there are not several.
	Of map[string]int
}

// of describes the disks of so many nodes of a pool.
func (d *disks) of(c *Task, pool NodeDisks) NodeDisks {
	pool.Volume, pool.RAID, pool.Count, pool.Usable = d.Storage.Volume, d.Storage.RAID, d.Count, d.Bytes
	if d.Storage.Volume == VolumeLocal {
		return pool
	}
	pool.Bytes = float64(d.Volume.Size)
	if v, ok := c.Limits.Volume(d.Storage.Volume); ok {
		if v.ProvisionedIOPS {
			pool.IOPS = float64(d.Volume.ProvisionedIOPS)
		}
		if v.ProvisionedThroughput {
			pool.Throughput = float64(d.Volume.ProvisionedThroughput)
		}
	}
	return pool
}

// has adds the disks of so many nodes of a role, where there are any.
func (l *Layout) has(c *Task, d *disks, pool NodeDisks) {
	if pool.Nodes > 0 && d.Count > 0 {
		l.Disks = append(l.Disks, d.of(c, pool))
	}
}

// pieces lists the disks of all servers and how the data is divided among them.
func (s *store) pieces(l *Layout, plans []shardPlan) {
	for i := range s.c.Regions {
		region := s.c.Regions[i].Index
		for k := range plans {
			p := &plans[k]
			for _, role := range s.servers(i) {
				l.has(s.c, &p.disks, NodeDisks{Region: region, Role: role, Partition: p.part.name, Nodes: p.shards})
			}
			r := &p.replicas[i]
			l.has(s.c, &r.disks, NodeDisks{Region: region, Role: "replica", Partition: p.part.name,
				Nodes: p.shards * r.n})
		}
	}
	d := Division{Region: s.c.Regions[0].Index}
	if len(plans) > 1 {
		d.Partitions, d.Of = len(plans), map[string]int{}
		for i := range plans {
			d.Of[plans[i].part.name] = plans[i].shards
		}
	}
	if s.sharding.several() {
		d.Shards = shardsOf(plans)
	}
	if d.Partitions+d.Shards > 0 {
		l.Divided = append(l.Divided, d)
	}
}
