package whatif_test

// siteCases are keys of sites and of the machines that stand there.
func siteCases() []effectCase {
	const two = "effects/site"
	other := func(s ...string) []string { return s }
	const box = "components.aachen.machines.box."
	both := other("components.web.allow.types=[box, mini]")
	at := func(key string, change ...string) effectCase {
		return effectCase{"components.site." + key, two, nil, change, ""}
	}
	return []effectCase{
		at("uplink", "components.aachen.uplink=10Gbit/s"),
		at("includes", "components.aachen.includes=[egress, zones]", "regions.aachen.zones=2"),
		at("machines.*.as", "components.virginia.machines.box.as=i4i.16xlarge"),
		at("machines.*.hosts", box+"hosts=9"),
		at("machines.*.vcpu", box+"vcpu=12"),
		{"components.site.machines.*.cores", two, append(both, "components.web.allow.min_cores=5"),
			other("components.aachen.machines.mini.cores=6"), ""},
		{"components.site.machines.*.arch", two, append(both, "components.web.allow.arch=x86_64"),
			other("components.aachen.machines.mini.arch=arm64"), ""},
		at("machines.*.memory", box+"memory=32GiB"),
		at("machines.*.network", box+"network=2Gbit/s"),
		at("machines.*.disks.class", box+"disks.class=hdd"),
		at("machines.*.disks.count", box+"disks.count=3"),
		at("machines.*.disks.size", box+"disks.size=300GB"),
		at("machines.*.disks.read_iops", box+"disks.read_iops=90000"),
		at("machines.*.disks.write_iops", box+"disks.write_iops=20000"),
		at("machines.*.like", box+"like=m6i.xlarge"),
		at("machines.*.speed", box+"speed=0.7"),
		at("machines.*.price", box+"price=$300"),
		at("machines.*.every", box+"every=hour"),
		{"components.site.machines.*.life", two, other(box+"every=once", box+"life=60"), other(box + "life=48"), ""},
	}
}
