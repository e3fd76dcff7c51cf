package catalog

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"os"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/require"
)

func TestVerifyTables(t *testing.T) {
	require.Empty(t, Verify(os.DirFS("../../pricing")))
}

// reseal writes the digest of a changed file into the manifest, so that only
// the checks of content can find the change.
func reseal(files fstest.MapFS, path string) {
	sum := sha256.Sum256(files[path].Data)
	lines := strings.Split(string(files[ManifestName].Data), "\n")
	for i, l := range lines {
		if strings.HasPrefix(l, path+",") {
			lines[i] = l[:strings.LastIndexByte(l, ',')+1] + hex.EncodeToString(sum[:])
		}
	}
	files[ManifestName].Data = []byte(strings.Join(lines, "\n"))
}

func TestVerifyFindsDamage(t *testing.T) {
	if testing.Short() {
		t.Skip("all of it one after the other: the race detector would find nothing and take minutes")
	}
	const ec2 = "2026-07-20/ec2/us-east-1.csv"
	const usage = "2026-07-20/usage/us-east-1.csv"
	const managed = "2026-07-20/managed/us-east-1.csv"
	for _, x := range []struct{ name, path, old, new, want string }{
		{"reserved above on demand", ec2, "us-east-1,m7g.large,0.081600", "us-east-1,m7g.large,0.050000",
			"reserved-1y-none is not below on demand"},
		{"price is no number", ec2, "us-east-1,m7g.large,0.081600", "us-east-1,m7g.large,O.081600",
			"is not a plain decimal number"},
		{"spot at on demand without a note", ec2, "0.0367,2024-08-09,C24,64", "0.0816,2024-08-09,C24,64",
			"spot is not below on demand"},
		{"source unknown", ec2, "us-east-1,m7g.large,0.081600,2026-07-20,K26",
			"us-east-1,m7g.large,0.081600,2026-07-20,K99", "the sources are"},
		{"no date", ec2, "us-east-1,m7g.large,0.081600,2026-07-20", "us-east-1,m7g.large,0.081600,",
			"on-demand has no date"},
		{"band", ec2, "C24,64,10-15%", "C24,64,10-17%", "interruption band"},
		{"unsorted", ec2, "us-east-1,m7g.large,", "us-east-1,m7h.large,", "is not sorted"},
		{"wrong region", ec2, "us-east-1,m7g.large,", "us-east-2,m7g.large,", "not of the region us-east-1"},
		{"annual all upfront", ec2, ",65239.33,", ",65239.34,", "× 8760"},
		{"other sources' term", ec2, "16.4137400000", "16.4137500000", "reserved-1y-none of x2iedn.32xlarge"},
		{"dedicated", ec2, "dedicated-tenancy price ", "dedicated-tenancy price 0.", "is not above the public price"},
		{"tier gap", usage, "out to internet,GB,51200,153600", "out to internet,GB,51201,153600",
			"the tiers do not join"},
		{"second source differs", usage, "out to internet (second source),GB,0,10240,0.09",
			"out to internet (second source),GB,0,10240,0.08", "the second source has"},
		{"annual differs", usage, "gp3 storage (annual),GiB-year,,,0.96", "gp3 storage (annual),GiB-year,,,0.97",
			"the second source has 0.97"},
		{"unit", usage, "gp3 storage,GB-month", "gp3 storage,GB-hour",
			"ebs gp3 storage is billed per GB-month, not per GB-hour"},
		{"role", usage, "single source,bill", "single source,pay", `the role is "pay"`},
		{"second source billed", usage,
			`out to internet (second source),GB,0,10240,0.09,2024-09-25,` +
				`I24:data_transfer,"cost/quantity of the test output, exact",check`,
			`out to internet,GB,0,10240,0.09,2024-09-25,` +
				`I24:data_transfer,"cost/quantity of the test output, exact",bill`, "the tiers do not join"},
		{"managed", managed, "db.r6g.large,,,0.4500000000", "db.r6g.large,,,0.1000000000", "is not below on demand"},
	} {
		t.Run(x.name, func(t *testing.T) {
			files := copyTables(t)
			before := string(files[x.path].Data)
			after := strings.Replace(before, x.old, x.new, 1)
			require.NotEqual(t, before, after, "the test changes nothing")
			files[x.path].Data = []byte(after)
			reseal(files, x.path)
			require.Contains(t, fmt.Sprint(Verify(files).Err()), x.want)
		})
	}
}

func TestVerifyFindsStraysAndGaps(t *testing.T) {
	files := copyTables(t)
	files["2026-07-20/ec2/moon-1.csv"] = &fstest.MapFile{Data: []byte("region\n")}
	files[CompactName] = &fstest.MapFile{Data: []byte(compactMagic)}
	require.Contains(t, Verify(files).Error(), "compact.bin: the compact form is not what the tables give")
	delete(files, "limits/ebs_volumes.csv")
	files[ManifestName].Data = []byte(strings.Replace(string(files[ManifestName].Data), ",1093,", ",1094,", 1))
	got := fmt.Sprint(Verify(files).Err())
	require.Contains(t, got, "2026-07-20/ec2/moon-1.csv: the file is not in manifest.csv")
	require.Contains(t, got, "limits/ebs_volumes.csv")
	require.Contains(t, got, "the table has 1093 rows, the manifest says 1094")
	require.NotEmpty(t, Verify(fstest.MapFS{}))
}
