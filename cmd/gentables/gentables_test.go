package main

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
)

const usageHead = "region,service,item,unit,tier_from,tier_to,price_usd,as_of,source,note\n"

func usageInput(t *testing.T, rows string) *input {
	t.Helper()
	dir := t.TempDir()
	require.NoError(t, os.WriteFile(filepath.Join(dir, "u.csv"), []byte(usageHead+rows), 0o600))
	in, err := read(dir, "u.csv")
	require.NoError(t, err)
	return in
}

// One row for each rule, and one that no rule catches.
func TestRoles(t *testing.T) {
	in := usageInput(t, `r,data-transfer,"between AZs (intra-region), each direction",GB,,,0.01,2024-09-25,I24,
r,data-transfer,"between AZs, in",GB,,,0.01,2024-08-09,C24,
r,data-transfer,"between AZs, out",GB,,,0.01,2024-08-09,C24,
r,data-transfer,out to internet (second source),GB,0,10240,0.09,2024-09-25,I24,
r,data-transfer,to another US East region,GB,,,0.01,2024-09-25,I24,
r,ebs,gp3 storage (annual),GiB-year,,,0.96,2026-05-13,N26Z,
r,fargate,Linux x86 vCPU,vCPU-month of 730 h,,,29.55,2025-07-07,I24,
r,fargate,Linux x86 vCPU-hour,hour,,,0.0404800000,2026-09-03,CM26,
r,msk,Kafka.Storage.GP2 (RunVolume),as-published,,,0.1,2025-04-04,Y25M,
r,msk,Kafka.Throughput (RunVolume),as-published,,,0.08,2025-04-04,Y25M,
s,fargate,Linux x86 vCPU,vCPU-month of 730 h,,,29.55,2025-07-07,I24,
`)
	require.NoError(t, assignRoles(in))
	var roles []string
	for _, r := range in.rows {
		roles = append(roles, r.line[len(r.line)-6:])
	}
	require.Equal(t, []string{",check", ",,bill", ",,bill", ",check", ",check", ",check", ",check", ",,bill",
		",,bill", ",check", ",,bill"}, roles)
	require.Equal(t, "r,msk,Kafka.Storage.GP2 (RunVolume),GB-month,,,0.1,2025-04-04,Y25M,,bill", in.rows[8].line)
	require.Equal(t, "r,fargate,Linux x86 vCPU-hour,hour,,,0.0404800000,2026-09-03,CM26,,bill", in.rows[7].line,
		"copied character for character")
}

func TestTwoRowsForOnePriceAreRefused(t *testing.T) {
	in := usageInput(t, "r,elb,ALB hour,hour,,,0.02,2026-09-21,ZS26,\nr,elb,ALB hour,hour,,,0.03,2024-07-01,I24,\n")
	require.ErrorContains(t, assignRoles(in), "may be billed by two rows")
	in = usageInput(t, "r,elb,ALB hour,hour,,,0.02,2026-09-21,ZS26,\nr,elb,ALB hour,month,100,,14.6,2024-07-01,I24,\n")
	require.ErrorContains(t, assignRoles(in), "per hour and per month")
}

func TestCellsMustNotSpanLines(t *testing.T) {
	dir := t.TempDir()
	require.NoError(t, os.WriteFile(filepath.Join(dir, "u.csv"), []byte("a\n\"x\ny\"\n"), 0o600))
	_, err := read(dir, "u.csv")
	require.ErrorContains(t, err, "must not span lines")
}

func TestMissingInputWritesNothing(t *testing.T) {
	to := filepath.Join(t.TempDir(), "pricing")
	require.Error(t, run(t.TempDir(), to))
	require.NoDirExists(t, to)
}

// The manifest is sorted and says what the rows say.
func TestWrite(t *testing.T) {
	in := usageInput(t, "s,a,x,GB,,,2,2025-01-01,B,\nr,a,x,GB,,,1,2024-01-01,A,\nr,a,w,GB,,,1,2026-01-01,B,\n")
	require.NoError(t, assignRoles(in))
	var out tables
	require.NoError(t, out.split(in, "v", "usage"))
	to := t.TempDir()
	require.NoError(t, out.write(to))
	got, err := os.ReadFile(filepath.Join(to, "v", "usage", "r.csv"))
	require.NoError(t, err)
	require.Equal(t, "region,service,item,unit,tier_from,tier_to,price_usd,as_of,source,note,role\n"+
		"r,a,w,GB,,,1,2026-01-01,B,,bill\nr,a,x,GB,,,1,2024-01-01,A,,bill\n", string(got))
	m, err := os.ReadFile(filepath.Join(to, "manifest.csv"))
	require.NoError(t, err)
	require.Regexp(t, `^path,vintage,table,region,rows,as_of_oldest,as_of_newest,sources,sha256
v/usage/r\.csv,v,usage,r,2,2024-01-01,2026-01-01,A;B,[0-9a-f]{64}
v/usage/s\.csv,v,usage,s,1,2025-01-01,2025-01-01,B,[0-9a-f]{64}
$`, string(m))
}

func TestPodsFollowFromAddresses(t *testing.T) {
	read := func(number string) (*input, error) {
		in, err := parse("pods", []byte("instance_type,enis_default_card,ipv4_per_eni,max_pods,source,as_of\n"+
			"m5.large,3,10,"+number+",CNI26+AMI26,2026-08-11\n"))
		require.NoError(t, err)
		return pods(in)
	}
	out, err := read("29")
	require.NoError(t, err)
	require.Equal(t, "m5.large,3,10,29,2026-08-11,CNI26", out.rows[0].line)
	_, err = read("30")
	require.ErrorContains(t, err, "3 interfaces with 10 addresses do not make 30")
}
