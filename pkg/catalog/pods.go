package catalog

import (
	"fmt"
	"math"
)

// podsTable has how many pods a Kubernetes node of each type may have.
const podsTable = "hardware/pods_per_node.csv"

// MaxPods is how many pods a Kubernetes node of a type may have where each has an address of
// the VPC: network interfaces × (addresses − 1) + 2 (aws/amazon-vpc-cni-k8s). It is false
// for types that the table does not have. The error is that of a table that cannot be read.
func (c *Catalog) MaxPods(instanceType string) (pods int, known bool, _ error) {
	table, err := c.maxPods.get(func() (map[string]int, error) { return loadMaxPods(c.readTable) })
	if err != nil {
		return 0, false, err
	}
	pods, known = table[instanceType]
	return pods, known, nil
}

// loadMaxPods reads the table. A number that is not whole and above zero, and a type that
// occurs twice, are mistakes.
func loadMaxPods(read readTables) (map[string]int, error) {
	r, at, err := openTable(read, podsTable, []string{"instance_type", "max_pods"})
	if err != nil {
		return nil, err
	}
	out := make(map[string]int, r.t.len())
	for r.next() {
		name, n := r.text(at[0]), r.number(at[1])
		if _, twice := out[name]; twice || name == "" {
			r.fail(at[0], fmt.Sprintf("the type %q is blank or occurs twice", name))
		}
		if n != math.Trunc(n) {
			r.fail(at[1], "a whole number is needed")
		}
		out[name] = int(n)
	}
	return out, r.ps.Err()
}
