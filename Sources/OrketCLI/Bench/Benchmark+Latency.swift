import OrketCore
import OrketSandbox
import OrketSystem

extension Benchmark {
    /// Bare, pooled and cold, one each in turn; the pool is full again before each pooled run.
    func latency() async throws -> [Series] {
        let bare = try BareProgram(path: barePath, command: [])
        defer { bare.stop() }
        return try await withShape(poolSize: 2) { pooled, _ in
            try await withShape(poolSize: 0) { cold, _ in
                var series = ["bare", "pooled", "cold"].map { Series(name: $0) }
                _ = bare.run(20)
                for _ in 0..<iterations {
                    guard let sample = bare.run(1) else { throw BenchmarkError("the bare program failed") }
                    series[0].milliseconds += sample.milliseconds
                    series[1].milliseconds.append(try await timed(pooled))
                    await pooled.warmUp()
                    series[2].milliseconds.append(try await timed(cold))
                    try Task.checkCancellation()
                }
                return series
            }
        }
    }

    /// Bare and pooled in turn, each after so long of nothing: what a server sees whose runs come one by one.
    func afterIdle(milliseconds idle: UInt64) async throws -> [Series] {
        let bare = try BareProgram(path: barePath, command: [])
        defer { bare.stop() }
        return try await withShape(poolSize: 2) { shape, _ in
            var series = ["bare", "pooled"].map { Series(name: $0) }
            for _ in 0..<max(10, iterations / 10) {
                try await Task.sleep(nanoseconds: idle * 1_000_000)
                series[0].milliseconds += bare.run(1)?.milliseconds ?? []
                await shape.warmUp()
                try await Task.sleep(nanoseconds: idle * 1_000_000)
                series[1].milliseconds.append(try await timed(shape))
            }
            return series
        }
    }
}
