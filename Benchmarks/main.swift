// Times of pure functions of OrketCore on large boards; `swift run -c release orket-benchmarks`. Figures: docs/benchmarks.md.
// Nothing is asserted here: tests count steps instead, which no load of the machine changes.

// OrketCore rounds, but imports nothing: the linker finds the C library's part for it only when somebody else does.
internal import Glibc
internal import OrketCore

GraphBenchmark.run()
