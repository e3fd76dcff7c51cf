//go:build unix

package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"syscall"
	"testing"
	"time"
)

// BenchmarkEstimate runs the whole program, from its start to its end, on one
// core, and reports milliseconds and the most memory it had (resident, MB of
// 10⁶ bytes). The aims are 50 ms and 50 MB for the reference estimates.
//
// The kernel counts what the benchmark itself held when it started the
// process into the maximum, so that the memory is an upper bound.
func BenchmarkEstimate(b *testing.B) {
	program := filepath.Join(b.TempDir(), "headroom")
	build := exec.Command("go", "build", "-o", program, ".")
	if out, err := build.CombinedOutput(); err != nil {
		b.Fatalf("go build: %v\n%s", err, out)
	}
	for _, c := range []struct {
		name string
		args []string
	}{
		{"default", []string{"estimate"}},
		{"references", []string{"estimate", "reference-small", "reference-medium", "reference-large"}},
		{"reference-small", []string{"estimate", "reference-small"}},
		{"reference-medium", []string{"estimate", "reference-medium"}},
		{"reference-large", []string{"estimate", "reference-large"}},
	} {
		b.Run(c.name, func(b *testing.B) { process(b, program, c.args) })
	}
}

// process runs a program b.N times and reports the mean time and the most
// memory.
func process(b *testing.B, program string, args []string) {
	if pin, err := exec.LookPath("taskset"); err == nil && runtime.GOOS == "linux" {
		program, args = pin, append([]string{"-c", "0", program}, args...)
	}
	home := b.TempDir()
	peak := int64(0)
	var elapsed time.Duration
	for b.Loop() {
		cmd := exec.Command(program, args...)
		cmd.Dir = home
		cmd.Env = []string{"HOME=" + home, "GOMAXPROCS=1"}
		cmd.Stderr = os.Stderr
		start := time.Now()
		if err := cmd.Run(); err != nil {
			b.Fatalf("%v: %v", args, err)
		}
		elapsed += time.Since(start)
		if use, ok := cmd.ProcessState.SysUsage().(*syscall.Rusage); ok {
			peak = max(peak, int64(use.Maxrss)*maxrssUnit())
		}
	}
	b.ReportMetric(float64(elapsed.Microseconds())/1000/float64(b.N), "ms/process")
	b.ReportMetric(float64(peak)/1e6, "MB")
	b.ReportMetric(0, "ns/op") // the same as ms/process
}

// maxrssUnit is the bytes of one unit of ru_maxrss: getrusage(2) counts in
// kilobytes, on Apple's systems in bytes.
func maxrssUnit() int64 {
	if runtime.GOOS == "darwin" || runtime.GOOS == "ios" {
		return 1
	}
	return 1024
}
