// Gentables makes the price and hardware tables under pricing/ from a folder
// of collected facts (one large CSV per subject, described in
// pricing/README.md), and their compact form, from which the program reads:
//
//	go run ./cmd/gentables -from DIR -to pricing
//
// Prices are copied character for character; rows are split by region and
// sorted. The rules that decide which usage rows may be billed are in roles.go.
// The compact form alone is made from the tables by go generate ./pricing, which
// runs
//
//	gentables -compact pricing
package main

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"

	"headroom/pkg/catalog"
)

func main() {
	from := flag.String("from", "", "folder with the collected facts")
	to := flag.String("to", "", "folder to write the tables to")
	compact := flag.String("compact", "", "folder of tables whose compact form is made anew")
	flag.Parse()
	var err error
	switch {
	case *from != "" && *to != "" && *compact == "" && flag.NArg() == 0:
		err = run(*from, *to)
	case *from == "" && *to == "" && *compact != "" && flag.NArg() == 0:
		err = storeCompact(*compact)
	default:
		fmt.Fprintln(os.Stderr, "usage: gentables -from DIR -to pricing\n       gentables -compact pricing")
		os.Exit(2)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "gentables:", err)
		os.Exit(1)
	}
}

// run reads every input before it writes anything.
func run(from, to string) error {
	var out tables
	for _, step := range []func(string, *tables) error{addShared, addEC2, addUsage, addManaged, addLater} {
		if err := step(from, &out); err != nil {
			return err
		}
	}
	if err := out.write(to); err != nil {
		return err
	}
	return storeCompact(to)
}

// storeCompact writes the compact form of the tables beside them.
func storeCompact(dir string) error {
	data, err := catalog.MakeCompact(os.DirFS(dir))
	if err != nil {
		return err
	}
	return store(filepath.Join(dir, catalog.CompactName), data)
}
