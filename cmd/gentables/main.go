// Gentables makes the price and hardware tables under pricing/ from a folder
// of collected facts (one large CSV per subject, described in
// pricing/README.md):
//
//	go run ./cmd/gentables -from DIR -to pricing
//
// Prices are copied character for character; rows are split by region and
// sorted. The rules that decide which usage rows may be billed are in roles.go.
package main

import (
	"flag"
	"fmt"
	"os"
)

func main() {
	from := flag.String("from", "", "folder with the collected facts (required)")
	to := flag.String("to", "", "folder to write the tables to (required)")
	flag.Parse()
	if *from == "" || *to == "" || flag.NArg() > 0 {
		fmt.Fprintln(os.Stderr, "usage: gentables -from DIR -to pricing")
		os.Exit(2)
	}
	if err := run(*from, *to); err != nil {
		fmt.Fprintln(os.Stderr, "gentables:", err)
		os.Exit(1)
	}
}

// run reads every input before it writes anything.
func run(from, to string) error {
	var out tables
	for _, step := range []func(string, *tables) error{addShared, addEC2, addUsage, addManaged} {
		if err := step(from, &out); err != nil {
			return err
		}
	}
	return out.write(to)
}
