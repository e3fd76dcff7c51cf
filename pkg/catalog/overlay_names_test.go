package catalog

import (
	"errors"
	"testing"

	"github.com/stretchr/testify/require"

	"headroom/pkg/diag"
)

// overlayProblems is what is wrong with an overlay on the first of March 2027, with
// the hints.
func overlayProblems(t *testing.T, v *Vintage, text string) string {
	t.Helper()
	_, err := v.WithOverlay("own.csv", []byte(text), "2027-03-01")
	var ps diag.Problems
	require.True(t, errors.As(err, &ps), "%T %v", err, err)
	said := err.Error()
	for _, p := range ps {
		require.NotEmpty(t, p.Summary)
		said += "; " + p.Hint
	}
	return said
}

// A row that names nothing would price nothing.
func TestOverlayNamesAndDatesExist(t *testing.T) {
	const ec2 = "region,instance_type,on_demand_hourly,as_of,source\n"
	const use = "region,service,item,unit,tier_from,tier_to,price_usd,as_of,source\n"
	const managed = "service,engine,deployment,region,node_type,on_demand_hourly,as_of,source\n"
	v, err := openTables(t).Vintage("")
	require.NoError(t, err)
	for _, x := range []struct{ name, text, want string }{
		{"no such region", ec2 + "us-esat-1,m7g.large,1,2026-08-01,x\n",
			"own.csv:2:1: no price table has the region \"us-esat-1\"; did you mean us-east-1?"},
		{"no such type", ec2 + "us-east-1,M7G.large,1,2026-08-01,x\n",
			"own.csv:2:11: instance type \"M7G.large\" is not known; did you mean m7g.large?"},
		{"no such service", use + "us-west-2,s33,standard storage,GB-month,,,1,2026-08-01,x\n",
			"own.csv:2:11: no price table has the service \"s33\"; did you mean s3?"},
		{"no such item", use + "us-west-2,elb,ALB LCU hour,LCU-hour,,,1,2026-08-01,x\n",
			"own.csv:2:15: the service elb has no item \"ALB LCU hour\"; did you mean ALB LCU-hour?"},
		{"unit of other regions", use + "ap-southeast-6,elb,ALB LCU-hour,hour,,,1,2026-08-01,x\n",
			"own.csv:2:33: elb ALB LCU-hour is priced per \"LCU-hour\" in the tables, not per \"hour\""},
		{"no such engine", managed + "rds,mysqll,multi-az,us-east-1,db.m7g.large,1,2026-08-01,x\n",
			"own.csv:2:5: the service rds has no engine \"mysqll\"; did you mean mysql?"},
		{"no such deployment", managed + "rds,mysql,multiaz,us-east-1,db.m7g.large,1,2026-08-01,x\n",
			"did you mean multi-az?"},
		{"no such node", managed + "rds,mysql,multi-az,us-east-1,db.m7g.lrage,1,2026-08-01,x\n",
			"did you mean db.m7g.large?"},
		{"no such day", ec2 + "us-east-1,m7g.large,0.1,2026-02-30,x\n",
			"own.csv:2:25: as_of \"2026-02-30\" is not a date"},
		{"a day to come", ec2 + "us-east-1,m7g.large,0.1,2027-03-02,x\n",
			"own.csv:2:25: as_of 2027-03-02 is in the future, after 2027-03-01"},
		{"a month to come", ec2 + "us-east-1,m7g.large,0.1,2027-04,x\n", "is in the future"},
	} {
		t.Run(x.name, func(t *testing.T) {
			require.Contains(t, overlayProblems(t, v, x.text), x.want)
		})
	}
}
