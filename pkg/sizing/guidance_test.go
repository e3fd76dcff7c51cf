package sizing

import (
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"headroom/pkg/catalog"
)

// Every limit that the catalog reads from the guidance decides something: some kind
// names it.
func TestGuidanceIsAskedFor(t *testing.T) {
	var code strings.Builder
	files, err := filepath.Glob("*.go")
	require.NoError(t, err)
	for _, name := range files {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		text, err := os.ReadFile(name)
		require.NoError(t, err)
		code.Write(text)
	}
	for _, limits := range []any{&catalog.KafkaLimits{}, &catalog.SearchLimits{}, &catalog.QuorumLimits{}} {
		x := reflect.TypeOf(limits)
		for m := range x.Methods() {
			require.Contains(t, code.String(), "."+m.Name+"(", x)
		}
		for f := range x.Elem().Fields() {
			if f.IsExported() {
				require.Contains(t, code.String(), "."+f.Name, x)
			}
		}
	}
}
