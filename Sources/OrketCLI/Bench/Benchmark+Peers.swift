import OrketCore
import OrketSandbox
import OrketSystem

extension Benchmark {
    /// The same empty program through every sandbox that is installed, as whole commands, one each in turn. `orket run` is
    /// among them, so that a command is compared with commands.
    func peers() async throws -> [Series] {
        let bench = try PeerBench(barePath: barePath)
        defer { bench.remove() }
        var racers: [(series: Series, program: BareProgram)] = []
        defer { for racer in racers { racer.program.stop() } }
        for peer in bench.installed() {
            let program = try BareProgram(path: barePath, command: peer.command)
            // One that does not work on this host at all is left out, and said so.
            if program.run(1) == nil {
                Console.talk(
                    "bench: \(peer.name) is installed but does not work here: \(peer.command.joined(separator: " "))\n")
                program.stop()
                continue
            }
            racers.append((Series(name: peer.name, cpuMs: 0), program))
        }
        let rounds = max(10, iterations / 10)
        for _ in 0..<rounds {
            for index in racers.indices {
                guard let sample = racers[index].program.run(1) else {
                    throw BenchmarkError("\(racers[index].series.name) failed in the middle of the comparison")
                }
                racers[index].series.milliseconds += sample.milliseconds
                racers[index].series.cpuMs! += sample.cpuMs / Double(rounds)
            }
            try Task.checkCancellation()
        }
        return racers.map(\.series)
    }
}
