package resilience_test

import (
	"fmt"
	"os"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"headroom/pkg/bill"
	"headroom/pkg/catalog"
	"headroom/pkg/resilience"
	"headroom/pkg/sizing"
	"headroom/pkg/workload"
	"headroom/pricing"
)

func TestTry(t *testing.T) {
	name := os.Getenv("TRY")
	src, err := os.ReadFile("../../profiles/" + name + ".yaml")
	require.NoError(t, err)
	p, err := workload.Parse(name, src, sizing.Specs(), os.ReadFile)
	require.NoError(t, err)
	cat, err := catalog.Open(pricing.FS)
	require.NoError(t, err)
	r, err := bill.Make(p, cat, bill.Request{})
	require.NoError(t, err)
	f, err := cat.Facts()
	require.NoError(t, err)
	start := time.Now()
	a, err := resilience.Assess(r.Plan, f, resilience.Options{})
	require.NoError(t, err)
	fmt.Println(time.Since(start))
	for _, x := range a.Rows {
		fmt.Printf("%-45s now %.3f/%.3f auto %.3f/%.3f hand %.3f/%.3f %-10s %-7s down %v loss %v unp %v buf %v\n", x.Scenario, x.Now.Reads, x.Now.Writes, x.Auto.Reads, x.Auto.Writes, x.Hand.Reads, x.Hand.Writes, x.Outcome, x.By, x.Down, x.Losses, len(x.Unprotected), x.Buffer)
		if x.Outcome != "unaffected" {
			fmt.Println("      ", x.Parts)
		}
	}
	for _, x := range a.Aims {
		fmt.Printf("%+v got %v\n", x, x.Got)
	}
	for _, x := range a.Findings {
		fmt.Println(x)
	}
	for _, x := range a.Points {
		fmt.Println(x)
	}
	for _, x := range a.Availability {
		fmt.Printf("%s %s %v %v %v\n", x.Figure, x.Class, x.Writes, x.Missing, x.Basis)
		if x.Part != nil {
			fmt.Println(*x.Part, *x.Users)
		}
	}
	fmt.Println(a.Success, a.Full)
}
