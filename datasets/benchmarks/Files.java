//FILES datasets/benchmarks/c-reference-timings-retpoline.csv=c-reference-timings-retpoline.csv
//FILES datasets/benchmarks/c-reference-timings.csv=c-reference-timings.csv
//FILES datasets/benchmarks/published-timings.csv=published-timings.csv
//FILES datasets/benchmarks/run-2026-11-25.csv=run-2026-11-25.csv
