package main

import (
	"fmt"
	"strconv"
	"strings"
)

// raise puts later EBS limits of instance types in the place of those of 2023, and
// adds the types that were not in that list. Throughput in MB/s, burst and baseline
// are copied; whether a type bursts is not said there.
func raise(from string, in *input) error {
	later, err := read(from, "2026-11/instance_limits.csv")
	if err != nil {
		return err
	}
	at := map[string]int{}
	for i, r := range in.rows {
		at[in.named(r)["instance_type"]] = i
	}
	for _, r := range later.rows {
		c := later.named(r)
		is := c["ebs_versus_project_table"]
		if is == "" || is == same {
			continue // no figures, or the same as in 2023
		}
		i, known := at[c["instance_type"]]
		if known != (is == differs) {
			return fmt.Errorf("EBS limits of %s: the source says %s, which is not so", c["instance_type"], is)
		}
		in.add(c["instance_type"], c["ebs_baseline_mbps"], c["ebs_maximum_mbps"], c["ebs_baseline_mb_s"],
			c["ebs_maximum_mb_s"], c["ebs_baseline_iops"], c["ebs_maximum_iops"], "", c["as_of"], c["source"])
		if known {
			in.rows[i] = in.rows[len(in.rows)-1]
			in.rows = in.rows[:len(in.rows)-1]
		}
	}
	return nil
}

// quotas keeps the defaults that a plan can run into, in the form of the other
// limits.
func quotas(in *input) (*input, error) {
	out := &input{header: "item,value,unit,as_of,source,note"}
	for _, want := range []struct{ service, quota, unit, item, note string }{
		{"vpc", "NAT gateways per Availability Zone", "gateways", "NAT gateways per zone", ""},
		{"vpc", "Elastic IP addresses per Region", "addresses", "Elastic IP addresses per region", ""},
		{"ec2", "New regional Reserved Instances", "instances", "new reserved instances per region and month", ""},
		{"ec2", "New zonal Reserved Instances", "instances", "new reserved instances per zone and month", ""},
		{"ec2", "Running On-Demand Standard (A, C, D, H, I, M, R, T, Z) instances", "vCPU",
			"running on-demand standard instances (A C D H I M R T Z)",
			"weak: of new accounts, from two lists of others; AWS documents no number and older accounts have more"},
	} {
		found := 0
		for _, r := range in.rows {
			c := in.named(r)
			if c["service"] == want.service && c["quota"] == want.quota && c["source"] != "ACCT" {
				out.add(want.item, c["value"], want.unit, c["as_of"], c["source"], want.note)
				found++
			}
		}
		if found != 1 {
			return nil, fmt.Errorf("the quota %q is there %d times", want.quota, found)
		}
	}
	return out, nil
}

// pods keeps how many pods a node of each type may have, with the two figures that it
// follows from: each address of each interface but the interface's own, and two pods that
// use the node's. A row that does not follow from them is a mistake.
func pods(in *input) (*input, error) {
	out := &input{header: "instance_type,enis,addresses_per_eni,max_pods,as_of,source"}
	for _, r := range in.rows {
		c := in.named(r)
		var n [3]int
		for i, col := range []string{"enis_default_card", "ipv4_per_eni", "max_pods"} {
			var err error
			if n[i], err = strconv.Atoi(c[col]); err != nil {
				return nil, fmt.Errorf("pods of %s: %w", c["instance_type"], err)
			}
		}
		if n[0]*(n[1]-1)+2 != n[2] {
			return nil, fmt.Errorf("pods of %s: %d interfaces with %d addresses do not make %d", c["instance_type"],
				n[0], n[1], n[2])
		}
		source, _, _ := strings.Cut(c["source"], "+") // the second one confirms it
		out.add(c["instance_type"], c["enis_default_card"], c["ipv4_per_eni"], c["max_pods"], c["as_of"], source)
	}
	return out, nil
}
