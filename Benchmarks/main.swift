// Times of large boards: pure functions of OrketCore (`graph`), and the engine with its store (`engine`).
// `swift run -c release orket-benchmarks [graph|engine]`; figures: docs/benchmarks.md. Nothing is asserted here: tests count steps
// instead, which no load of the machine changes.

let wanted = CommandLine.arguments.dropFirst().first
if wanted != "engine" { GraphBenchmark.run() }
if wanted != "graph" { try await EngineBenchmark.run() }
